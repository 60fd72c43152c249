"""What is in force, in the database: orders, observed water, closures, openings.

Whoever changes anything here also calls `record_change`, last in the same transaction: without it
the planner sees nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import shapely
from geoalchemy2.shape import from_shape, to_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, Row, func, insert, select, text, update

from data import tables
from data.database import CHANNEL, in_order
from hazards.kinds import AlertLevel, HazardKind
from shelters.place import EvacuationSite, Opening


def record_change(connection: Connection, what: str) -> int:
    """Number a change and wake the planner when the transaction commits.

    Numbers are taken in the order in which transactions commit: whoever has seen one has seen all
    before it.
    """
    in_order(connection)
    query = insert(tables.change).values(what=what).returning(tables.change.c.id)
    number: int = connection.execute(query).scalar_one()
    connection.execute(
        text("SELECT pg_notify(:channel, :id)"), {"channel": CHANNEL, "id": str(number)}
    )
    return number


def last_change(connection: Connection) -> tuple[int, str]:
    """Number and token of the last recorded change, (0, "") before the first."""
    table = tables.change
    query = select(table.c.id, table.c.token).order_by(table.c.id.desc()).limit(1)
    row = connection.execute(query).first()
    return (row.id, str(row.token)) if row else (0, "")


def standing(connection: Connection, table: Any, city_code: str) -> Sequence[Row[Any]]:
    """Rows of an event table that have begun and not ended, oldest first."""
    query = (
        select(table)
        .where(table.c.city_code == city_code, table.c.ended_at.is_(None))
        .order_by(table.c.id)
    )
    return connection.execute(query).all()


def add_order(
    connection: Connection,
    city_code: str,
    *,
    hazard: HazardKind,
    level: AlertLevel,
    area_names: Sequence[str],
    area: BaseGeometry | None,
) -> int:
    """Set an order; `area` in (lon, lat), None for the whole city."""
    return _begin(
        connection,
        tables.evacuation_order,
        city_code=city_code,
        hazard=hazard,
        level=int(level),
        area_names=list(area_names),
        geom=None if area is None else _stored(area),
    )


def add_waters(
    connection: Connection, city_code: str, source: str, areas: Sequence[BaseGeometry]
) -> list[int]:
    """Record observed waters, in (lon, lat); returns their numbers."""
    table = tables.observed_water
    rows = [{"city_code": city_code, "source": source, "geom": _stored(area)} for area in areas]
    query = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return list(connection.execute(query, rows).scalars())


def add_closure(
    connection: Connection,
    city_code: str,
    reason: str,
    line: BaseGeometry,
    *,
    by_water: bool,
    moving: str | None = None,
) -> int:
    """Close the street with that line in (lon, lat); `moving` says whether places are planned by it
    already (`data/observing/observations.py`), None that they are.
    """
    return _begin(
        connection,
        tables.closure,
        city_code=city_code,
        reason=reason,
        geom=_stored(line),
        by_water=by_water,
        moving=moving,
    )


def wait_for_load(connection: Connection) -> None:
    """Wait for a load that carries openings over; call it before anything is read."""
    connection.execute(text("LOCK TABLE site_opening IN ROW EXCLUSIVE MODE"))


def hold_openings(connection: Connection) -> None:
    """Let nobody else open or close a site before the transaction ends."""
    connection.execute(text("LOCK TABLE site_opening IN SHARE ROW EXCLUSIVE MODE"))


def set_opening(
    connection: Connection,
    city_code: str,
    site: EvacuationSite,
    opening: Opening,
    *,
    since: datetime | None = None,
    stage: str | None = None,
    expected_at: datetime | None = None,
    note: str | None = None,
    said_by: str | None = None,
) -> int:
    """Say whether a site is open; what was said before ends.

    `since` is when it became so, where only what is said about it changes.
    """
    table = tables.site_opening
    connection.execute(
        update(table)
        .where(table.c.city_code == city_code, table.c.site_id == site.id)
        .where(table.c.ended_at.is_(None))
        .values(ended_at=func.now())
    )
    return _begin(
        connection,
        table,
        city_code=city_code,
        site_id=site.id,
        site_name=site.name,
        opening=opening,
        stage=stage,
        expected_at=expected_at,
        note=note,
        said_by=said_by,
        geom=_stored(shapely.Point(site.position.lon, site.position.lat)),
        **({} if since is None else {"begun_at": since}),
    )


def end(connection: Connection, table: Any, ids: Sequence[int]) -> list[int]:
    """End events: a person lifts, reopens or removes them; returns those that stood until now.

    Whoever ends the same at once is waited for.
    """
    standing = (table.c.id.in_(ids), table.c.ended_at.is_(None))
    query = update(table).where(*standing).values(ended_at=func.now()).returning(table.c.id)
    return sorted(connection.scalars(query))


def geometry_of(row: Row[Any]) -> BaseGeometry | None:
    """A row's geometry in (lon, lat)."""
    return None if row.geom is None else to_shape(row.geom)


def openings(connection: Connection, city_code: str) -> Mapping[str, tuple[str, datetime]]:
    """What was said last of each site: (opening, since)."""
    rows = standing(connection, tables.site_opening, city_code)
    return {row.site_id: (row.opening, row.begun_at) for row in rows}


def _begin(connection: Connection, table: Any, **values: Any) -> int:
    number: int = connection.execute(
        insert(table).values(**values).returning(table.c.id)
    ).scalar_one()
    return number


def _stored(geometry: BaseGeometry) -> Any:
    return from_shape(shapely.force_2d(geometry), srid=4326)
