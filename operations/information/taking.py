"""A copy comes: read, measured by the last good one, and shown; or held for a person to look at."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import cos, radians
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

from city.staff import SYSTEM, Caller
from data import infosources
from data.database import transaction
from data.infosources import Found, State
from data.people import audit
from data.readers.information import read_information
from data.readers.informationrow import Near
from data.rows import card_of, current_load
from hazards.information import Shape, Theme, Way
from hazards.informationcopy import Copy, Known, doubts
from operations.information.fetching import Known as Tags

REACH_KM: Final = {
    Theme.DISASTER: 20.0,
    Theme.TRAFFIC: 20.0,
    Theme.LIFELINE: 20.0,
    Theme.STATE: 150.0,
    Theme.TOKYO: 100.0,
    Theme.NEIGHBOUR: 60.0,
}
"""How far around the city a theme's items count as of here: policy."""
_KM_A_DEGREE: Final = 111.2
_EXTENT: Final = sql(
    "SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e) FROM"
    " (SELECT ST_Extent(geom) AS e FROM junction WHERE load_id = :load) found WHERE e IS NOT NULL"
)


class Became(StrEnum):
    """What became of a copy."""

    SHOWN = "shown"
    SAME = "same"
    HELD = "held"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a copy, how many items it has, and why it is held."""

    became: Became
    items: int
    doubts: tuple[str, ...] = ()


def take(
    engine: Engine,
    number: int,
    body: bytes,
    now: datetime,
    *,
    by: Caller = SYSTEM,
    tags: Tags | None = None,
    said_at: datetime | None = None,
) -> Taken:
    """Take what a source says now; raises `BrokenSource`, `NotThere`, `NoCity`.

    `said_at` is when it was written, where that is known from outside.
    """
    with transaction(engine) as connection:
        load = current_load(connection)
        row = infosources.find(connection, load.code, number)
        near, zone = near_of(connection, load, Theme(row.theme)), ZoneInfo(card_of(load).timezone)
    # Outside of any transaction: a large file takes its time.
    shape, only = Shape(row.format), row.only_words
    copy = read_information(shape, row.name, body, near, zone, now, only)
    copy = copy if copy.said_at else Copy(copy.items, said_at, copy.read, copy.wrong, copy.far)
    return keep(engine, number, copy, now, by=by, tags=tags or Tags())


def keep(
    engine: Engine, number: int, copy: Copy, now: datetime, *, by: Caller, tags: Tags
) -> Taken:
    """Show a copy, or hold it beside the last good one."""
    with transaction(engine, latest=True) as connection:
        row = infosources.find(connection, current_load(connection).code, number, lock=True)
        good = infosources.find_copy(connection, number, State.GOOD)
        found = doubts(copy, _known(good, now), now)
        if good is not None and good.digest == copy.digest:
            _hear(connection, row, now, tags)
            infosources.drop(connection, number, State.HELD)
            return Taken(Became.SAME, len(copy.items))
        said = {"etag": tags.etag, "modified": tags.modified}
        if not found:
            infosources.keep(connection, number, State.GOOD, copy, now, **said)
            infosources.drop(connection, number, State.HELD)
            _hear(connection, row, now, tags)
            return Taken(Became.SHOWN, len(copy.items))
        return _doubted(connection, row, copy, now, by, found, said)


def _doubted(
    connection: Connection,
    row: Found,
    copy: Copy,
    now: datetime,
    by: Caller,
    found: list[str],
    said: dict[str, str],
) -> Taken:
    """Hold it; what a person refused once is not asked again while it says the same."""
    refused = infosources.find_copy(connection, row.id, State.REFUSED)
    again = refused is not None and refused.digest == copy.digest
    if not (again and row.way == Way.DROP):
        since = row.failing_since or now
        why = "届いた内容が疑わしいため、公開せずに止めています"
        infosources.say(connection, row.id, failing_since=since, failure=why, broken=False)
    if again:
        return Taken(Became.REFUSED, len(copy.items), tuple(found))
    before = infosources.find_copy(connection, row.id, State.HELD)
    infosources.keep(connection, row.id, State.HELD, copy, now, doubts=found, **said)
    if before is None:
        counts = {"items": len(copy.items), "wrong": copy.wrong, "far": copy.far}
        audit.record(connection, by, "source.held", str(row.id), **counts)
    return Taken(Became.HELD, len(copy.items), tuple(found))


def unchanged(engine: Engine, number: int, now: datetime) -> None:
    """The source says what it said: the last good copy is of now."""
    with transaction(engine, latest=True) as connection:
        row = infosources.find(connection, current_load(connection).code, number, lock=True)
        # Its tags are those of the last good copy.
        infosources.heard(connection, row.id, now)
        infosources.drop(connection, row.id, State.HELD)


def note_failure(
    engine: Engine, number: int, why: str, now: datetime, *, broken: bool = False
) -> None:
    """It did not come, or not whole; the last good copy stays."""
    with transaction(engine, latest=True) as connection:
        row = infosources.find(connection, current_load(connection).code, number, lock=True)
        if row.failing_since is None or broken != row.broken:
            audit.record(connection, SYSTEM, "source.failed", str(number), broken=broken)
        infosources.failed(connection, row, why, now, broken=broken)


def near_of(connection: Connection, load: Any, theme: Theme) -> Near:
    """The box around the city that a theme's items may be in; all of the earth without streets."""
    row = connection.execute(_EXTENT, {"load": load.id}).first()
    if row is None:
        return Near((-180.0, -90.0, 180.0, 90.0))
    west, south, east, north = (float(one) for one in row)
    high = REACH_KM[theme] / _KM_A_DEGREE
    wide = high / max(cos(radians((south + north) / 2)), 0.1)
    return Near((west - wide, south - high, east + wide, north + high))


def _known(good: Found | None, now: datetime) -> Known | None:
    if good is None:
        return None
    still = sum(not one.is_over(now) for one in infosources.items_of(good))
    return Known(still, good.said_at)


def _hear(connection: Connection, row: Found, now: datetime, tags: Tags) -> None:
    infosources.heard(connection, row.id, now, etag=tags.etag, modified=tags.modified)
