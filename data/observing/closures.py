"""Closures that reports made."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import shapely
from geoalchemy2.shape import from_shape, to_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy import text as sql

from data import tables
from data.observing.observations import ASKED
from hazards.closure import ClosureBasis

_CLOSURE = tables.closure


def standing_of(connection: Connection, code: str, streets: Sequence[str]) -> dict[str, Row[Any]]:
    """The standing closure by reports of each of these streets."""
    query = select(_CLOSURE).where(
        _CLOSURE.c.city_code == code,
        _CLOSURE.c.ended_at.is_(None),
        _CLOSURE.c.street.in_(streets),
    )
    return {row.street: row for row in connection.execute(query)}


def add(
    connection: Connection,
    code: str,
    *,
    street: str,
    reason: str,
    line: BaseGeometry,
    by_water: bool,
    basis: ClosureBasis,
) -> int:
    """Shut a street, by its line in (lon, lat)."""
    values = {
        "city_code": code,
        "street": street,
        "reason": reason,
        "geom": from_shape(shapely.force_2d(line), srid=4326),
        "by_water": by_water,
        "basis": basis,
    }
    query = insert(_CLOSURE).values(values).returning(_CLOSURE.c.id)
    return int(connection.execute(query).scalar_one())


def change(
    connection: Connection,
    number: int,
    *,
    reason: str,
    line: BaseGeometry,
    by_water: bool,
    basis: ClosureBasis,
    grown: bool,
) -> None:
    """Say on what a closure stands now, and which part of its street it shuts; `grown` where that
    is another part than before.
    """
    values = {
        "reason": reason,
        "geom": from_shape(shapely.force_2d(line), srid=4326),
        "by_water": by_water,
        "basis": basis,
        # Whom it moves now nobody knows.
        **({"moving": None} if grown else {}),
    }
    standing = (_CLOSURE.c.id == number, _CLOSURE.c.ended_at.is_(None))
    connection.execute(update(_CLOSURE).where(*standing).values(values))


def named(connection: Connection, numbers: Sequence[int]) -> list[Row[Any]]:
    """Closures by their numbers."""
    query = select(_CLOSURE).where(_CLOSURE.c.id.in_(numbers)).order_by(_CLOSURE.c.id)
    return list(connection.execute(query)) if numbers else []


def told(connection: Connection, load: Any, numbers: Sequence[int]) -> dict[str, dict[str, Any]]:
    """What everybody hears of these standing closures, by their numbers: the street (its number in
    the load), its line and how long it is, since when, and whether it is confirmed.
    """
    query = sql(
        "SELECT c.*, s.number, ST_Length(c.geom::geography) AS length_m FROM closure c,"
        " LATERAL (SELECT number FROM street WHERE load_id = :load ORDER BY"
        " street.geom <-> ST_LineInterpolatePoint(c.geom, 0.5) LIMIT 1) s"
        " WHERE c.id = ANY(CAST(:numbers AS bigint[])) AND c.ended_at IS NULL"
    ).columns(geom=_CLOSURE.c.geom.type)
    rows = connection.execute(query, {"load": load.id, "numbers": list(numbers)})
    return {
        str(row.id): {
            "street": row.number,
            "line": shapely.get_coordinates(to_shape(row.geom)).round(6).tolist(),
            "length_m": round(row.length_m),
            "reason": row.reason,
            "since": row.begun_at.isoformat(timespec="seconds"),
            "confirmed": row.basis != ClosureBasis.SUSPENDED,
        }
        for row in rows
    }


def review(connection: Connection, number: int, at: datetime) -> bool:
    """A person says that it still stands, and with it what its reports shut beside it; False where
    it does not.
    """
    street, mine = tables.observation_street, _CLOSURE.alias()
    behind = select(street.c.observation).join(mine, mine.c.street == street.c.street)
    behind = behind.where(mine.c.id == number, mine.c.ended_at.is_(None))
    beside = select(street.c.street).where(street.c.observation.in_(behind))
    those = (_CLOSURE.c.id == number) | _CLOSURE.c.street.in_(beside)
    query = update(_CLOSURE).where(those, _CLOSURE.c.ended_at.is_(None)).values(reviewed_at=at)
    return number in set(connection.scalars(query.returning(_CLOSURE.c.id)))


def unjudged(connection: Connection, code: str) -> list[int]:
    """Closures by reports, and ordered ones that ask, of which nobody knows yet whom they move."""
    by_reports = (_CLOSURE.c.basis != ClosureBasis.ORDER) & _CLOSURE.c.moving.is_(None)
    query = select(_CLOSURE.c.id).where(
        _CLOSURE.c.city_code == code,
        _CLOSURE.c.ended_at.is_(None),
        by_reports | (_CLOSURE.c.moving == ASKED),
    )
    return sorted(connection.execute(query).scalars())


def judge(connection: Connection, numbers: Sequence[int], moving: str) -> None:
    """Say whether places are planned by them, unless somebody has said so."""
    open_ = _CLOSURE.c.moving.is_(None) | (_CLOSURE.c.moving == ASKED)
    mine = (_CLOSURE.c.id.in_(numbers), open_)
    connection.execute(update(_CLOSURE).where(*mine).values(moving=moving))


def release(connection: Connection, numbers: Sequence[int], moving: str) -> None:
    """A person says that places are planned by them."""
    connection.execute(update(_CLOSURE).where(_CLOSURE.c.id.in_(numbers)).values(moving=moving))


def by_reports(connection: Connection, code: str) -> list[Row[Any]]:
    """The standing closures by reports, each with the `name` of its street, the oldest first."""
    street = tables.observation_street
    name = select(street.c.name).where(street.c.street == _CLOSURE.c.street).limit(1)
    query = (
        select(_CLOSURE, name.scalar_subquery().label("name"))
        .where(_CLOSURE.c.city_code == code, _CLOSURE.c.ended_at.is_(None))
        .where(_CLOSURE.c.basis != ClosureBasis.ORDER)
        .order_by(_CLOSURE.c.begun_at, _CLOSURE.c.id)
    )
    return list(connection.execute(query))


def street_names(connection: Connection, numbers: Sequence[int]) -> dict[int, str]:
    """The name of the street of each of these closures by reports, "" for one without."""
    street = tables.observation_street
    joined = _CLOSURE.join(street, street.c.street == _CLOSURE.c.street)
    query = select(_CLOSURE.c.id, street.c.name).select_from(joined).distinct()
    rows = connection.execute(query.where(_CLOSURE.c.id.in_(numbers)))
    return {row.id: row.name for row in rows}
