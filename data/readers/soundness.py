"""Polygons of published zones, sound enough to ask: repaired where that loses no ground."""

from pathlib import Path
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from data.errors import BrokenSource
from data.readers.geojson import refuse_other_kinds
from data.readers.repair import Repairs, TooManyRepairs, TooTangled, repaired
from data.report import SourceReport

POLYGONS: Final = ("Polygon", "MultiPolygon")
MOST_VERTICES: Final = 2_000_000
"""A valid polygon of so many vertices is looked through in 7 s, one of a million in 2 s."""
MOST_REPAIRED: Final = 500_000
"""A polygon of so many vertices is repaired in 5 s, one of twice as many in 10 s."""

NOWHERE_DEG: Final = 1.0
"""What reaches so near to longitude 0, latitude 0 stands where a program writes "unknown"."""

_AGAIN: Final = "fetch the file again, or mend the row in a GIS"
_MEND: Final = "mend the file in a GIS (make its polygons valid)"
_CUT: Final = "cut it into parts, or simplify it, in a GIS"
_OTHER_CRS: Final = "swapped, or in another CRS than it says?"


def sound_polygon(
    path: Path,
    row: int,
    geometry: BaseGeometry | None,
    report: SourceReport,
    repairs: Repairs | None = None,
) -> BaseGeometry:
    """A valid polygon in degrees without heights; raises `BrokenSource` where there is none.

    Officers cannot mend a ministry's file: one that crosses itself is made valid, and reported.
    What its outline winds round stays inside, so a zone never shrinks by it. `repairs` is what
    those of the file may still take; None for a single polygon.
    """
    if geometry is None:
        raise BrokenSource(path, "geometry: is null", row=row, remedy=_AGAIN)
    refuse_other_kinds(path, row, geometry, POLYGONS, remedy=_AGAIN)
    count = int(shapely.get_num_coordinates(geometry))
    if count > MOST_VERTICES:
        raise BrokenSource(path, f"geometry: over {MOST_VERTICES:,} vertices", row=row, remedy=_CUT)
    if not in_the_world(geometry):
        what = "geometry: coordinates are not longitude and latitude in degrees"
        raise BrokenSource(path, what, row=row, remedy=_OTHER_CRS)
    flat = shapely.force_2d(geometry)
    if shapely.dwithin(flat, shapely.Point(0, 0), NOWHERE_DEG):
        what = "geometry: reaches to longitude 0, latitude 0, which stands for no known place"
        raise BrokenSource(path, what, row=row, remedy=_AGAIN)
    return flat if flat.is_valid else _repaired(path, row, flat, report, repairs or Repairs())


def in_the_world(geometry: BaseGeometry) -> bool:
    """Whether every coordinate is a longitude and a latitude in degrees."""
    xy = np.abs(shapely.get_coordinates(geometry))
    return bool(np.all(xy <= (180, 90)))


def _repaired(
    path: Path, row: int, broken: BaseGeometry, report: SourceReport, repairs: Repairs
) -> BaseGeometry:
    fault = str(shapely.is_valid_reason(broken)).split("[")[0]
    if shapely.get_num_coordinates(broken) > MOST_REPAIRED:
        what = f"geometry: {fault}, and over {MOST_REPAIRED:,} vertices"
        raise BrokenSource(path, what, row=row, remedy=_CUT)
    try:
        whole = repaired(broken, repairs)
    except TooTangled:
        what = f"geometry: {fault}, too often to be repaired"
        raise BrokenSource(path, what, row=row, remedy=_CUT) from None
    except TooManyRepairs:
        what = f"geometry: {fault}, and too many of the file's polygons are"
        raise BrokenSource(path, what, row=row, remedy=_MEND) from None
    if whole.is_empty or not whole.is_valid:
        raise BrokenSource(path, f"geometry: {fault}, no area is left", row=row, remedy=_AGAIN)
    report.repair(f"geometry: {fault}, made valid", row=row, at=whole)
    return whole
