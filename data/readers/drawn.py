"""Polygons that a person drew: whatever GeoJSON allows (RFC 7946) that holds polygons."""

from pathlib import Path
from typing import Any, Final

import shapely
from shapely.geometry.base import BaseGeometry

from data.errors import BrokenSource
from data.readers.geojson import (
    checked,
    geometry_of,
    is_notice,
    json_of,
    refuse_other_crs,
    refuse_other_kinds,
)

MOST_IN_ONE: Final = 20_000
"""Vertices of one polygon. Whether it is valid takes the square of them where the outline is
jagged all over: 1 to 5 s for 20,000, 41 to 148 s for 100,000."""
MOST_IN_FILE: Final = 60_000

_GEOMETRIES: Final = (
    *("Polygon", "MultiPolygon", "Point", "MultiPoint"),
    *("LineString", "MultiLineString", "GeometryCollection"),
)
_AREAS: Final = _GEOMETRIES[:2]
_OUTLINE: Final = "draw the outline of the area (a single street: nigemichi road close)"
_SIMPLIFY: Final = (
    "simplify the outlines to about a metre: ogr2ogr -simplify 0.00001 NEW.geojson {name},"
    " or in QGIS: Vector, Geometry Tools, Simplify, tolerance 0.00001 degrees"
)
_PARTS: Final = "; or make single parts of it (ogr2ogr -explodecollections; QGIS: to singleparts)"


def read_drawn(path: Path) -> list[tuple[int, BaseGeometry]]:
    """(row, polygon), valid and in degrees: of a collection, a feature, or a bare geometry.

    An open ring is closed, heights are left out; nothing else is repaired. Properties are not
    looked at. Raises `BrokenSource`.
    """
    drawn = []
    for row, given in enumerate(_geometries(path, json_of(path)), start=1):
        for geometry in _members(geometry_of(path, row, given)):
            refuse_other_kinds(path, row, geometry, _AREAS, remedy=_OUTLINE)
            drawn.append((row, geometry))
    _refuse_too_many(path, drawn)
    return [(row, checked(path, row, geometry)) for row, geometry in drawn]


def _geometries(path: Path, table: Any) -> list[Any]:
    """The geometries of a file, as JSON."""
    kind = table.get("type") if isinstance(table, dict) else None
    if is_notice(table):
        what = "holds no polygon: it is a notice of the GSI that it has no data"
        raise BrokenSource(path, what, remedy=_OUTLINE)
    rows = table.get("features") if isinstance(table, dict) else None
    if isinstance(rows, list):
        found = [row.get("geometry") if isinstance(row, dict) else row for row in rows]
    elif kind == "Feature":
        found = [table.get("geometry")]
    elif kind in _GEOMETRIES:
        found = [table]
    else:
        what = "is no GeoJSON: neither a FeatureCollection, nor a Feature, nor a polygon"
        raise BrokenSource(path, what, remedy="save it as GeoJSON in a GIS")
    refuse_other_crs(path, table)
    return found


def _members(geometry: BaseGeometry) -> list[BaseGeometry]:
    """What a collection holds, in collections in it too; of any other geometry, itself."""
    found, left = [], [geometry]
    while left:
        one = left.pop()
        if one.geom_type == "GeometryCollection" and not one.is_empty:
            left += reversed(shapely.get_parts(one).tolist())
        else:
            found.append(one)
    return found


def _refuse_too_many(path: Path, drawn: list[tuple[int, BaseGeometry]]) -> None:
    """Before anything looks at validity: that would take minutes, and say nothing meanwhile."""
    simplify = _SIMPLIFY.format(name=path.name)
    for row, geometry in drawn:
        count = int(shapely.get_num_coordinates(geometry))
        if count > MOST_IN_ONE:
            what = f"geometry: has {count:,} vertices, at most {MOST_IN_ONE:,} are taken"
            parts = _PARTS if geometry.geom_type == "MultiPolygon" else ""
            raise BrokenSource(path, what, row=row, remedy=simplify + parts)
    total = sum(int(shapely.get_num_coordinates(geometry)) for _, geometry in drawn)
    if total > MOST_IN_FILE:
        what = f"has {total:,} vertices in {len(drawn):,} polygons, at most {MOST_IN_FILE:,}"
        remedy = f"{simplify}; or give it as several files"
        raise BrokenSource(path, f"{what} are taken", remedy=remedy)
