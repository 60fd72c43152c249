"""Which streets a report names, by the loaded map."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection
from sqlalchemy import text as sql

from hazards.observation import ObservationKind
from routing.roads import Access, StreetFlag

LOOKED_AT: Final = 24
"""The nearest streets of which one is chosen."""
MOST_STREETS: Final = 200
"""A line or an area names no more: what is larger is drawn as observed water."""
AROUND: Final = 0.0045
"""Degrees around a point in which its street is looked for: at least 300 m up to 50° north."""
LEAST_M: Final = 30.0
"""A street this near is named whatever the error says: carriageways are wide."""
ALONG_M: Final = 10.0
"""A street runs along a drawn line within this."""

_WANTED: Final[Mapping[ObservationKind, int]] = {
    ObservationKind.BRIDGE: int(StreetFlag.BRIDGE | StreetFlag.PART_BRIDGE),
    ObservationKind.UNDERPASS_FLOODED: int(StreetFlag.TUNNEL | StreetFlag.PART_TUNNEL),
}
"""Of streets that are near enough, one of these is meant."""

# Metres to a degree, within 1 % up to 50° north: on the spheroid each distance takes 0.1 ms.
_POINTS: Final = sql(
    "SELECT given.i, near.geom, near.key, near.name, near.number, near.flags, near.layer,"
    " near.away"
    " FROM unnest(CAST(:i AS int[]), CAST(:lon AS float[]), CAST(:lat AS float[]))"
    " AS given(i, lon, lat),"
    " LATERAL (SELECT geom, md5(ST_AsBinary(geom)) AS key, name, flags, layer, number,"
    " ST_Distance(ST_Scale(geom, here.x, here.y),"
    " ST_SetSRID(ST_Point(given.lon * here.x, given.lat * here.y), 4326)) AS away"
    " FROM (SELECT 111320 * cos(radians(given.lat)) AS x, 110950.0 AS y) here,"
    " LATERAL (SELECT * FROM street WHERE load_id = :load AND access & :foot > 0"
    " AND geom && ST_Expand(ST_SetSRID(ST_Point(given.lon, given.lat), 4326), :around)"
    " ORDER BY geom <-> ST_SetSRID(ST_Point(given.lon, given.lat), 4326) LIMIT :most) nearest) near"
    " ORDER BY given.i, near.away, near.number"
)
_SHAPES: Final = sql(
    "SELECT geom, md5(ST_AsBinary(geom)) AS key, name FROM (SELECT geom, name, number,"
    " ST_Length(geom::geography) AS length_m,"
    " ST_Length(ST_Intersection(geom, shape.there)::geography) AS shared_m"
    " FROM street, (SELECT ST_Buffer(ST_GeomFromEWKB(:shape)::geography, :along)::geometry"
    " AS there) shape WHERE load_id = :load AND access & :foot > 0"
    " AND ST_Intersects(geom, shape.there)) met"
    " WHERE :touched OR shared_m > :shared OR shared_m > 0.7 * length_m"
    " ORDER BY number LIMIT :most"
)
_AWAY: Final = sql(
    "SELECT min(ST_Distance(geom::geography, ST_GeomFromEWKB(:shape)::geography))"
    " FROM (SELECT geom FROM street WHERE load_id = :load AND access & :foot > 0"
    " ORDER BY geom <-> ST_GeomFromEWKB(:shape) LIMIT :most) near"
)


@dataclass(frozen=True, slots=True)
class Street:
    """A street of the map: the `key` of its line, the line in (lon, lat) as WKB in hex, its row of
    the load's names (-1: none).
    """

    key: str
    geom: str
    name: int


def nearest(
    connection: Connection,
    load: Any,
    points: Sequence[tuple[BaseGeometry, ObservationKind, float]],
) -> tuple[list[Street | None], list[float]]:
    """The street that each point (with what was seen, within `error_m`) names, None where none is
    near enough, and how many metres away the nearest is.
    """
    found: list[Street | None] = [None] * len(points)
    away = [float("inf")] * len(points)
    if not points:
        return found, away
    given = {
        "i": list(range(len(points))),
        "lon": [shapely.get_x(point) for point, _, _ in points],
        "lat": [shapely.get_y(point) for point, _, _ in points],
    }
    best = [(2, float("inf"))] * len(points)
    for row in connection.execute(_POINTS, given | _of(load, LOOKED_AT)):
        _, kind, error_m = points[row.i]
        away[row.i] = min(away[row.i], row.away)
        if row.away > max(error_m, LEAST_M):
            continue
        rank = (0 if _is_meant(kind, row) else 1, row.away)
        if rank < best[row.i]:
            best[row.i] = rank
            found[row.i] = Street(row.key, row.geom, row.name)
    return found, away


def along(connection: Connection, load: Any, shape: BaseGeometry) -> tuple[list[Street], float]:
    """The streets that a drawn line runs along, or that an area touches, one more than
    `MOST_STREETS` at most; and how many metres away the nearest street is.
    """
    line = shape.geom_type.endswith("LineString")
    drawn = {
        "shape": shapely.to_wkb(shapely.set_srid(shape, 4326), include_srid=True),
        "along": ALONG_M if line else 1.0,
        "touched": not line,
        "shared": 3 * ALONG_M,
    }
    rows = connection.execute(_SHAPES, drawn | _of(load, MOST_STREETS + 1)).all()
    if rows:
        return [Street(row.key, row.geom, row.name) for row in rows], 0.0
    away = connection.execute(_AWAY, drawn | _of(load, LOOKED_AT)).scalar()
    return [], float("inf") if away is None else float(away)


def _is_meant(kind: ObservationKind, row: Any) -> bool:
    below = kind is ObservationKind.UNDERPASS_FLOODED and row.layer < 0
    return below or bool(row.flags & _WANTED.get(kind, 0))


def _of(load: Any, most: int) -> dict[str, Any]:
    foot = int(Access.FOOT)
    return {"load": load.id, "foot": foot, "most": most, "around": AROUND}
