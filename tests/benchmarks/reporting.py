"""From the tap to every answer: a report suspends its street, headquarters confirms, phones hear.

Real processes over PostGIS: the whole city under a flood order of level 4, planner and server.
"""

import asyncio
import base64
import json
import random
import time
from collections.abc import Callable, Sequence
from typing import Any, Final
from uuid import uuid4

import httpx
import numpy as np
import uvloop
from sqlalchemy import text as sql

from city.position import Position
from city.staff import Role
from data.database import transaction
from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from tests.benchmarks.loads import Loaded
from tests.benchmarks.machine import busy
from tests.benchmarks.running import free_port, process, until_ready
from tests.benchmarks.sockets import PATH, Clients
from tests.benchmarks.table import Table
from tests.integration.staffed import Signed, a_tablet, signed_in
from tests.pictures import a_photo

ROUNDS: Final = 24
CLIENTS: Final = 48
SECONDS: Final = 8.0
PHONES: Final = 10_000
SEED: Final = 20191012
PATIENCE_S: Final = 20.0


def reporting_figures(table: Table, city: Loaded, doors: Sequence[Position]) -> None:
    """Order everybody out, then report what lies on people's ways."""
    changes.set_level(city.engine, HazardKind.FLOOD, AlertLevel.ALL_LEAVE)
    team = signed_in(city.engine, Role.FIELD)
    officer = signed_in(city.engine, Role.OPERATOR)
    port = free_port()
    table.subject("reporting", "planner, server, PostGIS and clients on the same cores")
    with (
        process("planner", city.environment),
        process("serve", city.environment, "--port", str(port)),
    ):
        until_ready(port)
        night = _Night(port, city, team, officer, list(doors))
        night.settle()
        before = busy()
        _suspended(table, night)
        _confirmed(table, night)
        _accepted(table, night)
        table.remark(f"busy before: {before}")
        _phones(table, night)


class _Night:
    """What asks and reports; each report lies on another way."""

    def __init__(
        self, port: int, city: Loaded, team: Signed, officer: Signed, doors: list[Position]
    ) -> None:
        self.port, self.city, self.doors = port, city, doors
        self.dice = random.Random(SEED)
        origin = f"http://127.0.0.1:{port}"
        self.web = httpx.Client(base_url=origin, timeout=30)
        self.team, self.officer = team.headers(origin), officer.headers(origin)
        self.jpeg = base64.b64encode(a_photo()).decode()

    def on_a_way(self) -> tuple[Position, list[float]]:
        """A door with a way, and a point of it: (lon, lat) in the middle of a stretch."""
        while True:
            door = self.dice.choice(self.doors)
            line = (self.guidance(door)["route"] or {"coordinates": []})["coordinates"]
            middle = len(line) // 2
            if len(line) > 12:
                one, other = line[middle - 1], line[middle]
                return door, [(a + b) / 2 for a, b in zip(one, other, strict=True)]

    def guidance(self, door: Position) -> dict[str, Any]:
        """What anybody is answered there."""
        found: dict[str, Any] = self.web.get(
            f"/api/v1/guidance?lat={door.lat}&lon={door.lon}"
        ).json()
        return found

    def body(self, at: list[float], *, photo: bool) -> dict[str, Any]:
        """A report of a tree across the street."""
        picture = {"photo": {"id": str(uuid4()), "jpeg": self.jpeg}} if photo else {}
        where = {"type": "Point", "coordinates": at}
        return {"id": str(uuid4()), "kind": "fallen_tree", "where": where, "error_m": 8, **picture}

    def report(self, at: list[float], *, photo: bool = True) -> tuple[str, float]:
        """Its id, and when it was accepted."""
        body = self.body(at, photo=photo)
        answer = self.web.post("/api/v1/field/reports", json=body, headers=self.team)
        answer.raise_for_status()
        return body["id"], time.perf_counter()

    def until(self, began: float, holds: Callable[[], bool]) -> float:
        """Seconds from then until something holds; asked all the time."""
        while not holds():
            if time.perf_counter() - began > PATIENCE_S:
                raise TimeoutError("it did not come")
        return time.perf_counter() - began

    def settle(self) -> None:
        """Wait until nothing is under way: every closure is judged, and its version served."""
        ends = time.perf_counter() + 60
        while time.perf_counter() < ends:
            with transaction(self.city.engine) as connection:
                left = connection.exec_driver_sql(
                    "SELECT count(*) FROM closure WHERE moving IS NULL AND ended_at IS NULL"
                ).scalar()
            number = self.ready()
            time.sleep(1.0)
            if not left and self.ready() == number:
                return
        raise TimeoutError("the planner is not done")

    def ready(self) -> int:
        """The version that answers."""
        return int(self.web.get("/readyz").json()["plan_version"])


def _suspended(table: Table, night: _Night) -> None:
    seconds, taken = [], []
    for _ in range(ROUNDS):
        door, at = night.on_a_way()
        sent = time.perf_counter()
        number, accepted = night.report(at)
        taken.append(accepted - sent)

        def shut(door: Position = door, number: str = number) -> bool:
            behind = night.guidance(door)["observations"] or []
            return any(number in one["ids"] and one["effect"] == "shut" for one in behind)

        seconds.append(night.until(accepted, shut))
        night.settle()
    _row(table, "report accepted to suspended in an answer", seconds, must=1000, stretch=300)
    _row(table, "report sent to accepted", taken)


def _confirmed(table: Table, night: _Night) -> None:
    """A report of one team without a photo closes nothing; headquarters' word does, and the plan
    that counts with it is served.
    """
    seconds = []
    for _ in range(ROUNDS):
        _, at = night.on_a_way()
        number, _ = night.report(at, photo=False)
        night.settle()
        sent = time.perf_counter()
        answer = night.web.post(
            f"/api/v1/headquarters/reports/{number}",
            json={"state": "confirmed"},
            headers=night.officer,
        )
        answer.raise_for_status()
        (closure,) = answer.json()["closed"] or answer.json()["suspended"]
        before = night.ready()

        def planned(closure: int = closure) -> bool:
            with transaction(night.city.engine) as connection:
                query = f"SELECT moving FROM closure WHERE id = {closure}"  # noqa: S608
                return connection.exec_driver_sql(query).scalar() is not None

        night.until(sent, planned)
        judged = night.ready()
        night.until(sent, lambda judged=judged: night.ready() > judged)
        seconds.append(time.perf_counter() - sent)
        assert night.ready() > before
        night.settle()
    _row(table, "confirmed to new plan served", seconds, must=1500, stretch=400)


def _accepted(table: Table, night: _Night) -> None:
    """Distinct reports of as many teams, each an own request: one team may send ten a second."""
    counted = uvloop.run(_load(night))
    table.row("reports accepted by one process", counted / SECONDS, "/s", must=300, stretch=1000)
    night.settle()


async def _load(night: _Night) -> int:
    """How many were accepted in `SECONDS`; the clients cost as little as they can."""
    doors = [[door.lon, door.lat] for door in night.doors]
    tokens = [a_tablet(night.city.engine, None, Role.FIELD).token for _ in range(CLIENTS)]
    ends = time.perf_counter() + SECONDS

    async def sends(token: str) -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", night.port)
        head = (
            f"POST /api/v1/field/reports HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}"
            "\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        )
        done = 0
        while time.perf_counter() < ends:
            body = json.dumps(night.body(night.dice.choice(doors), photo=False)).encode()
            writer.write((head % len(body)).encode() + body)
            answer = (await reader.readuntil(b"\r\n\r\n")).lower()
            await reader.readexactly(int(answer.partition(b"content-length:")[2].split(b"\r\n")[0]))
            done += answer.startswith(b"http/1.1 200")
        writer.close()
        return done

    return sum(await asyncio.gather(*(sends(token) for token in tokens)))


def _phones(table: Table, night: _Night) -> None:
    """A report's street on `PHONES` open pages: marked by its closure's number."""
    clients = Clients(night.port, PHONES, path=f"{PATH}?topics=roads", mark='"street":')
    try:
        clients.says()
        seconds: list[float] = []
        for _ in range(8):
            _, at = night.on_a_way()
            with transaction(night.city.engine) as connection:
                street = _street(connection, at)
            clients.order(str(street))
            began = time.monotonic()
            night.report(at)
            at_each = clients.says()["at"]
            missing = PHONES - len(at_each)
            if missing:
                table.row("report to open phones", f"{missing:,} without", note="MISSED")
                return
            seconds += [one - began for one in at_each]
            night.settle()
        what = f"report sent to each of {PHONES:,} open pages"
        _row(table, what, seconds, must=2500, stretch=1000)
    finally:
        clients.close()


def _street(connection: Any, at: list[float]) -> int:
    """The number of the street that a point of a way lies on."""
    query = sql(
        "SELECT number FROM street WHERE access & 1 > 0"
        " ORDER BY geom <-> ST_SetSRID(ST_Point(:lon, :lat), 4326) LIMIT 1"
    )
    return int(connection.execute(query, {"lon": at[0], "lat": at[1]}).scalar())


def _row(table: Table, what: str, seconds: list[float], **limits: float) -> None:
    p50, p95 = np.percentile([1000 * one for one in seconds], [50, 95]).tolist()
    table.row(f"{what}, p50", p50, "ms")
    table.row(f"{what}, p95", p95, "ms", note=f"({1000 * max(seconds):.0f} at most)", **limits)
