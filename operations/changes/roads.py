"""Closed roads: a closure bites at once, and only a person reopens it."""

from collections.abc import Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

import shapely
from geoalchemy2.shape import to_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, Engine, Row
from sqlalchemy import text as sql

from city.position import Position
from city.staff import CONSOLE, Caller
from data import inforce, tables
from data.errors import NotThere
from data.live import outbox as live
from data.live.outbox import Topic
from data.observing import closures, observations
from data.observing.observations import ASKED
from data.rows import card_of
from hazards.closure import ClosureBasis, speaks_of_water
from operations import given
from operations.changes.change import changing, end
from operations.errors import Refused
from operations.observing.weighing import weigh
from routing.roads import Access

REOPENED: Final = "本部が道を開けました"
"""The outcome of reports behind a street that headquarters opened by the closure's number."""
SAME_LINE: Final = 1e-5
"""Degrees, about a metre: two lines this near all along are of one street."""


def close_road(
    engine: Engine,
    at: Position,
    reason: str,
    *,
    by_water: bool | None = None,
    by: Caller = CONSOLE,
) -> tuple[int, str, bool]:
    """Close the street nearest to a position, of those that people walk along.

    Returns the closure's number, the street's name, and whether it is by water (None: as the
    reason says).

    Raises `Refused` where it is closed already; that water closes it too is added to the reason.
    """
    reason = given.line_of(reason, "reason")
    wet = speaks_of_water(reason) if by_water is None else by_water
    with changing(engine, by) as change:
        connection, load = change.connection, change.load
        row = _nearest(connection, load, at)
        line = shapely.from_wkb(bytes.fromhex(row.geom))
        name = load.street_names[row.name] if row.name >= 0 else ""
        replaced: list[int] = []
        for closed in _closed(connection, load, line):
            if closed.by_water or not wet:
                raise Refused(_is_closed(load, closed, name))
            inforce.end(connection, tables.closure, [closed.id])
            replaced.append(closed.id)
            reason = f"{reason}、{closed.reason}"[: given.LONGEST]
        number = inforce.add_closure(connection, load.code, reason, line, by_water=wet)
        told: dict[tuple[Topic, str], Any] = {(Topic.ROADS, str(one)): None for one in replaced}
        shut = closures.told(connection, load, [number])
        live.put_all(connection, told | {(Topic.ROADS, key): one for key, one in shut.items()})
        change.record(f"road closed: {number}", "road.closed", number, by_water=wet)
        return number, name, wet


def close_streets(
    engine: Engine,
    lines: Sequence[BaseGeometry],
    reason: str,
    *,
    by_water: bool | None = None,
    by: Caller = CONSOLE,
) -> list[int]:
    """Close the streets of these very lines, in (lon, lat), at once and together.

    No way crosses them from now on. The planner looks whom they move before anybody is told another
    place by them: many wait for an approver (`safety.md` 6). `by_water` None: as the reason says.
    Raises `Refused` where one is closed.
    """
    reason = given.line_of(reason, "reason")
    with changing(engine, by) as change:
        connection, load = change.connection, change.load
        for line in lines:
            for closed in _closed(connection, load, line):
                raise Refused(
                    f"その道は、もう通行止めです：{closed.reason}（closed already: {closed.id}）"
                )
        wet = speaks_of_water(reason) if by_water is None else by_water
        numbers = [
            inforce.add_closure(connection, load.code, reason, line, by_water=wet, moving=ASKED)
            for line in lines
        ]
        shut = closures.told(connection, load, numbers)
        live.put_all(connection, {(Topic.ROADS, key): one for key, one in shut.items()})
        said = f"road closed: {', '.join(map(str, numbers))}"
        change.record(said, "road.closed", numbers[0], numbers=numbers, by_water=wet)
        return numbers


def reopen_road(
    engine: Engine, numbers: Sequence[int], *, by: Caller = CONSOLE, **why: str
) -> list[int]:
    """Headquarters reopens closed roads; without numbers, all of them. `why` is kept with it.

    Reports behind them are over, or they would shut them again.
    """
    with changing(engine, by) as change:
        connection, load = change.connection, change.load
        rows = inforce.standing(connection, tables.closure, load.code)
        wanted = set(numbers) or {row.id for row in rows}
        streets = [row.street for row in rows if row.street and row.id in wanted]
        # Reports before streets, as whoever decides on one.
        reports = observations.hold_behind(connection, streets)
        observations.lock_streets(connection, streets)
        ended = end(change, tables.closure, numbers)
        observations.open_streets(connection, streets, reports, REOPENED, by.actor, change.now)
        live.put_all(connection, {(Topic.ROADS, str(number)): None for number in ended})
        # What came in meanwhile has not been looked at: it shuts anew.
        weigh(connection, load, streets)
        change.record(f"roads reopened: {ended}", "road.reopened", numbers=ended, **why)
        return ended


def tell_roads(connection: Connection, load: Row[Any]) -> None:
    """Tell of every standing closure anew: its street has another number in another load."""
    rows = inforce.standing(connection, tables.closure, load.code)
    told = closures.told(connection, load, [row.id for row in rows])
    live.put_all(connection, {(Topic.ROADS, key): one for key, one in told.items()})


def _nearest(connection: Connection, load: Row[Any], at: Position) -> Row[Any]:
    """The street for walkers nearest to a position; raises `NotThere` where none is near."""
    row = connection.execute(
        sql(
            "WITH near AS (SELECT street.*, p.at FROM street,"
            " (SELECT ST_SetSRID(ST_Point(:lon, :lat), 4326) AS at) p"
            " WHERE load_id = :load AND access & :foot > 0 ORDER BY geom <-> p.at LIMIT 50)"
            " SELECT geom, name, ST_Distance(geom::geography, at::geography) AS away,"
            " ST_Y(there) AS lat, ST_X(there) AS lon"
            " FROM near, ST_ClosestPoint(geom, at) AS there ORDER BY away, number LIMIT 1"
        ),
        {"lon": at.lon, "lat": at.lat, "load": load.id, "foot": int(Access.FOOT)},
    ).one()
    if row.away > 50:
        away = f"{row.away:.0f} m" if row.away < 1000 else f"{row.away / 1000:,.0f} km"
        raise NotThere(
            f"no street within 50 m of there (the nearest is {away} away): give a "
            f"point on the street, LAT,LON, such as {row.lat:.5f},{row.lon:.5f}"
        )
    return row


def _closed(connection: Connection, load: Row[Any], line: BaseGeometry) -> list[Row[Any]]:
    """The ordered closures of the street with that very line, in degrees. Those by reports are
    apart: an order stands beside them, and outlives them.
    """
    standing = inforce.standing(connection, tables.closure, load.code)
    return [
        row
        for row in standing
        if row.basis == ClosureBasis.ORDER
        and shapely.hausdorff_distance(to_shape(row.geom), line) < SAME_LINE
    ]


def _is_closed(load: Row[Any], closed: Row[Any], name: str) -> str:
    since = closed.begun_at.astimezone(ZoneInfo(card_of(load).timezone))
    return (
        f"{name or 'a street without a name'} is closed already, nothing was changed: closure "
        f"{closed.id}, {closed.reason}, since {since:%Y-%m-%d %H:%M%z} (nigemichi road list)"
    )
