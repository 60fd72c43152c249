"""A copy comes: read, measured by the last good one, and shown; or held for a person to look at."""

from dataclasses import dataclass, replace
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
from hazards.informationcopy import Copy, doubts
from operations.information.fetching import Known as Tags
from operations.information.measuring import known_of, lately_of

REACH_KM: Final = {
    Theme.DISASTER: 20.0,
    Theme.TRAFFIC: 20.0,
    Theme.LIFELINE: 20.0,
    Theme.STATE: 150.0,
    Theme.TOKYO: 100.0,
    Theme.NEIGHBOUR: 60.0,
}
"""How far around the city a theme's items count as of here: policy."""
FIRST: Final = "はじめて届いた内容です。見てから公開してください"
"""Of a source that people see: no copy before says what would be odd."""
NOT_SEEN: Final = "はじめて届いた内容を、まだだれも見ていません"
DOUBTED: Final = "届いた内容が疑わしいため、公開せずに止めています"
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
    written_at: datetime | None = None,
) -> Taken:
    """Take what a source says now; raises `BrokenSource`, `NotThere`, `NoCity`.

    `written_at` is when a file of a folder was: what it says is known to be of then.
    """
    with transaction(engine) as connection:
        load = current_load(connection)
        row = infosources.find(connection, load.code, number)
        near, zone = near_of(connection, load, Theme(row.theme)), ZoneInfo(card_of(load).timezone)
    # Outside of any transaction: a large file takes its time.
    shape, only = Shape(row.format), row.only_words
    copy = read_information(shape, row.name, body, near, zone, now, only)
    copy = replace(copy, said_at=copy.said_at or written_at)
    return keep(engine, number, copy, now, by=by, tags=tags or Tags(), heard_at=written_at or now)


def keep(
    engine: Engine,
    number: int,
    copy: Copy,
    now: datetime,
    *,
    by: Caller,
    tags: Tags,
    heard_at: datetime,
) -> Taken:
    """Show a copy, or hold it beside the last good one; `heard_at` is of when it is known to be."""
    with transaction(engine, latest=True) as connection:
        row = infosources.find(connection, current_load(connection).code, number, lock=True)
        good = infosources.find_copy(connection, number, State.GOOD)
        found = doubts(copy, known_of(row, good, now), now)
        if good is None and row.public and row.way == Way.URL:
            found.append(FIRST)
        if good is not None and good.digest == copy.digest:
            hear(connection, row.id, heard_at, tags)
            infosources.said_anew(connection, good, copy.said_at)
            infosources.drop(connection, number, State.HELD)
            return Taken(Became.SAME, len(copy.items))
        said: dict[str, Any] = {"etag": tags.etag, "modified": tags.modified}
        if not found:
            lately = lately_of(row, good, now)
            infosources.keep(connection, number, State.GOOD, copy, now, lately=lately, **said)
            infosources.drop(connection, number, State.HELD)
            hear(connection, row.id, heard_at, tags)
            return Taken(Became.SHOWN, len(copy.items))
        return _doubted(connection, row, copy, now, by, found, said)


def _doubted(
    connection: Connection,
    row: Found,
    copy: Copy,
    now: datetime,
    by: Caller,
    found: list[str],
    said: dict[str, Any],
) -> Taken:
    """Hold it; what a person refused once is not asked again while it says the same."""
    refused = infosources.find_copy(connection, row.id, State.REFUSED)
    again = refused is not None and refused.digest == copy.digest
    if not (again and row.way == Way.DROP):
        since = row.failing_since or now
        why = NOT_SEEN if found == [FIRST] else DOUBTED
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


def hear(
    connection: Connection, number: int, at: datetime, tags: Tags, *, well: bool = True
) -> None:
    """It says what the last good copy says, as of a moment; not `well` where something failed."""
    said = {"etag": tags.etag, "modified": tags.modified}
    if well:
        infosources.heard(connection, number, at, **said)
    else:
        infosources.say(connection, number, heard_at=at, **said)
