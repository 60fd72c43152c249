"""Where a city's people live: its 町丁目, their counts, and households placed by them."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from city.area import Area
from city.position import Metres
from data.city_rows import CityRows, no_households
from data.cityfile import CityFile
from data.citysources import AreaSource, HouseholdSource
from data.households import ChomeCount, Households, join_counts, located
from data.placing import place_households
from data.readers.areas import nearest_point_areas, read_areas
from data.readers.households import read_counts, read_points
from data.report import SourceReport
from data.sourcerun import ELSEWHERE, SourceRun


def outlines_of(run: SourceRun, source: AreaSource, report: SourceReport) -> list[Area]:
    """Areas or districts of this city; raises `BrokenSource`."""
    found = read_areas(source.path, report)
    outlines = [area.geometry for area in found]
    run.lies_here(source.path, outlines)
    cut = run.cut(outlines, report)
    return [replace(area, geometry=outline) for area, outline in zip(found, cut, strict=True)]


def areas_and_counts(
    run: SourceRun, file: CityFile, boundary: BaseGeometry | None
) -> tuple[list[Area], list[ChomeCount]]:
    """町丁目 as they are published, or around the points that the counts name; and the counts."""
    counted = file.sources.households
    counts: list[ChomeCount] = []
    if counted and counted.format == "chome-counts-csv":
        counts = run.of("households", counted, partial(_counts, run), list)
    if file.sources.areas or not any(count.position for count in counts):
        return run.of("areas", file.sources.areas, partial(outlines_of, run), list), counts
    if run.wrong_crs:
        return [], counts
    report = run.report.of("areas", "by nearest point")
    return nearest_point_areas(counts, boundary, Metres(file.city.crs), report), counts


def _counts(run: SourceRun, source: HouseholdSource, report: SourceReport) -> list[ChomeCount]:
    """Counts; a position that is of another place is taken as unknown, its households are not."""
    found = read_counts(source.path, report)
    pointed = [(row, at) for row, count in enumerate(found) if (at := count.position)]
    points = [shapely.Point(at.lon, at.lat) for _, at in pointed]
    run.lies_here(source.path, points)
    for (row, _), point, here in zip(pointed, points, run.may_be_here(points), strict=True):
        if not here:
            report.repair(f"its position, {ELSEWHERE}: left out", row=found[row].row, at=point)
            found[row] = replace(found[row], position=None)
    return found


def _points(
    run: SourceRun, areas: Sequence[Area], source: HouseholdSource, report: SourceReport
) -> Households:
    """Households at points; those of another place are listed by their row alone."""
    lonlat, persons, rows = read_points(source.path, report)
    points = np.asarray(shapely.points(lonlat), dtype=object)
    run.lies_here(source.path, points)
    here = run.may_be_here(points)
    for row in rows[~here].tolist():
        report.drop(ELSEWHERE, row=row)
    report.kept = int(here.sum())
    return located(lonlat[here], persons[here], areas)


def read_households(
    run: SourceRun, file: CityFile, rows: CityRows, counts: Sequence[ChomeCount]
) -> Households:
    """Where people live: at the points of a source, or placed within their 町丁目."""
    source = file.sources.households
    if source is None or source.format == "points":
        return run.of("households", source, partial(_points, run, rows.areas), no_households)
    counted = sum(count.households for count in counts)
    run.progress(f"placing {counted:,} households")
    report = run.report.of("households", "placed along residential streets")
    placed = place_households(
        join_counts(counts, rows.areas, report),
        rows.areas,
        rows.network,
        Metres(file.city.crs),
        report,
        residential=rows.network.residential,
        waterways=[surface for _, surface in rows.waterways],
    )
    report.read, report.kept = counted, len(placed)
    if nowhere := counted - len(placed):
        report.note("households of counts that are joined to no area: not placed", count=nowhere)
    return placed
