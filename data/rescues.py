"""Rows of people who wait for rescue. Only `operations.rescues` reads and writes them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from geoalchemy2.shape import from_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, Row, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from data import tables
from data.errors import NotThere

_CASE: Final = tables.rescue_case
_TEXTS: Final = (_CASE.c.place, _CASE.c.condition, _CASE.c.outcome)


def add(connection: Connection, key: UUID, **values: Any) -> int | None:
    """Open a case by its key; returns its number, None where that key has one already."""
    query = insert(_CASE).values(key=key, **values)
    query = query.on_conflict_do_nothing(index_elements=["key"])
    number: int | None = connection.execute(query.returning(_CASE.c.id)).scalar()
    return number


def number_of(connection: Connection, code: str, key: UUID) -> int:
    """The number of the case of a key; raises `NotThere`."""
    query = select(_CASE.c.id).where(_CASE.c.key == key, _CASE.c.city_code == code)
    found: int | None = connection.execute(query).scalar()
    if found is None:
        raise NotThere("その番号は別の市で使われています（the id is of another city）")
    return found


def find(connection: Connection, code: str, number: int) -> Row[Any]:
    """A case, held against whoever else would change it; raises `NotThere`."""
    query = select(_CASE).where(_CASE.c.city_code == code, _CASE.c.id == number)
    row = connection.execute(query.with_for_update()).first()
    if row is None:
        raise NotThere(f"要救助 {number} はありません（no such case）")
    return row


def listed(connection: Connection, code: str, ended_since: datetime) -> Sequence[Row[Any]]:
    """Cases that are open, or ended since then, with when their mission's team was `recalled_at`
    and is `returned_at`; those that wait longest first.
    """
    mission = tables.mission
    query = select(_CASE, mission.c.recalled_at, mission.c.returned_at, mission.c.escalated_at)
    query = query.outerjoin(mission, mission.c.id == _CASE.c.mission_id)
    query = query.where(
        _CASE.c.city_code == code, _CASE.c.ended_at.is_(None) | (_CASE.c.ended_at >= ended_since)
    )
    return connection.execute(query.order_by(_CASE.c.opened_at, _CASE.c.id)).all()


def change(connection: Connection, number: int, **values: Any) -> None:
    """Change a case."""
    connection.execute(update(_CASE).where(_CASE.c.id == number).values(**values))


def erase(connection: Connection, ended_before: datetime, opened_before: datetime) -> int:
    """Erase where and what was said of cases that ended before, or were opened before and never
    ended; returns how many. What is left counts rescues.
    """
    personal = or_(*(one != "" for one in _TEXTS), _CASE.c.geom.is_not(None))
    old = (_CASE.c.ended_at < ended_before) | (_CASE.c.opened_at < opened_before)
    query = update(_CASE).where(old, personal)
    return connection.execute(query.values(place="", condition="", outcome="", geom=None)).rowcount


def stored(where: BaseGeometry | None) -> Any:
    """A place in (lon, lat) as its column takes it."""
    return None if where is None else from_shape(where, srid=4326)
