"""現地報告 as GeoJSON (RFC 7946): features with whatever properties name."""

from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import orjson
from shapely.geometry.base import BaseGeometry

from data.errors import BrokenSource
from data.readers.geojson import geometry_of, in_degrees, is_notice
from data.readers.observedrow import RowRefused, Said, place_or_refusal

_SAVE: Final = "GISから GeoJSON（世界測地系、EPSG:4326）で保存し直してください"
_DRAW: Final = "GISで場所を入れ直してください"
_KINDS: Final = (
    *("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"),
    "GeometryCollection",
)


def read_geojson(path: Path, data: bytes) -> Iterator[Said]:
    """Features in the order of the file; raises `BrokenSource`."""
    for row, feature in enumerate(_features(path, data), start=1):
        given = feature if isinstance(feature, dict) else {}
        properties = given.get("properties")
        words = _words(properties if isinstance(properties, dict) else {})
        yield Said(row, words, place_or_refusal(_place, path, row, given.get("geometry")))


def _features(path: Path, data: bytes) -> list[Any]:
    try:
        table = orjson.loads(data.removeprefix(BOM_UTF8))
    except orjson.JSONDecodeError as error:
        raise BrokenSource(path, f"JSONではありません（no JSON: {error}）", remedy=_SAVE) from error
    if not isinstance(table, dict) or is_notice(table):
        raise BrokenSource(path, "GeoJSONではありません（no GeoJSON）", remedy=_SAVE)
    crs = str(table.get("crs", "CRS84"))
    if not in_degrees(crs):
        raise BrokenSource(path, f"緯度・経度ではありません（crs: {crs[:80]}）", remedy=_SAVE)
    kind, rows = table.get("type"), table.get("features")
    if isinstance(rows, list) and rows:
        return rows
    if kind == "Feature":
        return [table]
    if kind in _KINDS:
        return [{"geometry": table}]
    raise BrokenSource(path, "地物が一つもありません（no feature）", remedy=_SAVE)


def _place(path: Path, row: int, given: Any) -> BaseGeometry:
    if given is None:
        raise RowRefused("場所がありません", _DRAW)
    try:
        return geometry_of(path, row, given)
    except BrokenSource:
        raise RowRefused("形が読めません（GeoJSONの形ではありません）", _DRAW) from None


def _words(properties: Mapping[str, Any]) -> dict[str, str]:
    """Texts and numbers; what is nested is no column."""
    return {
        name: str(value)
        for name, value in properties.items()
        if isinstance(value, str | int | float) and not isinstance(value, bool)
    }
