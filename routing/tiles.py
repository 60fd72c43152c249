"""Large polygons, cut into tiles of the same area: a question then looks at one tile."""

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

MOST_IN_TILE: Final = 5_000
"""Vertices of a polygon that is not cut."""
_LEAST_M: Final = 10.0
"""No tile is cut that is smaller, however jagged it is."""
_SLACK: Final = 1e-9
"""Share of a polygon's area by which its tiles may differ, of rounding."""


def tiled(polygons: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Tiles (n) of valid polygons in metres, and of which polygon (row) each is.

    Tiles meet along straight lines, and together cover what the polygon covers. One that cannot be
    cut so stays whole.
    """
    large = shapely.get_num_coordinates(polygons) > MOST_IN_TILE
    if not large.any():
        return polygons, np.arange(len(polygons))
    pairs = zip(polygons, large.tolist(), strict=True)
    pieces = [_tiles(polygon) if cut else [polygon] for polygon, cut in pairs]
    rows = np.repeat(np.arange(len(polygons)), [len(of) for of in pieces])
    tiles = np.empty(len(rows), dtype=object)
    tiles[:] = [tile for of in pieces for tile in of]
    return tiles, rows


def _tiles(polygon: BaseGeometry) -> list[BaseGeometry]:
    found: list[BaseGeometry] = []
    left = [polygon]
    while left:
        one = left.pop()
        halves = _halves(one)
        (left if len(halves) > 1 else found).extend(halves)
    same = abs(sum(tile.area for tile in found) - polygon.area) <= _SLACK * polygon.area
    return found if same and shapely.is_valid(found).all() else [polygon]


def _halves(polygon: BaseGeometry) -> list[BaseGeometry]:
    """A polygon cut across its longer side, or itself where it is small enough."""
    west, south, east, north = polygon.bounds
    width, height = east - west, north - south
    if shapely.get_num_coordinates(polygon) <= MOST_IN_TILE or max(width, height) < _LEAST_M:
        return [polygon]
    if width >= height:
        middle = (west + east) / 2
        boxes = [(west, south, middle, north), (middle, south, east, north)]
    else:
        middle = (south + north) / 2
        boxes = [(west, south, east, middle), (west, middle, east, north)]
    return [half for box in boxes if not (half := _clipped(polygon, box)).is_empty]


def _clipped(polygon: BaseGeometry, box: tuple[float, float, float, float]) -> BaseGeometry:
    """What of a polygon lies in a box, without the points and lines in which it touches it."""
    clipped = shapely.clip_by_rect(polygon, *box)
    if isinstance(clipped, Polygon | MultiPolygon):
        return clipped
    parts = shapely.get_parts(clipped)
    return MultiPolygon([part for part in parts if isinstance(part, Polygon)])
