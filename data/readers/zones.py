"""Assumed zones of 国土数値情報: A31b (浸水想定区域) and A33 (土砂災害警戒区域), as GeoJSON."""

import re
from pathlib import Path
from typing import Any, Final

from data.errors import BrokenSource
from data.readers.geojson import features, required
from data.report import SourceReport
from hazards.zone import RANKS, RED, YELLOW, HazardZone, ZoneLayer

_A31B: Final = {
    "A31b_201": ZoneLayer.DEPTH,
    "A31b_301": ZoneLayer.DURATION,
    "A31b_401": ZoneLayer.COLLAPSE,
}
_A33: Final = {1: YELLOW, 2: RED, 3: YELLOW, 4: RED}
_POLYGONS: Final = ("Polygon", "MultiPolygon")
_PUBLISHED: Final = "take the file as published (国土数値情報 A31b, A33)"


def read_a31b(path: Path, report: SourceReport) -> list[HazardZone]:
    """Flood zones: a feature states depth, duration or collapse, by the property that it has."""
    zones = []
    for row, properties, geometry in features(path, _POLYGONS):
        report.read += 1
        stated = [column for column in _A31B if column in properties]
        if not stated:
            what = f"none of the columns {', '.join(_A31B)}"
            raise BrokenSource(path, what, row=row, remedy=_PUBLISHED)
        for column in stated:
            layer = _A31B[column]
            rank = _rank(path, row, column, properties[column])
            if rank not in RANKS[layer]:
                what = f"column {column!r} is {rank}, no rank of it"
                raise BrokenSource(path, what, row=row, remedy=_PUBLISHED)
            zones.append(HazardZone(layer, rank, geometry))
    report.kept = len(zones)
    return zones


def read_a33(path: Path, report: SourceReport) -> list[HazardZone]:
    """Landslide zones; zones not yet designated (A33_002 3, 4) count like designated ones."""
    zones = []
    for row, properties, geometry in features(path, _POLYGONS):
        report.read += 1
        code = _rank(path, row, "A33_002", required(path, row, properties, "A33_002"))
        if code not in _A33:
            what = f"column 'A33_002' is {code}, not 1 to 4"
            raise BrokenSource(path, what, row=row, remedy=_PUBLISHED)
        if code > 2:
            report.noted["not yet designated, counted as designated"] += 1
        zones.append(HazardZone(ZoneLayer.LANDSLIDE, _A33[code], geometry))
    report.kept = len(zones)
    return zones


def _rank(path: Path, row: int, column: str, value: Any) -> int:
    """A whole number, as such or as text."""
    if isinstance(value, str | int) and re.fullmatch(r"-?[0-9]{1,9}", str(value)):
        return int(value)
    what = f"column {column!r} is {value!r}, no whole number"
    raise BrokenSource(path, what, row=row, remedy=_PUBLISHED)
