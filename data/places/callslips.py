"""電話受付票: what callers asked and were told. Only `operations.phone` reads and writes it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import shapely
from geoalchemy2 import Geography
from geoalchemy2.shape import from_shape, to_shape
from sqlalchemy import Connection, Row, cast, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from city.position import Position
from data import tables

STANDING: Final = ("open", "handed")
"""States of slips that somebody still works on."""
_SLIP: Final = tables.call_slip


def add(connection: Connection, client_id: UUID, **values: Any) -> tuple[Row[Any], bool]:
    """Add a slip, and whether it is new: the same client-made id once more changes nothing."""
    query = insert(_SLIP).values(client_id=client_id, **values)
    query = query.on_conflict_do_nothing(index_elements=["client_id"])
    fresh = connection.execute(query.returning(_SLIP.c.id)).first() is not None
    row = connection.execute(select(_SLIP).where(_SLIP.c.client_id == client_id)).one()
    return row, fresh


def find(connection: Connection, city_code: str, number: int) -> Row[Any] | None:
    """A slip, held against whoever else would change it before this transaction ends."""
    query = select(_SLIP).where(_SLIP.c.city_code == city_code, _SLIP.c.id == number)
    return connection.execute(query.with_for_update()).first()


def standing(connection: Connection, city_code: str, limit: int) -> Sequence[Row[Any]]:
    """Slips that somebody still works on, newest first."""
    query = (
        select(_SLIP)
        .where(_SLIP.c.city_code == city_code, _SLIP.c.state.in_(STANDING))
        .order_by(_SLIP.c.taken_at.desc(), _SLIP.c.id.desc())
        .limit(limit)
    )
    return connection.execute(query).all()


def standing_since(
    connection: Connection, city_code: str, since: datetime, at: Position | None
) -> Sequence[Row[Any]]:
    """Slips taken since then that somebody still works on, with `away_m` of a position."""
    away: Any = literal(None)
    if at is not None:
        here = cast(func.ST_SetSRID(func.ST_Point(at.lon, at.lat), 4326), Geography)
        away = func.ST_Distance(cast(_SLIP.c.geom, Geography), here)
    query = select(_SLIP, away.label("away_m"))
    query = query.where(_SLIP.c.city_code == city_code, _SLIP.c.state.in_(STANDING))
    query = query.where(_SLIP.c.taken_at >= since).order_by(_SLIP.c.taken_at.desc())
    return connection.execute(query).all()


def joined_counts(connection: Connection, city_code: str) -> dict[int, int]:
    """How many slips were joined into each."""
    into = _SLIP.c.joined_into
    query = select(into, func.count()).where(_SLIP.c.city_code == city_code, into.is_not(None))
    return {int(number): int(count) for number, count in connection.execute(query.group_by(into))}


def change(connection: Connection, number: int, **values: Any) -> None:
    """Write what became of a slip."""
    connection.execute(update(_SLIP).where(_SLIP.c.id == number).values(**values))


def follow(connection: Connection, number: int, into: int) -> None:
    """Let what was joined into one slip be joined into another."""
    query = update(_SLIP).where(_SLIP.c.joined_into == number).values(joined_into=into)
    connection.execute(query)


def erase(connection: Connection, closed_before: datetime, taken_before: datetime) -> int:
    """Erase who called from where, and what was said, of slips closed before, or taken
    before and never closed; returns how many.

    What is left counts calls: verdict, place, plan version, outcome.
    """
    texts = (_SLIP.c.caller, _SLIP.c.caller_phone, _SLIP.c.need, _SLIP.c.landmark)
    personal = or_(*(text != "" for text in texts), _SLIP.c.geom.is_not(None))
    query = (
        update(_SLIP)
        .where(or_(_SLIP.c.closed_at < closed_before, _SLIP.c.taken_at < taken_before), personal)
        .values(
            caller="",
            caller_phone="",
            need="",
            landmark="",
            geom=None,
            told=_SLIP.c.told.op("-")("sentences").op("-")("household"),
        )
    )
    return connection.execute(query).rowcount


def stored(at: Position | None) -> Any:
    """A position as its column takes it."""
    return None if at is None else from_shape(shapely.Point(at.lon, at.lat), srid=4326)


def position_of(row: Row[Any]) -> Position | None:
    """Where a slip's caller is."""
    if row.geom is None:
        return None
    (lon, lat), *_ = to_shape(row.geom).coords
    return Position(lat, lon)
