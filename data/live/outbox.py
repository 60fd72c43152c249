"""The transactional outbox of the live stream.

Whoever changes what is watched calls `put` in the same transaction (`latest`): offsets are taken in
the order in which transactions commit. Only the newest state of each thing is kept, and what is
gone is left out after a day (`forget`), so the table never grows beyond the things there are.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, delete, func, select
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert

from data import tables
from data.database import in_order

LIVE_CHANNEL: Final = "nigemichi_live"
"""NOTIFY channel: its payload is an offset."""
GONE_FOR: Final = timedelta(days=1)
"""Whoever was away longer is not told what is gone, but all that there is."""


class Topic(StrEnum):
    """What may be followed: `HEADQUARTERS` by staff alone, of `WAY` only one's own key, `SERVERS`
    by nobody but servers.
    """

    SITES = "sites"
    LEVELS = "levels"
    PLAN = "plan"
    WAY = "way"
    ROADS = "roads"
    HEADQUARTERS = "headquarters"
    SERVERS = "servers"


PUBLIC_TOPICS: Final = (Topic.SITES, Topic.LEVELS, Topic.PLAN, Topic.ROADS)
FORGOTTEN: Final = "forgotten"
"""Of `SERVERS`: up to which offset states that are gone were left out."""
LET_IN: Final = "let_in"
"""Of `SERVERS`: somebody is let in no longer, servers look again at all whom they let in."""


@dataclass(frozen=True, slots=True)
class LiveState:
    """The newest state of a thing; None where it is gone."""

    offset: int
    topic: Topic
    key: str
    state: Mapping[str, Any] | None
    as_of: datetime


def put(connection: Connection, topic: Topic, key: str, state: Mapping[str, Any] | None) -> int:
    """Record the newest state of a thing and wake who follows, when the transaction commits."""
    return put_all(connection, {(topic, key): state})


def put_all(
    connection: Connection, states: Mapping[tuple[Topic, str], Mapping[str, Any] | None]
) -> int:
    """Record the newest states of several things by (topic, key); returns the last offset."""
    in_order(connection)
    table = tables.live_state
    # Under the lock: the highest number is that of the last who committed.
    last: int = connection.execute(select(func.coalesce(func.max(table.c.number), 0))).scalar_one()
    if not states:
        return last
    rows = [
        {"topic": topic, "key": key, "number": number, "state": state}
        for number, ((topic, key), state) in enumerate(states.items(), start=last + 1)
    ]
    query = insert(table).values(as_of=func.clock_timestamp())
    new = query.excluded
    query = query.on_conflict_do_update(
        index_elements=["topic", "key"],
        set_={"number": new.number, "state": new.state, "as_of": new.as_of},
    )
    connection.execute(query, rows)
    notify = sql("SELECT pg_notify(:channel, :offset)")
    connection.execute(notify, {"channel": LIVE_CHANNEL, "offset": str(last + len(rows))})
    return last + len(rows)


def look_again(connection: Connection) -> None:
    """Have every server ask again whether those who follow are still let in."""
    put(connection, Topic.SERVERS, LET_IN, {})


def forget(connection: Connection) -> int:
    """Leave out what is gone for `GONE_FOR`, and proposals that long decided; returns how many."""
    in_order(connection)
    table = tables.live_state
    old = table.c.as_of < func.clock_timestamp() - GONE_FOR
    decided = select(table.c.key).where(
        old, table.c.topic == Topic.HEADQUARTERS, table.c.key.startswith("proposal:")
    )
    keys = connection.execute(decided.where(table.c.state["decision"].astext.isnot(None)))
    put_all(connection, {(Topic.HEADQUARTERS, key): None for key in keys.scalars()})
    gone = select(table.c.number).where(old, table.c.state.is_(None))
    numbers = connection.execute(gone.order_by(table.c.number)).scalars().all()
    if numbers:
        # Before they go: the highest offset must not be given to another.
        up_to = {"up_to": max(numbers[-1], forgotten(since(connection, 0)))}
        put(connection, Topic.SERVERS, FORGOTTEN, up_to)
        connection.execute(delete(table).where(table.c.number.in_(numbers)))
    return len(numbers)


def forgotten(states: Iterable[LiveState]) -> int:
    """Up to which offset states are missing; 0 where these states say nothing of it."""
    about = (one for one in states if one.topic is Topic.SERVERS and one.key == FORGOTTEN)
    return max((int(one.state["up_to"]) for one in about if one.state), default=0)


def begin_epoch(connection: Connection) -> None:
    """Begin an epoch that is the newest, whatever the clocks were that began the others."""
    in_order(connection)
    begun = tables.live_epoch.c.begun_at
    after = select(func.max(begun) + timedelta(microseconds=1)).scalar_subquery()
    at = func.greatest(func.clock_timestamp(), after)
    row = {"epoch": func.gen_random_uuid(), "begun_at": at}
    connection.execute(tables.live_epoch.insert().values(row))


def epoch(connection: Connection) -> str:
    """What tells this stream's offsets from those of another, or of a restored database."""
    query = select(tables.live_epoch.c.epoch).order_by(tables.live_epoch.c.begun_at.desc()).limit(1)
    return str(connection.execute(query).scalar_one())


def since(connection: Connection, offset: int) -> Iterator[LiveState]:
    """The states after an offset, oldest first; 0 gives all."""
    table = tables.live_state
    query = select(table).where(table.c.number > offset).order_by(table.c.number)
    for row in connection.execute(query):
        yield LiveState(row.number, Topic(row.topic), row.key, row.state, row.as_of)
