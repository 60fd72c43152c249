"""What headquarters saw, kept frame by frame: whole now and then, else what changed.

A frame is one row: it is there whole or not at all. Its `keyframe` is the id of the whole one that
it stands on, `place` how many frames lie between.
"""

import hashlib
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Row, func, insert, select
from sqlalchemy import text as sql

from data import tables
from data.difference import applied, difference

KEYFRAME_EACH: Final = 60
"""Frames from one whole one to the next: reading the last of them takes longest."""
_LEVEL: Final = 6
_AT_ONCE: Final = 64
_FRAME: Final = tables.replay_frame

State = dict[str, dict[str, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a frame stands: offset of the live stream, last entry of the operation log, number of
    the plan's version, last entry of the chronology (0: none).
    """

    live_offset: int
    audit: int
    version: int
    chronicle: int


@dataclass(frozen=True, slots=True)
class Frame:
    """What headquarters saw from `at` on, until the next frame."""

    id: int
    at: datetime
    hash: str
    mark: Mark
    state: State


@dataclass(frozen=True, slots=True)
class Last:
    """The frame recorded last, which the next one of the same city may stand on."""

    id: int
    code: str
    keyframe: int
    place: int
    state: State


def hash_of(state: State) -> str:
    """One name for a state, whatever the order of its rows."""
    return hashlib.sha256(orjson.dumps(state, option=orjson.OPT_SORT_KEYS)).hexdigest()


def mark_now(connection: Connection) -> Mark:
    """Where everything stands that a frame may show; cheap."""
    query = (
        "SELECT coalesce((SELECT max(number) FROM live_state), 0),"
        " coalesce((SELECT max(number) FROM audit_entry), 0),"
        " coalesce((SELECT max(number) FROM plan_version WHERE published_at IS NOT NULL), 0),"
        " coalesce((SELECT max(id) FROM chronology_entry), 0)"
    )
    return Mark(*connection.execute(sql(query)).one())


def add_frame(
    connection: Connection, code: str, state: State, mark: Mark, last: Last | None
) -> Last:
    """Keep a frame, now; `last` is the one before it, None where nobody knows it."""
    number = int(connection.execute(sql("SELECT nextval('replay_frame_id_seq')")).scalar_one())
    stands = last is not None and last.code == code and last.place + 1 < KEYFRAME_EACH
    keyframe, place = (last.keyframe, last.place + 1) if last and stands else (number, 0)
    told = difference(last.state, state) if last and stands else state
    connection.execute(
        insert(_FRAME).values(
            id=number,
            city_code=code,
            at=func.clock_timestamp(),
            keyframe=keyframe,
            place=place,
            body=zlib.compress(orjson.dumps(told), _LEVEL),
            hash=hash_of(state),
            live_offset=mark.live_offset,
            audit=mark.audit,
            version=mark.version,
            chronicle=mark.chronicle,
        )
    )
    return Last(number, code, keyframe, place, state)


def find_frame(connection: Connection, code: str, moment: datetime) -> Frame | None:
    """What headquarters saw at a moment, None before the first frame.

    Raises `ValueError` where frames that it stands on are gone or damaged.
    """
    query = select(_FRAME.c.id).where(_FRAME.c.city_code == code, _FRAME.c.at <= moment)
    order = (_FRAME.c.at.desc(), _FRAME.c.id.desc())
    number = connection.execute(query.order_by(*order).limit(1)).scalar()
    return None if number is None else get_frame(connection, number)


def get_frame(connection: Connection, number: int) -> Frame:
    """A frame by its id; raises `ValueError` where it is gone or damaged."""
    mine = connection.execute(select(_FRAME).where(_FRAME.c.id == number)).first()
    if mine is None:
        raise ValueError(f"frame {number} is gone")
    chain = select(_FRAME.c.body).where(
        _FRAME.c.keyframe == mine.keyframe, _FRAME.c.place <= mine.place
    )
    bodies = connection.execute(chain.order_by(_FRAME.c.place)).scalars().all()
    if len(bodies) != mine.place + 1:
        raise ValueError(f"frame {number} lacks frames that it stands on")
    return Frame(mine.id, mine.at, mine.hash, mark_of(mine), _put_together(bodies))


def mark_of(row: Row[Any]) -> Mark:
    """Where a frame's row stands."""
    return Mark(row.live_offset, row.audit, row.version, row.chronicle)


def _put_together(bodies: Sequence[bytes]) -> State:
    state, *changes = (_unpacked(body) for body in bodies)
    for changed in changes:
        state = applied(state, changed)
    found: State = state
    return found


def _unpacked(body: bytes) -> Any:
    try:
        return orjson.loads(zlib.decompress(body))
    except (zlib.error, orjson.JSONDecodeError) as error:
        raise ValueError("a frame is damaged") from error


def frames(
    connection: Connection,
    code: str,
    first: datetime,
    last: datetime,
    lost: list[int] | None = None,
) -> Iterator[Frame]:
    """All frames between two moments, oldest first, each made of the one before it.

    Raises `ValueError` where one is damaged; with `lost` it is left out with those that stand on
    it, and their ids are added there.
    """
    wanted = select(_FRAME.c.keyframe).where(_FRAME.c.city_code == code)
    wanted = wanted.where(_FRAME.c.at.between(first, last))
    query = select(_FRAME).where(_FRAME.c.keyframe.in_(wanted))
    query = query.order_by(_FRAME.c.keyframe, _FRAME.c.place)
    state: State | None = None
    for row in connection.execute(query.execution_options(yield_per=_AT_ONCE)):
        try:
            state = _after(state, row)
        except ValueError:
            if lost is None:
                raise
            state = None
        if row.city_code != code or not first <= row.at <= last:
            continue
        if state is not None:
            yield Frame(row.id, row.at, row.hash, mark_of(row), state)
        elif lost is not None:
            lost.append(row.id)


def _after(state: State | None, row: Row[Any]) -> State:
    """The state of a frame from that of the one before it; raises `ValueError`."""
    told: State = _unpacked(row.body)
    if row.place == 0:
        return told
    if state is None:
        raise ValueError(f"frame {row.id} lacks frames that it stands on")
    found: State = applied(state, told)
    return found
