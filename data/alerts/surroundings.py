"""What lies in a box of degrees: areas, assumed zones, waters, streets."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection
from sqlalchemy import text as sql

Box = tuple[float, float, float, float]
MOST_STREETS: Final = 4_000
"""Beyond these a map shows the named ones and the longest."""
_ZONES: Final = """
SELECT layer, rank, kind, ST_AsBinary(ST_ClipByBox2D(geom, box)) AS shape FROM hazard_zone,
ST_MakeEnvelope(:west, :south, :east, :north, 4326) AS box
WHERE load_id = :load AND kind <> 'observed' AND geom && box ORDER BY number
"""
_AREAS: Final = """
SELECT name, ST_AsBinary(geom) AS shape FROM area,
ST_MakeEnvelope(:west, :south, :east, :north, 4326) AS box
WHERE load_id = :load AND kind = 'chome' AND ST_Intersects(geom, box) ORDER BY number
"""
_WATERS: Final = """
SELECT name, ST_AsBinary(ST_ClipByBox2D(geom, box)) AS shape FROM waterway,
ST_MakeEnvelope(:west, :south, :east, :north, 4326) AS box
WHERE load_id = :load AND geom && box ORDER BY number
"""
_STREETS: Final = """
SELECT ST_AsBinary(geom) AS shape FROM street,
ST_MakeEnvelope(:west, :south, :east, :north, 4326) AS box
WHERE load_id = :load AND geom && box
ORDER BY (name < 0), ST_Length(geom) DESC, number LIMIT :most
"""


@dataclass(frozen=True, slots=True, eq=False)
class Surroundings:
    """Geometries in (lon, lat); zones as (layer, rank, kind, shape), forecast ones too."""

    zones: Sequence[tuple[str, int, str, BaseGeometry]]
    areas: Sequence[tuple[str, BaseGeometry]]
    waters: Sequence[tuple[str, BaseGeometry]]
    streets: Sequence[BaseGeometry]


def city_shape(connection: Connection, load: int) -> BaseGeometry | None:
    """All areas of the city together; None where it has no areas."""
    query = (
        "SELECT ST_AsBinary(ST_UnaryUnion(ST_Collect(geom))) FROM area"
        " WHERE load_id = :load AND kind = 'chome'"
    )
    found = connection.execute(sql(query), {"load": load}).scalar()
    return None if found is None else shapely.from_wkb(bytes(found))


def surroundings(connection: Connection, load: int, box: Box) -> Surroundings:
    """What of a load lies in `box`: west, south, east, north."""
    west, south, east, north = box
    bound = {"load": load, "west": west, "south": south, "east": east, "north": north}

    def rows(query: str, **more: Any) -> list[tuple[Any, BaseGeometry]]:
        found = connection.execute(sql(query), bound | more)
        shapes = [(row, shapely.from_wkb(bytes(row.shape))) for row in found if row.shape]
        return [(row, shape) for row, shape in shapes if not shape.is_empty]

    return Surroundings(
        [(row.layer, row.rank, row.kind, shape) for row, shape in rows(_ZONES)],
        [(row.name, shape) for row, shape in rows(_AREAS)],
        [(row.name, shape) for row, shape in rows(_WATERS)],
        [shape for _, shape in rows(_STREETS, most=MOST_STREETS)],
    )
