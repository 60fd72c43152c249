"""What a person gives with a change: polygons that somebody drew, a reason in a line."""

import unicodedata
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import Polygon
from sqlalchemy import Connection, Row
from sqlalchemy import text as sql

from data.errors import NotThere
from data.readers.drawn import read_drawn
from data.rows import card_of
from operations.errors import Refused

AROUND: Final = 0.1
"""Degrees around the streets that are kept: what is farther off has no metres of the city's."""
NEAR: Final = 0.005
LONGEST: Final = 200


def polygons(connection: Connection, load: Row[Any], path: Path) -> list[BaseGeometry]:
    """The polygons of a file that somebody drew, as far as they lie around the city.

    Raises `BrokenSource`, and `NotThere` for one that is of another place.
    """
    shapes = read_drawn(path)
    if not shapes:
        raise NotThere(f"{path.name}: no polygon in it: draw the outline of the area")
    whole = surroundings(connection, load)
    clipped = [around(whole, shape) for _, shape in shapes]
    streets = _streets_near(connection, load, clipped)
    for (row, _), shape in zip(shapes, clipped, strict=True):
        if not _is_near(streets, shape):
            where, name = f"{path.name}, row {row}", card_of(load).name
            raise NotThere(f"{where}: lies outside {name}; are latitude and longitude swapped?")
    return clipped


def surroundings(connection: Connection, load: Row[Any]) -> Polygon:
    """The box around the streets beyond which nothing that is given counts."""
    west, south, east, north = connection.execute(
        sql(
            "SELECT ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box)"
            " FROM (SELECT ST_Extent(geom) AS box FROM street WHERE load_id = :load) streets"
        ),
        {"load": load.id},
    ).one()
    box: Polygon = shapely.box(west - AROUND, south - AROUND, east + AROUND, north + AROUND)
    return box


def around(whole: Polygon, shape: BaseGeometry) -> BaseGeometry:
    """The part of a shape in the surroundings: the far side of the world projects to infinity."""
    if shapely.box(*shape.bounds).within(whole):
        return shape
    parts = shapely.get_parts(shapely.intersection(shape, whole))
    return shapely.union_all([part for part in parts if part.area > 0])


def _streets_near(
    connection: Connection, load: Row[Any], shapes: list[BaseGeometry]
) -> shapely.STRtree:
    """The streets around all the shapes, asked for once."""
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    rows = connection.execute(
        sql(
            "SELECT ST_AsBinary(geom) FROM street WHERE load_id = :load AND geom &&"
            " ST_MakeEnvelope(:west, :south, :east, :north, 4326)"
        ),
        {
            "load": load.id,
            **{"west": west - NEAR, "south": south - NEAR},
            **{"east": east + NEAR, "north": north + NEAR},
        },
    ).scalars()
    lines = [bytes(row) for row in rows]
    return shapely.STRtree(shapely.from_wkb(np.array(lines, dtype=object)))


def _is_near(streets: shapely.STRtree, shape: BaseGeometry) -> bool:
    """Whether a street is near. PostGIS takes 40 s for 400,000 vertices, a prepared shape none."""
    if shape.is_empty:
        return False
    west, south, east, north = shape.bounds
    around = shapely.box(west - NEAR, south - NEAR, east + NEAR, north + NEAR)
    shapely.prepare(shape)
    near = streets.geometries.take(streets.query(around))
    return any(shapely.dwithin(shape, street, NEAR) for street in near)


def line_of(text: str, what: str) -> str:
    """A reason or a source: a line that every list and page can show; raises `Refused`."""
    if not text.strip():
        raise Refused(f"say in a line the {what}")
    if len(text) > LONGEST:
        raise Refused(f"the {what} has {len(text)} characters: at most {LONGEST}")
    if any(unicodedata.category(sign) in _UNSEEN for sign in text):
        raise Refused(f"the {what} holds characters that cannot be seen: write one plain line")
    return text


_UNSEEN: Final = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
