"""GeoJSON features, checked (RFC 7946)."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import orjson
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from data.errors import BrokenSource

_DEGREES: Final = ("CRS84", "4326", "6668", "4612")
MOST_VERTICES: Final = 500_000

Feature = tuple[int, dict[str, Any], BaseGeometry]


def features(path: Path, kinds: tuple[str, ...]) -> Iterator[Feature]:
    """(row, properties, geometry) of every feature; rows count from 1.

    Geometries are of the given types, valid, and in degrees. Raises `BrokenSource`.
    """
    table = _table(path)
    for row, feature in enumerate(table["features"], start=1):
        if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
            raise BrokenSource(path, "a feature without properties", row=row, remedy=_MEND)
        if any(isinstance(v, str) and "\0" in v for v in feature["properties"].values()):
            raise BrokenSource(path, "a property holds the character NUL", row=row, remedy=_MEND)
        yield row, feature["properties"], _geometry(path, row, feature.get("geometry"), kinds)


def required(path: Path, row: int, properties: dict[str, Any], key: str) -> Any:
    """A property that must be there; raises `BrokenSource` naming the column."""
    if key not in properties:
        have = ", ".join(list(properties)[:8])
        raise BrokenSource(
            path, f"column {key!r} is missing (there are: {have})", row=row, remedy=_COLUMNS
        )
    return properties[key]


_MEND: Final = "mend the row in a GIS, or fetch the file again"
_COLUMNS: Final = "take the file as published, or name its real format in the city file"


def in_degrees(crs: str) -> bool:
    """Whether a CRS, as files name it, is longitude and latitude on today's datum."""
    return any(re.search(rf"(?<!\d){name}(?!\d)", crs) for name in _DEGREES)


def _table(path: Path) -> dict[str, Any]:
    try:
        table = orjson.loads(path.read_bytes())
    except FileNotFoundError:
        raise BrokenSource(path, "there is no such file", remedy="check its path") from None
    except (OSError, orjson.JSONDecodeError) as error:
        raise BrokenSource(path, f"is no JSON: {error}", remedy="fetch the file again") from error
    if isinstance(table, dict) and table.get("type") == "unavailable":
        remedy = "ask the municipality for its list, or leave this source out of the city file"
        raise BrokenSource(path, "the GSI has no data for this municipality", remedy=remedy)
    if not isinstance(table, dict) or not isinstance(table.get("features"), list):
        what = "is no FeatureCollection: 'features' is missing"
        raise BrokenSource(path, what, remedy="save it as GeoJSON, or fetch the file again")
    crs = str(table.get("crs", "CRS84"))
    if not in_degrees(crs):
        raise BrokenSource(path, f"crs: {crs[:80]}", remedy="convert it to longitude and latitude")
    return table


def _geometry(path: Path, row: int, given: Any, kinds: tuple[str, ...]) -> BaseGeometry:
    if given is None:
        raise BrokenSource(path, "geometry: is null", row=row, remedy=_MEND)
    try:
        geometry = shape(given)
    except (ShapelyError, TypeError, ValueError, KeyError, AttributeError, IndexError) as error:
        what = f"geometry: cannot be read ({error})"
        raise BrokenSource(path, what, row=row, remedy=_MEND) from error
    if geometry.geom_type not in kinds or geometry.is_empty:
        found = "an empty one" if geometry.is_empty else geometry.geom_type
        what = f"geometry: {' or '.join(kinds)} expected, not {found}"
        raise BrokenSource(path, what, row=row, remedy=_MEND)
    if shapely.get_num_coordinates(geometry) > MOST_VERTICES:
        what = f"geometry: over {MOST_VERTICES:,} vertices"
        raise BrokenSource(path, what, row=row, remedy="simplify it, or cut it into parts")
    west, south, east, north = shapely.bounds(geometry).tolist()
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):
        what = "geometry: coordinates are not longitude and latitude in degrees"
        raise BrokenSource(path, what, row=row, remedy="swapped, or in another CRS than it says?")
    if not geometry.is_valid:
        reason = shapely.is_valid_reason(geometry)
        remedy = "mend it in a GIS; it is not repaired silently"
        raise BrokenSource(path, f"geometry: {reason}", row=row, remedy=remedy)
    return shapely.force_2d(geometry)
