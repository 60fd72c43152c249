"""町丁目, districts, the city's outline and river surfaces: polygons with names; and areas around
points, where nobody published their polygons.
"""

import math
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from city.area import Area, folded
from city.position import Metres
from data.errors import BrokenSource
from data.households import ChomeCount
from data.readers.geojson import required
from data.readers.sieve import Sieve
from data.readers.soundness import POLYGONS, sound_polygon
from data.readers.vector import VectorRow, read_features, vector_rows
from data.report import SourceReport

WATER_HCODE: Final = "8154"
"""HCODE of e-Stat's 水面調査区: water, where nobody is counted."""

BEYOND_M: Final = 500.0
"""How far the city reaches beyond its outermost points where its outline is not known."""
_ESTAT: Final = "take the file as e-Stat publishes it, or name its columns in the city file"
_ONE_CODE: Final = "give every area its own code, or take out the row that is wrong"
_N03: Final = "name the municipality's 5 digits (N03_007), or bring the file of one municipality"


def read_areas(
    path: Path, report: SourceReport, *, code: str = "KEY_CODE", name: str = "S_NAME"
) -> list[Area]:
    """町丁目 in e-Stat's property names, or districts: polygons with a code and a name.

    Rows of one code are parts of one area, and become one polygon. Where `code` is empty, rows
    of one name do. Water (HCODE 8154) is left out. Raises `BrokenSource`.
    """
    parts: dict[str, list[Area]] = {}
    sieve = Sieve(path, report)
    for row in vector_rows(path, report=report):
        with sieve.row(row.number, at=row.geometry):
            if str(row.properties.get("HCODE") or "") == WATER_HCODE:
                report.drop("water (HCODE 8154), no 町丁目", row=row.number, at=row.geometry)
                continue
            part = _part(path, row, code, name, report)
            group = parts.setdefault(part.code, [])
            _refuse_another(path, row.number, group, part, code)
            group.append(part)
    sieve.close()
    areas = [_joined(group, report) for group in parts.values()]
    report.kept = len(areas)
    return areas


def _part(path: Path, row: VectorRow, code: str, name: str, report: SourceReport) -> Area:
    if row.fault:
        raise BrokenSource(path, row.fault, row=row.number, remedy=_ESTAT)
    named = _text(path, row, name)
    coded = _text(path, row, code) if code else named
    if not named or not coded:
        what = (
            f"column {code or name!r} or {name!r} is empty" if code else f"column {name!r} is empty"
        )
        raise BrokenSource(path, what, row=row.number, remedy=_ESTAT)
    return Area(coded, named, sound_polygon(path, row.number, row.geometry, report))


def _text(path: Path, row: VectorRow, column: str) -> str:
    value: Any = required(path, row.number, row.properties, column)
    if isinstance(value, float):  # A shapefile's number; NaN where it is empty.
        value = f"{value:.0f}" if math.isfinite(value) else None
    return "" if value is None else str(value).strip()


def _refuse_another(path: Path, row: int, group: list[Area], part: Area, code: str) -> None:
    if group and folded(group[0].name) != folded(part.name):
        what = f"column {code!r} is {part.code!r} as in a row before, where the name is another"
        raise BrokenSource(
            path, f"{what} ({group[0].name}; here {part.name})", row=row, remedy=_ONE_CODE
        )


def _joined(parts: list[Area], report: SourceReport) -> Area:
    first = parts[0]
    if len(parts) == 1:
        return first
    report.note("areas in several parts, joined by their code")
    return Area(first.code, first.name, shapely.union_all([part.geometry for part in parts]))


def read_boundary(path: Path, report: SourceReport, *, codes: Collection[str] = ()) -> BaseGeometry:
    """The outline of a city (国土数値情報 N03), all its islands as one (lon, lat) geometry.

    `codes` are municipalities (N03_007), the wards of a designated city all of them; they may be
    left out where the file holds a single one. Raises `BrokenSource`.
    """
    sieve = Sieve(path, report)
    parts: list[BaseGeometry] = []
    found = set()
    for row in vector_rows(path, report=report):
        with sieve.row(row.number, at=row.geometry):
            code = str(row.properties.get("N03_007") or "")
            if codes and code not in codes:
                report.note("of another municipality: left out")
                continue
            if row.fault:
                raise BrokenSource(path, row.fault, row=row.number, remedy=_N03)
            parts.append(sound_polygon(path, row.number, row.geometry, report))
            found.add(code)
    sieve.close()
    if not parts or (not codes and len(found) > 1):
        what = f"holds {len(found)} municipalities" if parts else "the municipality is not in it"
        raise BrokenSource(path, f"column 'N03_007': {what}", remedy=_N03)
    report.kept = len(parts)
    return shapely.union_all(parts)


def read_waterways(path: Path, report: SourceReport) -> list[tuple[str, BaseGeometry]]:
    """(name, surface) of rivers; the name may be empty."""
    rows = list(_named_surfaces(path))
    report.read = report.kept = len(rows)
    return rows


def _named_surfaces(path: Path) -> Iterator[tuple[str, BaseGeometry]]:
    for _, properties, geometry in read_features(path, POLYGONS):
        yield str(properties.get("name") or ""), geometry


def nearest_point_areas(
    counts: Sequence[ChomeCount],
    boundary: BaseGeometry | None,
    metres: Metres,
    report: SourceReport,
) -> list[Area]:
    """One area for each counted point: all that is nearer to it than to any other, within the
    city's outline in degrees, or else within 500 m of the points' hull.

    Their codes are P and the row of their count. Counts without a point of their own are dropped
    and listed.
    """
    report.read = len(counts)
    pointed = _with_own_point(counts, report)
    if not pointed:
        return []
    lonlat = np.array([[at.lon, at.lat] for count in pointed if (at := count.position)])
    xy = metres.xy(lonlat)
    outline = _outline(boundary, xy, metres)
    astray = int((~shapely.intersects_xy(outline, xy)).sum())
    if astray:
        report.note("points of 町丁目 outside the city's boundary", count=astray)
    cells = _cells(xy, outline)
    areas = []
    for count, cell in zip(pointed, cells, strict=True):
        surface = _in_degrees(cell, metres)
        if surface.is_empty:
            report.drop(
                "lies wholly outside the city's boundary", row=f"row {count.row} {count.name}"
            )
            continue
        areas.append(Area(f"P{count.row}", count.name, surface))
    report.kept = len(areas)
    report.note("areas by nearest point, no official boundary", count=len(areas))
    return areas


def _with_own_point(counts: Sequence[ChomeCount], report: SourceReport) -> list[ChomeCount]:
    owner: dict[tuple[float, float], ChomeCount] = {}
    for count in counts:
        if count.position is None:
            report.drop("no position, so no area", row=f"row {count.row} {count.name}")
            continue
        at = (round(count.position.lon, 6), round(count.position.lat, 6))
        first = owner.setdefault(at, count)
        if first is not count:
            where = f"row {count.row} {count.name} (as {first.name})"
            report.drop("its position is that of another", row=where)
    return list(owner.values())


def _outline(
    boundary: BaseGeometry | None, xy: NDArray[np.float64], metres: Metres
) -> BaseGeometry:
    """The city's outline in metres, prepared."""
    outline: BaseGeometry
    if boundary is None:
        outline = shapely.convex_hull(shapely.MultiPoint(xy)).buffer(BEYOND_M)
    else:
        outline = shapely.make_valid(shapely.transform(boundary, metres.xy))
    shapely.prepare(outline)
    return outline


def _cells(xy: NDArray[np.float64], outline: BaseGeometry) -> NDArray[np.object_]:
    """(n,) what is nearest to each point (n, 2), all in metres, within the outline."""
    if len(xy) == 1:
        return np.array([outline], dtype=object)
    points = np.asarray(shapely.points(xy), dtype=object)
    diagram = shapely.voronoi_polygons(shapely.MultiPoint(xy), extend_to=outline.envelope)
    cells = shapely.get_parts(diagram)
    cell, point = STRtree(points).query(cells, predicate="intersects")
    mine = np.full(len(xy), shapely.Polygon(), dtype=object)
    mine[point] = cells[cell]
    cut = ~shapely.contains_properly(outline, mine)
    mine[cut] = shapely.intersection(mine[cut], outline)
    return mine


def _in_degrees(cell: BaseGeometry, metres: Metres) -> BaseGeometry:
    """Surfaces only: cutting leaves points and lines where a cell only touches the outline."""
    turned = shapely.transform(cell, metres.lonlat)
    parts = shapely.get_parts(shapely.make_valid(turned))
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
