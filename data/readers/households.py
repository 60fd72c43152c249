"""Households: counts of each 町丁目 as municipalities publish them, or points with persons."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from city.errors import BadPosition
from city.position import Position
from data.errors import BrokenSource
from data.households import ChomeCount, listed
from data.readers.geojson import json_of, refuse_other_crs
from data.readers.sieve import Sieve
from data.readers.tabular import read_table
from data.report import SourceReport

Points: TypeAlias = tuple[NDArray[np.float64], NDArray[np.int16], NDArray[np.int64]]
Point: TypeAlias = tuple[float, float, int, int]

SPELLINGS: Final = {
    "町丁目": (
        *("town", "町名", "町丁名", "町丁目名", "町字名", "町丁字名", "町丁・字名", "町丁・字等名"),
        *("地域名", "地区名", "大字名", "大字町名", "大字・町名", "町・大字名", "S_NAME"),
    ),
    "丁目": ("丁目名", "字丁目名", "字・丁目名"),
    "世帯数": ("households", "世帯", "総世帯数", "世帯総数", "世帯数(世帯)", "SETAI"),
    "人口": (
        *("population", "persons", "総数", "総人口", "人口総数", "人口(総数)", "人口計"),
        *("人口(計)", "人口(人)", "人口_総数", "総数(人)", "男女計", "計", "JINKO"),
    ),
    "緯度": ("lat", "latitude"),
    "経度": ("lon", "lng", "long", "longitude"),
}
"""The columns of a table of counts, and what else municipalities call them."""
POINT_SPELLINGS: Final = {
    "緯度": SPELLINGS["緯度"],
    "経度": SPELLINGS["経度"],
    "persons": ("人数", "世帯人員", "世帯人数", "世帯員数", "人員"),
}
MANY_PERSONS: Final = 20
"""Persons of one household from which a count is remarked on."""
MOST_PERSONS: Final = 30_000
"""Persons of one household, and MOST_HOUSEHOLDS of one 町丁目, that no count is above."""
MOST_HOUSEHOLDS: Final = 100_000

_TOTALS: Final = frozenset(
    ("合計", "総数", "計", "総計", "総合計", "小計", "市計", "全市", "市全体")
)
_NUMBER: Final = re.compile(r"[0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3}){1,2}", re.ASCII)
_DEGREE_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]*)?", re.ASCII)
_FULL_WIDTH: Final = str.maketrans("０１２３４５６７８９，．－", "0123456789,.-")
_WHOLE: Final = "write a whole number, or ask the municipality for the table without 秘匿 cells"
_NAME: Final = "write the name of the 町丁目, or take out the row"
_DEGREES: Final = "write latitude and longitude in degrees, or take out the row"
_COUNTED: Final = ("世帯数", "人口")
_NONE: Final = frozenset({"-", "－", "‐", "―", "−", "–"})
_SECRET: Final = frozenset({"X", "x", "Ｘ", "χ"})
"""How the tables of e-Stat mark none (該当数字がない) and what is kept secret (秘匿)."""
_POINT: Final = "write latitude, longitude and a whole number of persons, or take out the row"


def read_counts(path: Path, report: SourceReport) -> list[ChomeCount]:
    """Households and persons of each 町丁目, from CSV; totals are left out.

    As statistics write them, "-" is none, and "X" is kept secret: such a row is left out. Any
    other cell that is no whole number breaks its row. Raises `BrokenSource`.
    """
    table = read_table(path, report, required=("町丁目", "世帯数", "人口"), spellings=SPELLINGS)
    counts = []
    for row, cells in table:
        with table.sieve.row(row):
            if any(cells[column].translate(_FULL_WIDTH) in _SECRET for column in _COUNTED):
                report.drop("kept secret by the statistics (X)", row=row)
                continue
            count = _count(path, row, cells)
            if "".join(count.name.split()) in _TOTALS:
                report.drop("a total, not a 町丁目", row=row)
                continue
            counts.append(count)
    if not counts:
        raise BrokenSource(path, "no 町丁目 in it", remedy="fetch the file again")
    _remark(counts, report)
    report.kept = len(counts)
    return counts


def read_points(path: Path, report: SourceReport) -> Points:
    """Households at points: (lon, lat) in degrees (H, 2), persons (H,) and their rows in the file
    (H,), from CSV or GeoJSON (`.geojson`, `.json`).

    Nothing else is read of them, and no message repeats where one stands. Raises `BrokenSource`.
    """
    geojson = path.suffix.lower() in (".geojson", ".json")
    rows = _geojson_points(path, report) if geojson else _csv_points(path, report)
    if not rows:
        raise BrokenSource(path, "no household in it", remedy="fetch the file again")
    many = sum(persons > MANY_PERSONS for _, _, persons, _ in rows)
    if many:
        report.note(
            f"households of over {MANY_PERSONS} persons: a home or a dormitory?", count=many
        )
    report.kept = len(rows)
    lonlat = np.array([row[:2] for row in rows], np.float64)
    persons, numbers = ([row[column] for row in rows] for column in (2, 3))
    return lonlat, np.array(persons, np.int16), np.array(numbers, np.int64)


def _count(path: Path, row: int, cells: dict[str, str]) -> ChomeCount:
    name = (cells["町丁目"] + cells.get("丁目", "")).strip()
    if not name:
        raise BrokenSource(path, "column '町丁目' is empty", row=row, remedy=_NAME)
    households = _whole(path, row, cells, "世帯数")
    persons = _whole(path, row, cells, "人口")
    if households > MOST_HOUSEHOLDS or persons > MOST_PERSONS * max(households, 1):
        what = f"column '世帯数' is {households:,} and '人口' {persons:,}: too many for a 町丁目"
        raise BrokenSource(path, what, row=row, remedy=_WHOLE)
    return ChomeCount(name, households, persons, _position(path, row, cells), row)


def _whole(path: Path, row: int, cells: dict[str, str], column: str) -> int:
    cell = cells[column].translate(_FULL_WIDTH)
    if cell in _NONE:
        return 0
    if not _NUMBER.fullmatch(cell):
        said = f"is {cells[column][:20]!r}, no whole number" if cell else "is empty"
        raise BrokenSource(path, f"column {column!r} {said}", row=row, remedy=_WHOLE)
    return int(cell.replace(",", ""))


def _position(path: Path, row: int, cells: dict[str, str]) -> Position | None:
    """Where the middle of a 町丁目 is said to be; None where the file does not say it."""
    lat, lon = cells.get("緯度", ""), cells.get("経度", "")
    if not lat and not lon:
        return None
    try:
        return Position(_degrees(lat), _degrees(lon))
    except (ValueError, BadPosition) as error:
        what = "columns '緯度' and '経度' are no position in degrees"
        raise BrokenSource(path, what, row=row, remedy=_DEGREES) from error


def _degrees(cell: str) -> float:
    """A number of degrees, without what else Python takes for one (1_000, 1e2, nan)."""
    cell = cell.translate(_FULL_WIDTH)
    if not _DEGREE_NUMBER.fullmatch(cell):
        raise ValueError
    return float(cell)


def _remark(counts: Sequence[ChomeCount], report: SourceReport) -> None:
    few = [count.name for count in counts if count.persons < count.households]
    if few:
        report.note(f"fewer persons than households: {listed(few)}", count=len(few))
    many = [
        count.name
        for count in counts
        if count.households and count.persons > MANY_PERSONS * count.households
    ]
    if many:
        note = f"over {MANY_PERSONS} persons to a household: {listed(many)}"
        report.note(note, count=len(many))


def _csv_points(path: Path, report: SourceReport) -> list[Point]:
    required = ("緯度", "経度", "persons")
    table = read_table(path, report, required=required, spellings=POINT_SPELLINGS)
    points = []
    for row, cells in table:
        with table.sieve.row(row):
            points.append(_point(path, row, cells["緯度"], cells["経度"], cells["persons"]))
    return points


def _geojson_points(path: Path, report: SourceReport) -> list[Point]:
    found = json_of(path)
    if not isinstance(found, dict) or not isinstance(found.get("features"), list):
        what = "is no FeatureCollection: 'features' is missing"
        raise BrokenSource(
            path, what, remedy="save it as GeoJSON, or as CSV with lat, lon, persons"
        )
    refuse_other_crs(path, found)
    sieve = Sieve(path, report)
    points = []
    for row, feature in enumerate(found["features"], start=1):
        with sieve.row(row):
            lon, lat, persons = _parts(feature)
            points.append(_point(path, row, lat, lon, persons))
    sieve.close()
    return points


def _parts(feature: Any) -> tuple[str, str, str]:
    """Longitude, latitude and persons of a GeoJSON point as text; empty where it has none."""
    try:
        geometry, properties = feature["geometry"], feature["properties"]
        lon, lat = geometry["coordinates"][:2]
        point = geometry["type"] == "Point" and isinstance(lon, int | float)
        return (f"{lon:.9f}", f"{lat:.9f}", str(properties["persons"])) if point else ("", "", "")
    except (TypeError, KeyError, ValueError):
        return "", "", ""


def _point(path: Path, row: int, lat: str, lon: str, persons: str) -> Point:
    """(lon, lat, persons, row); what is said of a broken one never says where it is."""
    number = persons.translate(_FULL_WIDTH)
    try:
        at = Position(_degrees(lat), _degrees(lon))
    except (ValueError, BadPosition):
        what = "no position in degrees"
        raise BrokenSource(path, what, row=row, remedy=_POINT) from None
    if not _NUMBER.fullmatch(number) or not 1 <= int(number.replace(",", "")) <= MOST_PERSONS:
        what = "column 'persons' is no whole number from 1"
        raise BrokenSource(path, what, row=row, remedy=_POINT)
    return at.lon, at.lat, int(number.replace(",", "")), row
