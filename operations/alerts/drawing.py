"""A polygon that somebody drew for an alert, as GeoJSON in WGS84 (RFC 7946)."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from alerts.errors import NotFit

MOST_POINTS: Final = 5_000
_POLYGONS: Final = frozenset({"Polygon", "MultiPolygon"})
_WGS84: Final = frozenset(
    {
        "EPSG:4326",
        "urn:ogc:def:crs:EPSG::4326",
        "urn:ogc:def:crs:OGC:1.3:CRS84",
        "urn:ogc:def:crs:OGC::CRS84",
    }
)
"""Names of the one reference system that is taken, as files of 2008's GeoJSON give them."""


def drawn(given: object) -> BaseGeometry:
    """The polygon in (lon, lat), of a geometry or of a Feature with one; raises `NotFit`.

    Heights are dropped.
    """
    shape = _read(_geometry(given))
    if shape.geom_type not in _POLYGONS or shape.is_empty:
        raise NotFit("区域は面で描いてください（draw a polygon）")
    if shapely.get_num_coordinates(shape) > MOST_POINTS:
        raise NotFit(f"区域の点は {MOST_POINTS} までです（too many points）")
    lon, lat = np.abs(shapely.get_coordinates(shape)).T
    # Written so that NaN, which is smaller than nothing, is refused too.
    if not (np.all(lon <= 180) and np.all(lat <= 90)):
        raise NotFit(
            "区域の座標が、経度・緯度の範囲の外です（coordinates are no longitude and latitude）"
        )
    if not shape.is_valid:
        raise NotFit("区域の線が交わっています。描き直してください（the polygon crosses itself）")
    return shape


def _geometry(given: object) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise NotFit("区域の形を読めません（the polygon is no GeoJSON geometry）")
    _check_crs(given)
    if given.get("type") != "Feature":
        return given
    inner = given.get("geometry")
    if not isinstance(inner, Mapping):
        raise NotFit("区域の形がありません（the feature has no geometry）")
    _check_crs(inner)
    return inner


def _check_crs(given: Mapping[str, Any]) -> None:
    """RFC 7946 knows no other reference system; older files name theirs in `crs`."""
    crs = given.get("crs")
    if crs is None:
        return
    named = crs.get("properties") if isinstance(crs, Mapping) else None
    name = named.get("name") if isinstance(named, Mapping) else None
    if not isinstance(name, str) or name not in _WGS84:
        raise NotFit(
            "区域は、世界測地系（WGS84）の経度・緯度で描いてください（only WGS84 is taken）"
        )


def _read(geometry: Mapping[str, Any]) -> BaseGeometry:
    try:
        shape = shapely.from_geojson(orjson.dumps(geometry).decode())
    except (shapely.errors.GEOSException, TypeError, ValueError):
        raise NotFit("区域の形を読めません（the polygon is no GeoJSON geometry）") from None
    return shapely.force_2d(shape)
