"""What every version decided, kept: whole now and then, else as the difference to the one before.

A version's `keyframe` is the number of the whole one that it stands on, `place` how many
differences lie between. Each has its digest: what was put together is what was published.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select

from data import tables
from data.difference import applied
from data.mapped.plan import Decision, parts_of, whole
from data.mapped.plandifference import head_of, plan_difference, with_difference

KEYFRAME_EACH: Final = 32
"""Versions from one whole one to the next: reading the last of them takes longest."""
QUIET: Final = timedelta(hours=6)
"""After so long without a version the next one is whole: nights hang on nothing before them."""
WORTH: Final = 0.8
"""A difference that is larger than this part of the whole is not kept: the whole one is."""
_AT_ONCE: Final = 32
_BLOB, _VERSION = tables.plan_blob, tables.plan_version


@dataclass(frozen=True, slots=True)
class Headed:
    """A version without its arrays: its picture and figures as plain JSON values."""

    number: int
    at: datetime
    load: str
    head: dict[str, Any]


class Decided:
    """A decision on its way into the database, with that of the version before it, if known."""

    def __init__(self, after: Decision, body: bytes, before: Decision | None = None) -> None:
        self.body, self.digest = body, after.digest()
        self.stands_on = before.digest() if before else b""
        self.change = plan_difference(before, after) if before else b""

    @property
    def is_small(self) -> bool:
        """Whether the difference is worth keeping instead of the whole."""
        return bool(self.change) and len(self.change) <= len(self.body) * WORTH


def keep(connection: Connection, number: int, given: Decided, *, after: int) -> None:
    """Keep a version that follows the one with the number `after`."""
    quiet = (func.clock_timestamp() - _VERSION.c.published_at > QUIET).label("quiet")
    query = select(_BLOB.c.keyframe, _BLOB.c.place, _BLOB.c.digest, quiet)
    query = query.join(_VERSION, _VERSION.c.number == _BLOB.c.number)
    last = connection.execute(query.where(_BLOB.c.number == after)).first()
    row: dict[str, Any] = {"number": number, "digest": given.digest}
    follows = last is not None and last.digest == given.stands_on and given.is_small
    if last is not None and follows and not last.quiet and last.place + 1 < KEYFRAME_EACH:
        row |= {"keyframe": last.keyframe, "place": last.place + 1, "body": given.change}
    else:
        row |= {"keyframe": number, "place": 0, "body": given.body}
    connection.execute(insert(_BLOB).values(row))


def find_decision(connection: Connection, number: int, *, anew: bool = False) -> Decision | None:
    """What a version decided, None where its arrays are gone; raises `ValueError` where damaged.

    The one read last is remembered: the next of the same chain needs what lies between alone, but
    `anew`. Its arrays are everybody's, and read-only.
    """
    global _read_last  # noqa: PLW0603
    query = select(_BLOB.c.keyframe, _BLOB.c.place, _BLOB.c.digest).where(_BLOB.c.number == number)
    mine = connection.execute(query).first()
    if mine is None:
        return None
    found = None if anew else _known(connection, mine)
    first = found.place + 1 if found else 0
    decided = found.decision if found else None
    chain = select(_BLOB.c.body).where(_BLOB.c.keyframe == mine.keyframe)
    chain = chain.where(_BLOB.c.place.between(first, mine.place)).order_by(_BLOB.c.place)
    bodies = connection.execute(chain).scalars().all()
    if len(bodies) != mine.place + 1 - first:
        raise ValueError(f"version {number} lacks versions that it stands on")
    for body in bodies:
        decided = with_difference(decided, body) if decided else parts_of(body)
    if decided is None or (mine.digest is not None and decided.digest() != mine.digest):
        raise ValueError(f"version {number} is not what was published")
    for array in decided.arrays.values():
        array.setflags(write=False)
    if mine.digest is not None:
        _read_last = _Known(mine.keyframe, mine.place, bytes(mine.digest), decided)
    return decided


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    """A version that was read: where it stands, its digest, what it decided."""

    keyframe: int
    place: int
    digest: bytes
    decision: Decision


_read_last: _Known | None = None


def _known(connection: Connection, mine: Any) -> _Known | None:
    """The version read last, where it is at or before this one in its chain, of this database."""
    last = _read_last
    if last is None or last.keyframe != mine.keyframe or last.place > mine.place:
        return None
    query = select(_BLOB.c.digest).where(_BLOB.c.keyframe == last.keyframe)
    digest = connection.execute(query.where(_BLOB.c.place == last.place)).scalar()
    return last if digest is not None and bytes(digest) == last.digest else None


def find_body(connection: Connection, number: int) -> bytes | None:
    """The same as bytes, as the version's folder has it."""
    query = select(_BLOB.c.body).where(_BLOB.c.number == number, _BLOB.c.place == 0)
    as_kept = connection.execute(query).scalar()
    if as_kept is not None:
        return bytes(as_kept)
    found = find_decision(connection, number)
    return whole(found) if found else None


def heads(connection: Connection, first: datetime, last: datetime) -> Iterator[Headed]:
    """What versions published between two moments say of what was in force, oldest first; without
    the arrays, which take longest. Raises `ValueError` where one is damaged.
    """
    wanted = select(_BLOB.c.keyframe).join(_VERSION, _VERSION.c.number == _BLOB.c.number)
    wanted = wanted.where(_VERSION.c.published_at.between(first, last))
    query = select(_BLOB.c.number, _BLOB.c.place, _BLOB.c.body, _VERSION.c.published_at)
    query = query.add_columns(_VERSION.c.load_token)
    query = query.join(_VERSION, _VERSION.c.number == _BLOB.c.number)
    query = query.where(_BLOB.c.keyframe.in_(wanted)).order_by(_BLOB.c.keyframe, _BLOB.c.place)
    head: dict[str, Any] = {}
    for row in connection.execute(query.execution_options(yield_per=_AT_ONCE)):
        told = head_of(row.body)
        head = told if row.place == 0 else applied(head, told["head"])
        if row.published_at is not None and first <= row.published_at <= last:
            yield Headed(row.number, row.published_at, row.load_token, head)
