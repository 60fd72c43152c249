"""水位観測所 as GeoJSON points, in the property names of 川の防災情報 or in Japanese."""

import math
from pathlib import Path
from typing import Any, Final

from shapely.geometry.base import BaseGeometry

from city.position import Position
from data.errors import BrokenSource
from data.readers.geojson import checked, refuse_other_kinds
from data.readers.sieve import Sieve
from data.readers.vector import VectorRow, vector_rows
from data.report import SourceReport
from hazards.errors import HazardError
from hazards.gauge import Gauge

COLUMNS: Final = {
    "standby_m": ("startLevel", "水防団待機水位"),
    "caution_m": ("氾濫注意水位",),
    "evacuation_m": ("避難判断水位",),
    "danger_m": ("warnLevel", "氾濫危険水位"),
    "overflow_m": ("fladLevel", "氾濫開始水位"),
}
"""Levels, and the columns that state them. 川の水位情報 shows 危機管理型水位計, whose levels are
観測開始水位, 危険水位 and 氾濫開始水位: at the last the river already runs over."""
_MEND: Final = "mend the row, or take it out"
_RISING: Final = "write the levels in metres, rising from 水防団待機水位 to 氾濫開始水位"


def read_gauges(path: Path, report: SourceReport) -> list[Gauge]:
    """Gauges with a name, a river and at least one level; levels rise. Raises `BrokenSource`."""
    sieve = Sieve(path, report)
    gauges: dict[tuple[str, Position], Gauge] = {}
    for row in vector_rows(path, report=report):
        with sieve.row(row.number, at=row.geometry):
            gauge = _gauge(path, row)
            if gauges.setdefault((gauge.name, gauge.position), gauge) is not gauge:
                what = f"{gauge.name} is there twice, at one place"
                raise BrokenSource(path, what, row=row.number, remedy=_MEND)
    sieve.close()
    if not gauges:
        raise BrokenSource(path, "no gauge in it", remedy="fetch the file again")
    without = sum(gauge.danger_m is None for gauge in gauges.values())
    if without:
        report.note("gauges without 氾濫危険水位: they never speak of level 4", count=without)
    report.kept = len(gauges)
    return list(gauges.values())


def _gauge(path: Path, row: VectorRow) -> Gauge:
    if row.geometry is None:
        raise BrokenSource(path, row.fault, row=row.number, remedy=_MEND)
    name = str(row.properties.get("name") or "").strip()
    river = str(row.properties.get("river") or row.properties.get("placeRiver") or "").strip()
    if not name or not river:
        what = f"column {'river' if name else 'name'!r} is missing or empty"
        raise BrokenSource(path, what, row=row.number, remedy=_MEND)
    position = _position(path, row.number, row.geometry)
    levels = {name: _level(path, row, columns) for name, columns in COLUMNS.items()}
    try:
        return Gauge(name, river, position, **levels)
    except HazardError as error:
        known = [column for of in COLUMNS.values() for column in of]
        columns = ", ".join(column for column in known if column in row.properties)
        what = f"columns {columns or 'of levels are missing'}: {error}"
        raise BrokenSource(path, what, row=row.number, remedy=_RISING) from error


def _position(path: Path, row: int, geometry: BaseGeometry) -> Position:
    refuse_other_kinds(path, row, geometry, ("Point",), remedy=_MEND)
    west, south, _, _ = checked(path, row, geometry).bounds
    return Position(lat=south, lon=west)


def _level(path: Path, row: VectorRow, columns: tuple[str, ...]) -> float | None:
    """Metres, as a number or as text; None where no column states it."""
    stated = [(column, row.properties[column]) for column in columns if column in row.properties]
    for column, value in stated:
        if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
            continue
        metres = _number(value)
        if metres is None:
            what = f"column {column!r} is {str(value)[:20]!r}, no number of metres"
            raise BrokenSource(path, what, row=row.number, remedy=_RISING)
        return metres
    return None


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        metres = float(value)
    except (ValueError, OverflowError):
        return None
    return metres if math.isfinite(metres) else None
