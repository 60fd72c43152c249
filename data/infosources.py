"""Rows of sources of information of others, and of their copies."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, case, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from data import tables
from data.errors import NotThere
from hazards.information import Item, item_of, plain
from hazards.informationcopy import Copy

MOST_SOURCES: Final = 100
"""Of one city; each is asked for by one process, one after the other."""
_SOURCE, _COPY = tables.info_source, tables.info_copy
Found = Any
"""A row of a source or of a copy."""


class State(StrEnum):
    """What a copy is: shown, waiting for a person, or refused by one."""

    GOOD = "good"
    HELD = "held"
    REFUSED = "refused"


def add(connection: Connection, code: str, by: str, now: datetime, **said: Any) -> int:
    """Add a source; returns its number."""
    values = {"city_code": code, "added_by": by, "added_at": now, "next_at": now}
    empty = {"etag": "", "modified": "", "failure": "", "broken": False, "seen": []}
    query = insert(_SOURCE).values(**empty, **values, **said).returning(_SOURCE.c.id)
    return int(connection.execute(query).scalar_one())


def count(connection: Connection, code: str) -> int:
    """How many sources are not stopped."""
    query = select(func.count()).where(_SOURCE.c.city_code == code, _SOURCE.c.stopped_at.is_(None))
    return int(connection.execute(query).scalar_one())


def find(connection: Connection, code: str, number: int, *, lock: bool = False) -> Found:
    """A source that is not stopped; with `lock` nobody else changes it. Raises `NotThere`."""
    query = select(_SOURCE).where(
        _SOURCE.c.id == number, _SOURCE.c.city_code == code, _SOURCE.c.stopped_at.is_(None)
    )
    row = connection.execute(query.with_for_update() if lock else query).first()
    if row is None:
        raise NotThere(f"情報源 {number} はありません（no such source）")
    return row


def listed(connection: Connection, code: str) -> list[Found]:
    """All that are not stopped, oldest first."""
    query = select(_SOURCE).where(_SOURCE.c.city_code == code, _SOURCE.c.stopped_at.is_(None))
    return list(connection.execute(query.order_by(_SOURCE.c.id)))


def due(connection: Connection, code: str, now: datetime) -> list[Found]:
    """Those whose turn has come, longest waiting first."""
    query = select(_SOURCE).where(
        _SOURCE.c.city_code == code,
        _SOURCE.c.stopped_at.is_(None),
        _SOURCE.c.way != "drop",
        _SOURCE.c.next_at <= now,
    )
    return list(connection.execute(query.order_by(_SOURCE.c.next_at, _SOURCE.c.id)))


def stop(connection: Connection, number: int, now: datetime) -> None:
    """Ask it no more, and forget what it said; the row stays for the audit log's numbers."""
    connection.execute(delete(_COPY).where(_COPY.c.source_id == number))
    gone = {"stopped_at": now, "location": "", "next_at": None}
    connection.execute(update(_SOURCE).where(_SOURCE.c.id == number).values(gone))


def say(connection: Connection, number: int, **values: Any) -> None:
    """Change what is known of a source."""
    connection.execute(update(_SOURCE).where(_SOURCE.c.id == number).values(values))


def heard(connection: Connection, number: int, at: datetime, **values: Any) -> None:
    """It answered, and the last good copy is what it says, as of a moment.

    Whoever put a question off is asked anew only once it says something newer.
    """
    well = {"heard_at": at, "failing_since": None, "failure": "", "broken": False}
    newer = _SOURCE.c.heard_at.is_(None) | (_SOURCE.c.heard_at < at)
    put_off = case((newer, None), else_=_SOURCE.c.seen_until)
    say(connection, number, seen_until=put_off, **well, **values)


def said_anew(connection: Connection, copy: Found, at: datetime | None) -> None:
    """A source says the same as a copy, at a later moment of its own."""
    if at is not None and (copy.said_at is None or copy.said_at < at):
        query = update(_COPY).where(_COPY.c.id == copy.id)
        connection.execute(query.values(said_at=at))


def failed(connection: Connection, row: Found, why: str, now: datetime, *, broken: bool) -> None:
    """It did not answer, or not with what can be read; since when, if it did not before either."""
    since = row.failing_since or now
    say(connection, row.id, failing_since=since, failure=why, broken=broken)


def find_copy(connection: Connection, number: int, state: State) -> Found | None:
    """The copy of a source in that state."""
    query = select(_COPY).where(_COPY.c.source_id == number, _COPY.c.state == state)
    return connection.execute(query).first()


def copies(
    connection: Connection, numbers: Sequence[int], state: State, *, items: bool = True
) -> dict[int, Found]:
    """The copy in that state of each source that has one, by the source's number; without their
    `items` where these are not asked for.
    """
    columns = [one for one in _COPY.c if items or one.name != "content"]
    query = select(*columns, func.jsonb_array_length(_COPY.c.content).label("size"))
    query = query.where(_COPY.c.source_id.in_(numbers), _COPY.c.state == state)
    return {row.source_id: row for row in connection.execute(query)}


def keep(
    connection: Connection,
    number: int,
    state: State,
    copy: Copy,
    now: datetime,
    *,
    doubts: Sequence[str] = (),
    lately: Sequence[Mapping[str, Any]] = (),
    etag: str = "",
    modified: str = "",
) -> None:
    """Keep a copy in the place of the one in that state; one that is held waits since its first.

    `lately` is how much the good copies before it had.
    """
    values = {
        "digest": copy.digest,
        "content": [plain(one) for one in copy.items],
        "counted": {"read": copy.read, "wrong": copy.wrong, "far": copy.far}
        | ({"lately": list(lately)} if lately else {}),
        "doubts": list(doubts),
        "said_at": copy.said_at,
        "came_at": now,
        "etag": etag,
        "modified": modified,
    }
    first = {"source_id": number, "state": state, "held_at": now, "reason": ""}
    query = insert(_COPY).values(**first, **values)
    same = query.on_conflict_do_update(index_elements=["source_id", "state"], set_=values)
    connection.execute(same)


def drop(connection: Connection, number: int, state: State) -> None:
    """Forget the copy in that state."""
    connection.execute(delete(_COPY).where(_COPY.c.source_id == number, _COPY.c.state == state))


def decide(
    connection: Connection, number: int, state: State, by: str, reason: str, now: datetime
) -> None:
    """A person says what the held copy becomes; it takes the place of the last one like it."""
    drop(connection, number, state)
    query = update(_COPY).where(_COPY.c.source_id == number, _COPY.c.state == State.HELD)
    connection.execute(query.values(state=state, decided_by=by, decided_at=now, reason=reason))


def items_of(row: Found) -> tuple[Item, ...]:
    """The items of a copy."""
    return tuple(item_of(one) for one in row.content)
