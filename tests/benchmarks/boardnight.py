"""A night in a whole city for headquarters' board: planner, server, alerts, teams, shut streets."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import httpx
import orjson
import shapely

from alerts.kinds import AlertKind
from city.staff import Role
from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from operations.changes.roads import close_streets, reopen_road
from operations.chronology.entering import GivenLine, enter
from operations.missions.beginning import GivenMission, begin
from operations.serving import utc_now
from shelters.place import Opening
from tests.benchmarks.children import ROOT
from tests.benchmarks.loads import Loaded
from tests.benchmarks.running import free_port, process, until_ready
from tests.browser.alertserver import AlertDesk
from tests.browser.hqserver import Headquarters
from tests.integration.databases import Database
from tests.integration.staffed import Signed, a_tablet

CLOSED: Final = 100
PLACES: Final = 60
"""Open, each with a tablet that counts."""
TEAMS: Final = 8
"""Out; half of them are overdue."""
WAITING: Final = 3
"""Alerts that nobody has approved."""
STREETS: Final = """
SELECT ST_AsBinary(geom) FROM street s WHERE access & 1 > 0 AND NOT EXISTS
  (SELECT FROM closure c WHERE c.ended_at IS NULL AND c.geom && s.geom)
ORDER BY md5(number::text) LIMIT 200
"""
"""By chance, the same each time."""
PATIENCE_S: Final = 240.0
GENERAL: Final[dict[str, Any]] = {
    **{"kind": AlertKind.GENERAL, "hazard": None, "level": None, "areas": (), "whole_city": True},
    **{"subject": "川を見に行かない", "action": "家にいること。"},
}


@dataclass(frozen=True, slots=True)
class Night:
    """The server, whoever looks, and the streets that may yet be shut."""

    desk: AlertDesk
    officer: Signed
    streets: Sequence[Any]
    sites: Sequence[str]
    scratch: Path

    @property
    def url(self) -> str:
        """Where the server answers."""
        return self.desk.hq.url

    @contextmanager
    def counting(self, rate: float, seconds: float) -> Iterator[dict[str, Any]]:
        """Tablets send so many counts a second; what they were told is there at the end."""
        tokens = self.scratch / "tokens"
        made = (a_tablet(self.desk.engine, site).token for site in self.sites)
        tokens.write_text("\n".join(made))
        words = (self.url.rpartition(":")[2], str(tokens), str(self.scratch / "acknowledged"))
        command = [sys.executable, "-m", "tests.benchmarks.countclients", *words]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe) as tablets:
            assert tablets.stdin
            assert tablets.stdout
            tablets.stdin.write(f"{rate} {seconds}\n".encode())
            tablets.stdin.flush()
            told: dict[str, Any] = {}
            try:
                yield told
                told |= orjson.loads(tablets.stdout.readline())
            finally:
                tablets.kill()

    def turn(self, number: int, lines: int) -> str:
        """What happens in some minutes; returns the words that came last."""
        by, engine = self.officer.caller, self.desk.engine
        site = self.sites[number % len(self.sites)]
        now = Opening.FULL if number // len(self.sites) % 2 == 0 else Opening.OPEN
        changes.open_site(engine, site, now)
        street = self.streets[CLOSED + number % (len(self.streets) - CLOSED)]
        if number % 5 == 0:
            shut = close_streets(engine, [street], "倒木")
            reopen_road(engine, shut)
        for line in range(lines):
            words = f"第{number}報の{line}"
            enter(engine, by, GivenLine(uuid4(), words), now=utc_now())
        return words


@contextmanager
def night(city: Loaded, scratch: Path) -> Iterator[Night]:
    """What happened before the board is opened; planned and served."""
    port = free_port()
    database = Database("bench", city.environment["DATABASE_URL"])
    desk = AlertDesk(Headquarters(f"http://127.0.0.1:{port}", database, city.engine))
    officer = desk.hq.officer(Role.OPERATOR, Role.APPROVER)
    streets = [shapely.from_wkb(bytes(one)) for (one,) in database.rows(STREETS)]
    sites = [one for (one,) in database.rows("SELECT id FROM evacuation_site ORDER BY number")]
    made = Night(desk, officer, streets, sites[:PLACES], scratch)
    _warn(made)
    for site in made.sites:
        changes.open_site(city.engine, site, Opening.OPEN)
    close_streets(city.engine, streets[:CLOSED], "倒木")
    _send_out(made)
    with (
        process("planner", city.environment),
        process("serve", city.environment, "--port", str(port)),
    ):
        until_ready(port)
        settle(made)
        yield made


def _warn(made: Night) -> None:
    """Everybody is told to leave by two people; more waits for the second of them."""
    desk, writer = made.desk, made.desk.hq.officer(Role.OPERATOR)
    desk.adopt_words()
    desk.sent(writer, made.officer, areas=(), whole_city=True)
    for _ in range(WAITING):
        desk.submitted(writer, **GENERAL)
    names = desk.hq.database.rows("SELECT name FROM area WHERE kind = 'chome' ORDER BY number")
    changes.set_level(
        desk.engine, HazardKind.LANDSLIDE, AlertLevel(3), areas=[name for (name,) in names[:9]]
    )


def _send_out(made: Night) -> None:
    engine, by = made.desk.engine, made.officer.caller
    (area,) = made.desk.hq.database.rows("SELECT name FROM area WHERE kind = 'chome' LIMIT 1")[0]
    for number in range(TEAMS):
        actor = a_tablet(engine, None, Role.FIELD).caller.actor
        until = utc_now() + timedelta(hours=1)
        given = GivenMission(f"第{number}班", "無線 2ch", (actor,), "見回り", until, areas=(area,))
        begin(engine, by, given, now=utc_now())
    made.desk.hq.database.rows(
        "UPDATE mission SET started_at = started_at - interval '2 hours',"
        " withdraw_at = now() - interval '4 minutes' WHERE id % 2 = 0 RETURNING 1"
    )


def settle(made: Night) -> None:
    """Wait until every closure is judged and no newer version comes. Raises `TimeoutError`."""
    unjudged = "SELECT count(*) FROM closure WHERE moving IS NULL AND ended_at IS NULL"
    ends, before = time.monotonic() + PATIENCE_S, -1
    with httpx.Client(base_url=made.url, timeout=30) as web:
        while time.monotonic() < ends:
            number = int(web.get("/readyz").json()["plan_version"])
            tiles = web.get("/map/now.json").json()["tiles"]
            if number == before and tiles and not made.desk.hq.database.one(unjudged):
                return
            before = number
            time.sleep(3.0)
    raise TimeoutError("the planner is not done, or the map's tiles are not there")
