"""Plan versions in the database: numbered first, then published with what was decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select, update

from data import tables
from data.errors import DataError
from data.plankept import Decided, find_body, find_decision, keep

__all__ = [
    "Decided",
    "Overtaken",
    "Published",
    "bodies_from",
    "changes_since",
    "find_body",
    "find_decision",
    "find_newest",
    "newest_number",
    "next_number",
    "publish",
]

MOST_MISSED: Final = 20
"""So many versions are looked at for whom nobody told: a planner that dies leaves one or two."""
PUBLISH_LOCK: Final = 7_310_009
"""Advisory lock of whoever publishes, until it commits."""
_VERSION, _BLOB = tables.plan_version, tables.plan_blob


@dataclass(frozen=True, slots=True)
class Published:
    """A version that exists whole: what it was made from, and why."""

    number: int
    load: str
    change: str
    cause: str
    facts: Mapping[str, Any]
    at: datetime


def next_number(connection: Connection, change_id: int, load_id: int) -> int:
    """Number a version before it is made; numbers of versions never published stay unused."""
    query = insert(_VERSION).values(change_id=change_id, load_id=load_id)
    return int(connection.execute(query.returning(_VERSION.c.number)).scalar_one())


class Overtaken(DataError):
    """Another version was published since: what people are told is not what this one began with."""


def newest_number(connection: Connection) -> int:
    """The number of the version published last, 0 before the first."""
    published = select(func.max(_VERSION.c.number)).where(_VERSION.c.published_at.is_not(None))
    return connection.execute(published).scalar() or 0


def publish(
    connection: Connection,
    number: int,
    *,
    after: int,
    load: str,
    change: str,
    cause: str,
    facts: Mapping[str, Any],
    decided: Decided,
    state_hash: str | None = None,
) -> None:
    """Keep what a version decided; `state_hash` names all that was computed of it.

    Raises `Overtaken` where the newest version is another than `after`: the transaction (`latest`)
    of a planner that was killed may end after its lock is free.
    """
    connection.execute(select(func.pg_advisory_xact_lock(PUBLISH_LOCK)))
    if newest_number(connection) != after:
        raise Overtaken(f"version {number} is made from another one than the newest")
    keep(connection, number, decided, after=after)
    told: dict[str, Any] = {"load_token": load, "change_token": change, "cause": cause}
    told |= {"facts": facts, "state_hash": state_hash}
    mine = update(_VERSION).where(_VERSION.c.number == number)
    connection.execute(mine.values(**told, published_at=func.clock_timestamp()))


def find_newest(connection: Connection) -> Published | None:
    """The version published last, None before the first."""
    query = select(_VERSION).where(_VERSION.c.published_at.is_not(None))
    row = connection.execute(query.order_by(_VERSION.c.number.desc()).limit(1)).first()
    if row is None:
        return None
    told = row.load_token, row.change_token, row.cause, row.facts
    return Published(row.number, *told, row.published_at)


def bodies_from(connection: Connection, first: int, last: int) -> list[bytes]:
    """What the versions from one number to another decided, oldest first, of the load of the last;
    the newest few of them.
    """
    mine_of = select(_VERSION.c.load_token).where(_VERSION.c.number == last)
    load = connection.execute(mine_of).scalar()
    query = select(_BLOB.c.number).join(_VERSION, _VERSION.c.number == _BLOB.c.number)
    mine = (_BLOB.c.number.between(first, last), _VERSION.c.load_token == load)
    newest = query.where(*mine).order_by(_BLOB.c.number.desc()).limit(MOST_MISSED)
    numbers = list(connection.execute(newest).scalars())[::-1]
    return [body for body in (find_body(connection, number) for number in numbers) if body]


def changes_since(connection: Connection, token: str, until: int) -> list[str]:
    """What was changed after the change with that token, oldest first, up to the number `until`."""
    table = tables.change
    begun = select(table.c.id).where(table.c.token == token) if token else select(func.max(0))
    after = func.coalesce(begun.scalar_subquery(), until - 1)
    query = select(table.c.what).where(table.c.id > after, table.c.id <= until)
    return list(connection.execute(query.order_by(table.c.id)).scalars())
