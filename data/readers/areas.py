"""町丁目 and river surfaces as GeoJSON polygons."""

from pathlib import Path

from shapely.geometry.base import BaseGeometry

from city.area import Area
from data.errors import BrokenSource
from data.readers.geojson import features, required
from data.report import SourceReport


def read_areas(path: Path, report: SourceReport) -> list[Area]:
    """町丁目 in e-Stat's property names KEY_CODE and S_NAME."""
    areas = []
    for row, properties, geometry in features(path, ("Polygon", "MultiPolygon")):
        report.read += 1
        code = str(required(path, row, properties, "KEY_CODE") or "")
        name = str(required(path, row, properties, "S_NAME") or "")
        if not code or not name:
            what = "column 'KEY_CODE' or 'S_NAME' is empty"
            raise BrokenSource(path, what, row=row, remedy="take the file as e-Stat publishes it")
        areas.append(Area(code, name, geometry))
    report.kept = len(areas)
    return areas


def read_waterways(path: Path, report: SourceReport) -> list[tuple[str, BaseGeometry]]:
    """(name, surface) of rivers; the name may be empty."""
    rows = [
        (str(properties.get("name") or ""), geometry)
        for _, properties, geometry in features(path, ("Polygon", "MultiPolygon"))
    ]
    report.read = report.kept = len(rows)
    return rows
