"""Which coordinates a file's numbers are, and how they become longitude and latitude."""

from pathlib import Path
from typing import Final

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from pyproj.exceptions import CRSError, ProjError

from data.errors import BrokenSource
from data.report import SourceReport

JAPAN: Final = (122.0, 20.0, 154.0, 46.0)
"""West, south, east, north of all islands, in degrees."""

_DATUMS: Final = ("2011", "2000", "1984", "wgs84")
"""In the names of JGD2011, JGD2000 and WGS84; they differ by less than a house, but for places
that an earthquake moved.
"""
_CONVERT: Final = "convert it to JGD2011 (EPSG:6668) in a GIS"


def to_degrees(
    path: Path, shapes: NDArray[np.object_], crs: str | None, report: SourceReport | None
) -> NDArray[np.object_]:
    """Geometries (n, None where there is none) in degrees; raises `BrokenSource`.

    `crs` is what the file states. Without one, coordinates within Japan in degrees are taken as
    they are, and that is noted.
    """
    xy = shapely.get_coordinates(shapes)
    known = _stated(path, crs)
    if known is None:
        if not _within_japan(xy).all():
            what = "states no CRS (.prj), and its coordinates are not degrees within Japan"
            raise BrokenSource(path, what, remedy="fetch it again with its .prj, or " + _CONVERT)
        if report is not None:
            report.note("the file states no CRS: taken as longitude and latitude of JGD2011")
        return shapes
    if known.is_geographic:
        if len(xy) and _beyond_degrees(xy).mean() > 0.5:
            what = f"crs: says {known.name}, in degrees, but its coordinates are metres"
            raise BrokenSource(path, what, remedy="give it the CRS that it is in (its .prj)")
        return shapes
    if len(xy) and _within_japan(xy).all():
        what = f"crs: says {known.name}, in metres, but its coordinates are degrees"
        raise BrokenSource(path, what, remedy="give it the CRS that it is in (its .prj)")
    return _unprojected(path, shapes, known)


def _stated(path: Path, crs: str | None) -> pyproj.CRS | None:
    """The horizontal CRS that is stated, on today's datum; None where none is."""
    if not crs or "undefined" in crs.lower()[:60]:
        return None
    try:
        known = pyproj.CRS.from_user_input(crs)
    except CRSError as error:
        raise BrokenSource(path, f"crs: {crs[:80]!r} is not understood", remedy=_CONVERT) from error
    if known.is_compound:
        known = known.sub_crs_list[0]
    base = known.geodetic_crs
    datum = "" if base is None or base.datum is None else f"{base.datum.name} {base.name}"
    if not (known.is_geographic or known.is_projected):
        raise BrokenSource(path, f"crs: {known.name}: neither degrees nor a map", remedy=_CONVERT)
    if not any(name in datum.lower().replace(" ", "") for name in _DATUMS):
        what = f"crs: {known.name}: another datum, hundreds of metres off (日本測地系?)"
        raise BrokenSource(path, what, remedy=_CONVERT)
    return known


def _unprojected(path: Path, shapes: NDArray[np.object_], known: pyproj.CRS) -> NDArray[np.object_]:
    """Back to the degrees that the map was drawn from: the datum stays as it is."""
    try:
        there = pyproj.Transformer.from_crs(known, known.geodetic_crs, always_xy=True)
    except ProjError as error:
        raise BrokenSource(path, f"crs: {known.name}: {error}", remedy=_CONVERT) from error

    def lonlat(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(there.transform(xy[:, 0], xy[:, 1]))

    converted: NDArray[np.object_] = shapely.transform(shapes, lonlat)
    return converted


def _within_japan(xy: NDArray[np.float64]) -> NDArray[np.bool_]:
    west, south, east, north = JAPAN
    x, y = xy[:, 0], xy[:, 1]
    return np.asarray((x >= west) & (x <= east) & (y >= south) & (y <= north))


def _beyond_degrees(xy: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.asarray((np.abs(xy[:, 0]) > 180) | (np.abs(xy[:, 1]) > 90))
