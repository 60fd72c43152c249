"""Flight tracks as CSV: of DJI's tools, Airdata, or a spreadsheet."""

import math
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Final

from data.errors import BrokenSource
from data.readers.flightpoints import (
    EXPORT,
    MOST_FIXES,
    NOWHERE,
    Point,
    aware,
    is_nowhere,
    position_of,
)
from data.readers.tabular import Cells, decoded, folded, read_table
from data.report import SourceReport

_FOOT_M: Final = 0.3048
_NAMES: Final = {
    "lat": ("latitude", "緯度", "OSD.latitude", "gpslatitude", "latitude(deg)"),
    "lon": ("longitude", "lng", "long", "経度", "OSD.longitude", "gpslongitude", "longitude(deg)"),
    "seconds": ("time(seconds)", "time(second)", "time(s)", "経過秒", "OSD.flyTime[s]"),
    "milliseconds": ("time(millisecond)", "time(milliseconds)", "time(ms)"),
    "utc": ("datetime(utc)", "time(utc)"),
    "at": ("datetime", "timestamp", "time", "日時", "時刻"),
    "height": ("height_above_takeoff(meters)", "height(m)", "OSD.height[m]", "離陸点からの高さ"),
    "feet": ("height_above_takeoff(feet)", "OSD.height[ft]"),
}
_TIMES: Final = ("seconds", "milliseconds", "utc", "at")
_SINCE_1970: Final = 1e9
"""A number from here on is no time of flight."""


def says_where_and_when(header: bytes) -> bool:
    """Whether a CSV's first line names columns of a track."""
    (line, *_), _ = decoded(header)
    columns = {folded(name.strip().strip('"')) for name in line.split(",")}
    spelled = {name: {folded(one) for one in names} for name, names in _spellings().items()}
    place = all(columns & spelled[name] for name in ("lat", "lon"))
    return place and any(columns & spelled[name] for name in _TIMES)


def read_csv_points(path: Path, report: SourceReport, zone: tzinfo) -> list[Point]:
    """The rows that say where and when; raises `BrokenSource`."""
    table = read_table(path, report, required=("lat", "lon"), spellings=_spellings())
    if not any(name in table.columns for name in _TIMES):
        what = "no column says when: time(seconds), datetime(utc) or 日時"
        raise BrokenSource(path, what, row=1, remedy=EXPORT)
    points: list[Point] = []
    for row, cells in table:
        with table.sieve.row(row):
            point = _point(path, row, cells, zone)
            if is_nowhere(point.position):
                report.drop(NOWHERE, row=row)
            elif len(points) == MOST_FIXES:
                break
            else:
                points.append(point)
    if len(points) == MOST_FIXES:
        raise BrokenSource(path, f"{MOST_FIXES:,} points or more", remedy=EXPORT)
    return points


def _point(path: Path, row: int, cells: Cells, zone: tzinfo) -> Point:
    seconds, moment = _when(path, row, cells, zone)
    height = _number(path, row, cells.get("height", ""))
    feet = _number(path, row, cells.get("feet", ""))
    if height is None and feet is not None:
        height = feet * _FOOT_M
    return Point(row, seconds, moment, position_of(path, row, cells["lat"], cells["lon"]), height)


def _when(path: Path, row: int, cells: Cells, zone: tzinfo) -> tuple[float | None, datetime | None]:
    """Seconds of flight and the moment, whichever the row says; raises `BrokenSource`."""
    seconds = _number(path, row, cells.get("seconds", ""))
    thousandths = _number(path, row, cells.get("milliseconds", ""))
    if seconds is None and thousandths is not None:
        seconds = thousandths / 1000
    if said := cells.get("utc", ""):
        return seconds, aware(path, row, said, UTC)
    said = cells.get("at", "")
    counted = _counted(said)
    if counted is None:
        moment = aware(path, row, said, zone) if said else None
    elif counted < _SINCE_1970:
        seconds, moment = counted if seconds is None else seconds, None
    else:
        moment = _since_1970(path, row, counted)
    if seconds is None and moment is None:
        raise BrokenSource(path, "says no time", row=row, remedy=EXPORT)
    return seconds, moment


def _since_1970(path: Path, row: int, counted: float) -> datetime:
    try:
        return datetime.fromtimestamp(counted / (1000 if counted > 1e11 else 1), UTC)
    except (ValueError, OverflowError, OSError):
        raise BrokenSource(path, f"time {counted}: no such time", row=row, remedy=EXPORT) from None


def _counted(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _number(path: Path, row: int, text: str) -> float | None:
    """A cell's number, None where it is empty; raises `BrokenSource`."""
    if not text:
        return None
    number = _counted(text)
    if number is None:
        raise BrokenSource(path, f"{text[:20]!r} is no number", row=row, remedy=EXPORT)
    return number


def _spellings() -> dict[str, tuple[str, ...]]:
    return {name: tuple(_cased((name, *others))) for name, others in _NAMES.items()}


def _cased(names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        yield from (name, name.lower(), name.upper(), name.capitalize(), name.title())
