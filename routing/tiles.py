"""Polygons with very many vertices, cut into tiles that are quick to intersect."""

from collections.abc import Iterable, Iterator
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

MOST_VERTICES: Final = 512
MOST_GROWTH: Final = 1.25
"""A cut across many spikes adds more vertices than it parts: such a shape stays whole."""


def tiles(polygons: Iterable[BaseGeometry]) -> list[BaseGeometry]:
    """The same surface in parts of about `MOST_VERTICES` vertices each (PostGIS: ST_Subdivide).

    Whole polygons that are small enough stay as they are, in their order.
    """
    return [tile for polygon in polygons for tile in _cut(polygon) if not tile.is_empty]


def _cut(polygon: BaseGeometry) -> Iterator[BaseGeometry]:
    """Halve along the longer side until every part is small."""
    vertices = int(shapely.get_num_coordinates(polygon))
    halves = _halves(polygon) if vertices > MOST_VERTICES else []
    if not halves or shapely.get_num_coordinates(halves).sum() > MOST_GROWTH * vertices:
        yield polygon
        return
    for half in halves:
        yield from _cut(half)


def _halves(polygon: BaseGeometry) -> list[BaseGeometry]:
    """Both halves of a surface; the lines along the cut are no surface."""
    west, south, east, north = polygon.bounds
    if east - west > north - south:
        middle = (west + east) / 2
        boxes = shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)
    else:
        middle = (south + north) / 2
        boxes = shapely.box(west, south, east, middle), shapely.box(west, middle, east, north)
    parts = [shapely.get_parts(shapely.intersection(polygon, box)) for box in boxes]
    return [shapely.multipolygons(found[shapely.get_dimensions(found) == 2]) for found in parts]
