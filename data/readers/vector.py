"""Features of GeoJSON, Shapefile (also zipped) and GeoPackage, in degrees."""

import shutil
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from shapely.geometry.base import BaseGeometry

from data.errors import BrokenSource
from data.readers.crs import to_degrees
from data.readers.geojson import (
    Feature,
    checked,
    features,
    geometry_of,
    has_open_ring,
    is_notice,
    json_of,
    refuse_other_crs,
    refuse_other_kinds,
)
from data.readers.shapefile import encoding_of, refuse_partial, unpacked
from data.report import SourceReport

_AGAIN: Final = "fetch the file again"
_MEND: Final = "mend the row in a GIS, or fetch the file again"
_GEOJSON: Final = (".geojson", ".json")
_SQLITE: Final = b"SQLite format 3\0"


@dataclass(frozen=True, slots=True)
class VectorRow:
    """One feature as a file has it, counted from 1: in degrees, and checked for nothing else.

    `fault` says why there is no geometry, where there is none.
    """

    number: int
    properties: dict[str, Any] = field(default_factory=dict)
    geometry: BaseGeometry | None = None
    fault: str = ""


def read_features(
    path: Path, kinds: tuple[str, ...], *, encoding: str | None = None, layer: str | None = None
) -> Iterator[Feature]:
    """(row, properties, geometry) of every feature; rows count from 1.

    Geometries are of the given types, valid, and in degrees; nothing is repaired. `encoding` is of
    a shapefile's text, `layer` names one of a GeoPackage. Raises `BrokenSource` at the first fault.
    """
    if path.suffix.lower() in _GEOJSON:
        yield from features(path, kinds)
        return
    for row in vector_rows(path, encoding=encoding, layer=layer):
        if row.geometry is None:
            raise BrokenSource(path, row.fault, row=row.number, remedy=_MEND)
        refuse_other_kinds(path, row.number, row.geometry, kinds, remedy=_MEND)
        yield row.number, row.properties, checked(path, row.number, row.geometry)


def vector_rows(
    path: Path,
    *,
    encoding: str | None = None,
    layer: str | None = None,
    report: SourceReport | None = None,
) -> list[VectorRow]:
    """Every feature of a file, broken ones too; raises `BrokenSource` where the file is none.

    What the file leaves open, and how it was taken, is noted in the report.
    """
    suffix = path.suffix.lower()
    if not path.is_file():
        raise BrokenSource(path, "there is no such file", remedy="check its path")
    if suffix in _GEOJSON:
        return _of_geojson(path, report)
    if suffix == ".zip":
        with unpacked(path) as shapefile:
            return _of_shapefile(shapefile, path, encoding, report)
    if suffix == ".shp":
        return _of_shapefile(path, path, encoding, report)
    if suffix == ".gpkg":
        with _aside(path) as copy:
            return _read(copy, path, report, layer=_layer(copy, path, layer))
    what = f"{suffix or 'a file without an ending'} is no format of zones or areas"
    raise BrokenSource(path, what, remedy="bring .geojson, .shp, .zip (of a shapefile) or .gpkg")


def _of_geojson(path: Path, report: SourceReport | None) -> list[VectorRow]:
    table = json_of(path)
    if (
        is_notice(table)
        or not isinstance(table, dict)
        or not isinstance(table.get("features"), list)
    ):
        return [VectorRow(*feature) for feature in features(path, ())]
    refuse_other_crs(path, table)
    rows = [_feature(path, row, given) for row, given in enumerate(table["features"], start=1)]
    for row, given in zip(rows, table["features"], strict=True):
        if report and row.geometry is not None and has_open_ring(given["geometry"]):
            report.repair("geometry: an open ring, closed", row=row.number, at=row.geometry)
    return rows


def _feature(path: Path, row: int, given: Any) -> VectorRow:
    properties = given.get("properties", ()) if isinstance(given, dict) else ()
    properties = {} if properties is None else properties
    if not isinstance(properties, dict):
        return VectorRow(row, fault="a feature without properties")
    # PostgreSQL takes no text with it.
    if any(isinstance(value, str) and "\0" in value for value in properties.values()):
        return VectorRow(row, properties, fault="a property holds the character NUL")
    try:
        return VectorRow(row, properties, geometry_of(path, row, given.get("geometry")))
    except BrokenSource as error:
        return VectorRow(row, properties, fault=error.what)


def _of_shapefile(
    path: Path, named: Path, encoding: str | None, report: SourceReport | None
) -> list[VectorRow]:
    refuse_partial(path, named)
    return _read(path, named, report, encoding=encoding_of(path, named, encoding))


@contextmanager
def _aside(path: Path) -> Iterator[Path]:
    """A copy of a GeoPackage: SQLite writes beside what it reads."""
    with path.open("rb") as file:
        head = file.read(100)
    if len(head) < 100 or not head.startswith(_SQLITE):
        raise BrokenSource(path, "is no GeoPackage", remedy=_AGAIN)
    page, pages = struct.unpack(">H", head[16:18])[0], struct.unpack(">I", head[28:32])[0]
    if path.stat().st_size < (65536 if page == 1 else page) * pages:
        raise BrokenSource(path, "is cut short", remedy=_AGAIN)
    beside = path.with_name(path.name + "-wal")
    if beside.is_file() and beside.stat().st_size:
        what = f"has changes that are not in it yet ({beside.name})"
        raise BrokenSource(path, what, remedy="close the program in which it is open")
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "copied.gpkg"
        shutil.copyfile(path, copy)
        yield copy


def _layer(copy: Path, path: Path, asked: str | None) -> str:
    """The layer that is named, or the only one with shapes."""
    try:
        with warnings.catch_warnings(action="ignore"):
            listed = pyogrio.list_layers(copy)
    except DataSourceError as error:
        raise BrokenSource(path, "is no whole GeoPackage", remedy=_AGAIN) from error
    names = [str(name) for name, kind in listed if kind is not None]
    if asked is None and len(names) == 1:
        return names[0]
    if asked not in names:
        found = ", ".join(names[:8]) or "none"
        what = f"layer {asked!r} is not there" if asked else f"{len(names)} layers with shapes"
        remedy = f"name the layer in the city file, or bring one that has a single layer: {found}"
        raise BrokenSource(path, what, remedy=remedy)
    return asked


def _read(path: Path, named: Path, report: SourceReport | None, **options: str) -> list[VectorRow]:
    """Through GDAL, which writes nothing and says nothing but by its errors."""
    try:
        with warnings.catch_warnings(action="ignore"):
            meta, _, wkb, columns = pyogrio.raw.read(path, force_2d=True, **options)
    except UnicodeDecodeError as error:
        what = f"its text is not in {options.get('encoding', 'UTF-8')}"
        remedy = "put a .cpg that names the encoding (UTF-8 or CP932) beside it"
        raise BrokenSource(named, what, remedy=remedy) from error
    except (DataSourceError, DataLayerError, ValueError) as error:
        what = f"cannot be read: {str(error)[:120]}"
        raise BrokenSource(named, what, remedy=_AGAIN) from error
    # A ring of three points, or a curve, is left to the row that has it.
    with np.errstate(invalid="ignore"):
        shapes = np.asarray(shapely.from_wkb(wkb, on_invalid="ignore"), dtype=object)
    shapes = to_degrees(named, shapes, meta["crs"], report)
    values = [column.tolist() for column in columns]
    fields = [str(name) for name in meta["fields"]]
    return [
        VectorRow(row, dict(zip(fields, of, strict=True)), shape, _fault(given, shape))
        for row, (shape, given, *of) in enumerate(zip(shapes, wkb, *values, strict=True), start=1)
    ]


def _fault(given: bytes | None, shape: BaseGeometry | None) -> str:
    if given is None:
        return "geometry: is null"
    return "" if shape is not None else "geometry: cannot be read"
