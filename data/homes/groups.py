"""Households that stay together: one place for all of a group."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import shapely
from geoalchemy2.shape import from_shape
from sqlalchemy import Connection, func, select, text, update

from data import tables

_GROUP = tables.household_group


@dataclass(frozen=True, slots=True)
class Group:
    """Numbers of households in the current load, rising."""

    id: int
    name: str
    households: tuple[int, ...]


def standing_groups(connection: Connection, code: str) -> list[Group]:
    """The groups of a city that have not ended, oldest first."""
    query = select(_GROUP).where(_GROUP.c.city_code == code, _GROUP.c.ended_at.is_(None))
    rows = connection.execute(query.order_by(_GROUP.c.id))
    return [Group(row.id, row.name, tuple(row.households)) for row in rows]


def points_of(connection: Connection, load_id: int, households: Sequence[int]) -> dict[int, Any]:
    """(lon, lat) of those of these households that a load has."""
    table = tables.household
    x, y = func.ST_X(table.c.geom), func.ST_Y(table.c.geom)
    query = select(table.c.number, x.label("x"), y.label("y"))
    query = query.where(table.c.load_id == load_id, table.c.number == func.any(list(households)))
    return {row.number: (row.x, row.y) for row in connection.execute(query)}


def add(
    connection: Connection,
    code: str,
    name: str,
    points: dict[int, Any],
    now: datetime,
) -> int:
    """Add a group of households by number, with where each stands; returns its number."""
    households = sorted(points)
    query = _GROUP.insert().values(
        city_code=code,
        name=name,
        households=households,
        geom=_stored([points[one] for one in households]),
        begun_at=now,
    )
    return int(connection.execute(query.returning(_GROUP.c.id)).scalar_one())


def change(
    connection: Connection, number: int, households: Sequence[int], points: Sequence[Any]
) -> None:
    """Write other numbers of its households, with where each stands."""
    query = update(_GROUP).where(_GROUP.c.id == number)
    connection.execute(query.values(households=list(households), geom=_stored(points)))


def end(connection: Connection, code: str, number: int, now: datetime) -> bool:
    """End a group; False where it does not stand."""
    query = update(_GROUP).where(_GROUP.c.city_code == code, _GROUP.c.id == number)
    query = query.where(_GROUP.c.ended_at.is_(None)).values(ended_at=now)
    return bool(connection.execute(query).rowcount)


def lock(connection: Connection) -> None:
    """Let nobody else make a group before the transaction ends."""
    connection.execute(text("LOCK TABLE household_group IN SHARE ROW EXCLUSIVE MODE"))


def _stored(points: Sequence[Any]) -> Any:
    return from_shape(shapely.MultiPoint(np.array(points, np.float64).reshape(-1, 2)), srid=4326)
