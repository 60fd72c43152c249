"""The transactional outbox of the live stream.

Whoever changes what is watched calls `put` in the same transaction (`latest`): offsets are taken in
the order in which transactions commit. Only the newest state of each thing is kept, so the table
never grows beyond the things there are.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, func, select
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert

from data import tables
from data.database import in_order

LIVE_CHANNEL: Final = "nigemichi_live"
"""NOTIFY channel: its payload is an offset."""


class Topic(StrEnum):
    """What may be followed. `HEADQUARTERS` is for staff alone."""

    SITES = "sites"
    LEVELS = "levels"
    PLAN = "plan"
    HEADQUARTERS = "headquarters"


PUBLIC_TOPICS: Final = (Topic.SITES, Topic.LEVELS, Topic.PLAN)


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
