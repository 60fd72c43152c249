"""GeoJSON features, checked (RFC 7946)."""

import re
from codecs import BOM_UTF8
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

    Geometries are of the given types, valid, and in degrees. An open ring is closed, heights are
    left out; nothing else is repaired. Raises `BrokenSource`.
    """
    for row, feature in enumerate(collection(path), start=1):
        properties = feature.get("properties", ()) if isinstance(feature, dict) else ()
        properties = {} if properties is None else properties
        if not isinstance(properties, dict):
            raise BrokenSource(path, "a feature without properties", row=row, remedy=_MEND)
        if any(isinstance(v, str) and "\0" in v for v in properties.values()):
            raise BrokenSource(path, "a property holds the character NUL", row=row, remedy=_MEND)
        geometry = geometry_of(path, row, feature.get("geometry"))
        refuse_other_kinds(path, row, geometry, kinds, remedy=_MEND)
        if shapely.get_num_coordinates(geometry) > MOST_VERTICES:
            what = f"geometry: over {MOST_VERTICES:,} vertices"
            raise BrokenSource(path, what, row=row, remedy="simplify it, or cut it into parts")
        yield row, properties, checked(path, row, geometry)


def required(path: Path, row: int, properties: dict[str, Any], key: str) -> Any:
    """A property that must be there; raises `BrokenSource` naming the column."""
    if key not in properties:
        have = listed_columns(properties)
        raise BrokenSource(
            path, f"column {key!r} is missing (there are: {have})", row=row, remedy=_COLUMNS
        )
    return properties[key]


def listed_columns(properties: dict[str, Any]) -> str:
    """The first names of a row's columns, for a message of one line."""
    names = [name[:20] for name in properties if name.isprintable()]
    return ", ".join(names[:8]) or "none"


_MEND: Final = "mend the row in a GIS, or fetch the file again"
_COLUMNS: Final = "take the file as published, or name its real format in the city file"


def in_degrees(crs: str) -> bool:
    """Whether a CRS, as files name it, is longitude and latitude on today's datum."""
    return any(re.search(rf"(?<!\d){name}(?!\d)", crs) for name in _DEGREES)


def collection(path: Path) -> list[Any]:
    """The features of a file, as JSON; raises `BrokenSource`."""
    table = json_of(path)
    if is_notice(table):
        remedy = "ask the municipality for its list, or leave this source out of the city file"
        raise BrokenSource(path, "the GSI has no data for this municipality", remedy=remedy)
    if not isinstance(table, dict) or not isinstance(table.get("features"), list):
        what = "is no FeatureCollection: 'features' is missing"
        raise BrokenSource(path, what, remedy="save it as GeoJSON, or fetch the file again")
    refuse_other_crs(path, table)
    rows: list[Any] = table["features"]
    return rows


def json_of(path: Path) -> Any:
    """What a file holds, with or without a byte order mark; raises `BrokenSource`."""
    try:
        return orjson.loads(path.read_bytes().removeprefix(BOM_UTF8))
    except FileNotFoundError:
        raise BrokenSource(path, "there is no such file", remedy="check its path") from None
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise BrokenSource(path, what, remedy="fetch the file again") from error
    except orjson.JSONDecodeError as error:
        raise BrokenSource(path, f"is no JSON: {error}", remedy="fetch the file again") from error


def is_notice(table: Any) -> bool:
    """Whether this is what the GSI answers in place of data that it does not have."""
    return isinstance(table, dict) and table.get("type") == "unavailable"


def refuse_other_crs(path: Path, table: dict[str, Any]) -> None:
    """Raise `BrokenSource` where a file names a CRS that is not longitude and latitude."""
    crs = str(table.get("crs", "CRS84"))
    if not in_degrees(crs):
        raise BrokenSource(path, f"crs: {crs[:80]}", remedy="convert it to longitude and latitude")


def geometry_of(path: Path, row: int, given: Any) -> BaseGeometry:
    """A geometry as a file has it, checked for nothing else; raises `BrokenSource`."""
    if given is None:
        raise BrokenSource(path, "geometry: is null", row=row, remedy=_MEND)
    try:
        return shape(given)
    except (
        *(ShapelyError, TypeError, ValueError, KeyError, AttributeError, IndexError),
        RecursionError,
    ) as error:
        what = f"geometry: cannot be read ({error})"
        raise BrokenSource(path, what, row=row, remedy=_MEND) from error


def has_open_ring(given: dict[str, Any]) -> bool:
    """Whether a polygon, as a file has it, does not end where it begins (RFC 7946, 3.1.6)."""
    corners, kind = given.get("coordinates") or (), given.get("type")
    polygons = corners if kind == "MultiPolygon" else [corners] if kind == "Polygon" else ()
    return any(ring[0] != ring[-1] for polygon in polygons for ring in polygon or () if ring)


def refuse_other_kinds(
    path: Path, row: int, geometry: BaseGeometry, kinds: tuple[str, ...], *, remedy: str
) -> None:
    """Raise `BrokenSource` where a geometry is of none of these types, or empty."""
    if geometry.geom_type not in kinds or geometry.is_empty:
        found = "an empty one" if geometry.is_empty else geometry.geom_type
        what = f"geometry: {' or '.join(kinds)} expected, not {found}"
        raise BrokenSource(path, what, row=row, remedy=remedy)


def checked(path: Path, row: int, geometry: BaseGeometry) -> BaseGeometry:
    """A geometry that is valid and in degrees, without heights; raises `BrokenSource`."""
    west, south, east, north = shapely.bounds(geometry).tolist()
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):
        what = "geometry: coordinates are not longitude and latitude in degrees"
        raise BrokenSource(path, what, row=row, remedy="swapped, or in another CRS than it says?")
    if not geometry.is_valid:
        reason = shapely.is_valid_reason(geometry)
        remedy = "mend it in a GIS: an open ring is closed here, nothing else is repaired"
        raise BrokenSource(path, f"geometry: {reason}", row=row, remedy=remedy)
    return shapely.force_2d(geometry)
