"""Which places an order sends people to that are not open: what headquarters is warned of."""

from collections.abc import Sequence
from typing import Any, Final

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, Row
from sqlalchemy import text as sql

from data import inforce
from hazards.kinds import HazardKind
from shelters.place import Opening, assumed_opening

NEAREST: Final = 5
WARNED_OF: Final = frozenset(
    {Opening.UNCONFIRMED, Opening.UNOPENED, Opening.PREPARING, Opening.CLOSED}
)
"""UNCONFIRMED too: nobody knows whether its door is open."""

_SITES: Final = (
    "SELECT site.id, site.name, said.opening, said.expected_at FROM evacuation_site site"
    " LEFT JOIN site_opening said ON said.city_code = :code AND said.site_id = site.id"
    " AND said.ended_at IS NULL"
    " WHERE site.load_id = :load AND :hazard = ANY(site.designated_for)"
)
_AREA: Final = "ST_GeomFromWKB(:area, 4326)"


def unopened_sites(
    connection: Connection, load: Row[Any], hazard: HazardKind, names: Sequence[str]
) -> list[dict[str, Any]]:
    """The places that are not open yet in areas of these names, none for the whole city.

    Only places designated for the hazard count (`safety.md` 1): those in the areas or, where there
    is none, the five nearest. Each with its id, name, opening and expected_at.
    """
    return _unopened(connection, load, hazard, _area(connection, load, names) if names else None)


def unopened_of_order(
    connection: Connection, load: Row[Any], order: Row[Any]
) -> list[dict[str, Any]]:
    """The same for the area of a standing order."""
    area = inforce.geometry_of(order)
    return _unopened(connection, load, HazardKind(order.hazard), area)


def _area(connection: Connection, load: Row[Any], names: Sequence[str]) -> BaseGeometry:
    union = connection.execute(
        sql(
            "SELECT ST_AsBinary(ST_Union(geom)) FROM area"
            " WHERE load_id = :load AND name = ANY(:names)"
        ),
        {"load": load.id, "names": list(names)},
    ).scalar()
    return shapely.from_wkb(bytes(union)) if union else shapely.Polygon()


def _unopened(
    connection: Connection, load: Row[Any], hazard: HazardKind, area: BaseGeometry | None
) -> list[dict[str, Any]]:
    asked: dict[str, Any] = {"code": load.code, "load": load.id, "hazard": hazard}
    if area is None:
        rows = connection.execute(sql(f"{_SITES} ORDER BY site.number"), asked).all()
    elif area.is_empty:
        return []
    else:
        asked["area"] = shapely.to_wkb(area)
        inside = f"{_SITES} AND ST_Intersects(site.geom, {_AREA}) ORDER BY site.number"
        near = (
            f"{_SITES} ORDER BY ST_Distance(site.geom::geography, {_AREA}::geography), site.number"
            f" LIMIT {NEAREST}"
        )
        rows = connection.execute(sql(inside), asked).all()
        rows = rows or connection.execute(sql(near), asked).all()
    return [
        _warning(row, assumed_opening(load.assume))
        for row in rows
        if _is_warned_of(row, assumed_opening(load.assume))
    ]


def _is_warned_of(row: Row[Any], plan: Opening) -> bool:
    return Opening(row.opening or plan) in WARNED_OF


def _warning(row: Row[Any], plan: Opening) -> dict[str, Any]:
    expected = row.expected_at.isoformat() if row.expected_at else None
    opening = Opening(row.opening or plan)
    return {"id": row.id, "name": row.name, "opening": opening, "expected_at": expected}
