"""Where a CAP message is for: a name, and polygons without holes as "lat,lon lat,lon …"."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import shapely
from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry

from alerts.errors import NotFit

GRID_DEG: Final = 1e-5
"""Coordinates have five decimals: a metre."""
SIMPLIFIED_DEG: Final = 5e-5
"""So far a line may run beside the true one: 5 m. Areas are grown by as much before, and by their
rounding: nobody who is concerned is left outside."""
NARROW_DEG: Final = 4 * GRID_DEG
"""A hole that is narrower is filled: whoever is in it is told too."""
MOST_CUTS: Final = 500
"""Holes that are cut open; whatever is left then is filled."""


@dataclass(frozen=True, slots=True)
class CapArea:
    """`shape` in (lon, lat), None where the name says all: a whole city."""

    area_desc: str
    shape: BaseGeometry | None = None


def polygons_of(shape: BaseGeometry) -> list[str]:
    """CAP's `polygon`s that cover a shape in (lon, lat), each closed and without holes.

    Raises `NotFit` for what is no area in degrees, or crosses itself.
    """
    if shape.geom_type not in {"Polygon", "MultiPolygon"} or shape.is_empty or not shape.is_valid:
        raise NotFit("区域の形が面になっていません（the area is no valid polygon）")
    west, south, east, north = shape.bounds
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):
        raise NotFit("区域が緯度・経度になっていません（the area is not in degrees）")
    grown = shapely.force_2d(shape).buffer(SIMPLIFIED_DEG + 2 * GRID_DEG, join_style="mitre")
    plain = shapely.set_precision(grown.simplify(SIMPLIFIED_DEG), GRID_DEG)
    return [_written(one) for one in _without_holes(plain)]


def _without_holes(shape: BaseGeometry) -> Iterator[Polygon]:
    """The polygons of a shape, cut through their holes from north to south."""
    waiting, cuts = _polygons(shape), 0
    while waiting:
        polygon = waiting.pop()
        across = _first_hole(polygon) if cuts < MOST_CUTS else None
        if across is None:
            yield Polygon(polygon.exterior)
            continue
        cuts += 1
        west, south, east, north = polygon.bounds
        for half in (box(west, south, across, north), box(across, south, east, north)):
            waiting += _polygons(shapely.intersection(polygon, half, grid_size=GRID_DEG))


def _first_hole(polygon: Polygon) -> float | None:
    """A longitude that runs through a hole, on the grid; None where no hole is left to cut."""
    for hole in polygon.interiors:
        west, _, east, _ = hole.bounds
        if east - west >= NARROW_DEG:
            return round(round((west + east) / 2 / GRID_DEG) * GRID_DEG, 5)
    return None


def _polygons(shape: BaseGeometry) -> list[Polygon]:
    return [one for one in shapely.get_parts(shape) if one.geom_type == "Polygon" and one.area > 0]


def _written(polygon: Polygon) -> str:
    return " ".join(f"{lat:.5f},{lon:.5f}" for lon, lat in polygon.exterior.coords)
