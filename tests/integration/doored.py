"""A night on which teams call at doors: an alert that went out, and twenty homes in its area."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy import text as sql

from alerts.delivery import FallbackClock
from city.staff import Role
from data.alerts import revisions
from data.database import transaction
from data.delivery import ledger
from data.people import audit
from data.rows import current_load
from operations.alerts import doorboard, doors
from operations.alerts.doorcalls import open_list
from operations.alerts.doors import Made
from operations.delivery.expanding import expand_next
from operations.serving import utc_now
from tests.integration.alerted import AREA, OTHER, Headquarters, Manned, copied, served
from tests.integration.databases import Server, connected
from tests.integration.staffed import Signed, signed_in

M = timedelta(minutes=1)
HOMES = 20
"""In `AREA`: two 班. One stands in `OTHER`."""
FIRST = 9_000
"""The number of the first of them."""


_HOMES = """
INSERT INTO household (load_id, number, area, persons, geom)
SELECT load_id, :first - 1 + point.path[1], number, 2, point.geom
FROM area, ST_Dump(ST_GeneratePoints(area.geom, :homes, 7)) AS point
WHERE kind = 'chome' AND name = :name
"""


@dataclass
class DoorNight:
    """Headquarters after an alert was expanded, and somebody of the welfare role."""

    hq: Headquarters
    welfare: Signed
    shown: dict[str, Any] = field(default_factory=dict)
    now: datetime = field(default_factory=utc_now)

    @property
    def engine(self) -> Engine:
        return self.hq.engine

    @property
    def number(self) -> int:
        """The revision that is told."""
        return int(self.shown["number"])

    def send(self, **changes: Any) -> None:
        """Release a new alert and find its recipients."""
        self.shown = self.hq.send(self.hq.draft(**changes))
        self._expand()

    def update(self, **changes: Any) -> None:
        """Release the next revision of the alert."""
        revised = self.hq.revise(self.shown["alert"], **{"step": "update"} | changes)
        self.shown = self.hq.send(revised)
        self._expand()

    def make(self, minutes: float = 60, **given: Any) -> Made:
        """The writer makes lists."""
        by, until = self.hq.writer.caller, self.now + minutes * M
        return doors.make_lists(
            self.engine, by, self.number, withdraw_at=until, now=self.now, **given
        )

    def hand(self, number: int, team: str = "消防団1", **given: Any) -> None:
        """The writer hands a list to a team."""
        doors.hand(self.engine, self.hq.writer.caller, number, team, now=self.now, **given)

    def opened(self, number: int) -> list[dict[str, Any]]:
        """The doors of a list, as the welfare role sees them."""
        found: list[dict[str, Any]] = open_list(self.engine, self.welfare.caller, number)["doors"]
        return found

    def board(self) -> dict[int, dict[str, Any]]:
        """The lists of the alert by their numbers."""
        with transaction(self.engine) as connection:
            told = doorboard.board(connection, self.now, self.number)
        return {one["list"]: one for one in told["lists"]}

    def states(self) -> dict[int, str]:
        """How far each is."""
        return {number: one["state"] for number, one in self.board().items()}

    def ledger(self, number: int | None = None) -> dict[str, int]:
        """The reached ledger of a revision, by default of the newest."""
        with transaction(self.engine, latest=True) as connection:
            load = current_load(connection)
            row = revisions.get(connection, load.code, number or self.number)
            return ledger.households(connection, load, row, self.now)

    def live(self) -> Any:
        """What headquarters' screens were told last of the lists."""
        query = "SELECT state FROM live_state WHERE topic = 'headquarters' AND key = 'doors'"
        return self.hq.database.one(query)

    def log(self, action: str) -> list[tuple[Any, ...]]:
        """(actor, subject, details) of the audit log's entries of an action."""
        with transaction(self.engine, latest=True) as connection:
            found = [one for one in audit.entries(connection) if one.action == action]
        return [(one.actor, one.subject, one.details) for one in found]

    def _expand(self) -> None:
        self.now = max(self.now, utc_now())
        while expand_next(self.engine, FallbackClock(), self.now):
            pass


@dataclass(frozen=True, slots=True)
class ToldNight:
    """The template of such a night, and what was told."""

    people: Manned
    welfare: Signed
    shown: dict[str, Any]


def told_night(server: Server, city: Manned, state: Path) -> ToldNight:
    """Level 4 went out for `AREA` and `OTHER`; nobody there is registered."""
    made = server.create(city.database.name)
    people = Manned(made, city.writer, city.approver)
    made.rows("DELETE FROM household RETURNING 1")
    with connected(made.url) as engine, served(people, engine, state) as hq:
        with transaction(engine) as connection:
            for name, homes, first in ((AREA, HOMES, FIRST), (OTHER, 1, FIRST + HOMES)):
                said = {"name": name, "homes": homes, "first": first}
                connection.execute(sql(_HOMES), said)
        night = DoorNight(hq, signed_in(engine, Role.WELFARE))
        night.send(areas=[AREA, OTHER])
    return ToldNight(people, night.welfare, night.shown)


@contextmanager
def door_night(server: Server, told: ToldNight, state: Path) -> Iterator[DoorNight]:
    """A copy of it."""
    with copied(server, told.people, state) as hq:
        yield DoorNight(hq, told.welfare, dict(told.shown))
