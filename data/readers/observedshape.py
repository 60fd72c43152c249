"""Points, lines and areas that a stranger's file holds: sound and in degrees, or refused."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from data.readers.observedrow import MOST_ROWS, MOST_VERTICES, RowRefused
from data.readers.soundness import NOWHERE_DEG, in_the_world

WIDEST_DEG: Final = 0.5
"""About 50 km: a line that a lost position has stretched, or an area of no one city."""
_NUMBER: Final = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?", re.IGNORECASE)
_DEGREES: Final = "35.1234 のように、度だけの数（十進、世界測地系）で書いてください"
_CHOOSE: Final = "地図で場所を選び直してください"
_REDRAW: Final = "辺が交わらないように描き直すか、点で示してください"
_SIMPLER: Final = (
    "頂点を減らしてください（広い水は、観測した浸水域として nigemichi water add で入れます）"
)
_ONLY_SEEN: Final = "見た所だけを描き直してください"
_MANY_SHAPES: Final = f"一つの行に形が{MOST_ROWS}より多くあります"
_SPLIT: Final = "ファイルを分けてください"


def number(text: str, what: str) -> float:
    """A number of degrees as typed; raises `RowRefused`."""
    plain = unicodedata.normalize("NFKC", text[:80]).strip()
    if len(plain) > 40 or not _NUMBER.fullmatch(plain):
        raise RowRefused(f"{what}「{plain[:20]}」が数ではありません", _DEGREES)
    return float(plain)


def point(lat: str, lon: str) -> shapely.Point:
    """A point as two numbers that were typed."""
    if not lat.strip() or not lon.strip():
        raise RowRefused("緯度・経度がありません", _CHOOSE)
    return shapely.Point(number(lon, "経度"), number(lat, "緯度"))


def line(corners: Sequence[tuple[float, float]]) -> BaseGeometry:
    """A line of (lon, lat), a point where it has but one; raises `RowRefused`."""
    if not corners:
        raise RowRefused("座標がありません", _CHOOSE)
    refuse_many(len(corners))
    return shapely.Point(corners[0]) if len(corners) == 1 else shapely.LineString(corners)


def area(rings: Sequence[Sequence[tuple[float, float]]]) -> BaseGeometry:
    """An area of an outline and holes; an open ring is closed. Raises `RowRefused`."""
    if not rings:
        raise RowRefused("座標がありません", _CHOOSE)
    refuse_many(sum(map(len, rings)))
    try:
        return shapely.Polygon(rings[0], rings[1:])
    except (ShapelyError, ValueError):
        raise RowRefused("面の角が3つありません", _REDRAW) from None


def parts_of(shape: BaseGeometry) -> list[BaseGeometry]:
    """The single shapes in it, each sound; raises `RowRefused`."""
    found, left = [], [shape]
    while left:
        one = left.pop()
        if one.is_empty:
            raise RowRefused("形が空です", _CHOOSE)
        if shapely.get_num_geometries(one) > MOST_ROWS:
            raise RowRefused(_MANY_SHAPES, _SPLIT)
        if one.geom_type.startswith(("Multi", "GeometryCollection")):
            left += reversed(shapely.get_parts(one).tolist())
        else:
            found.append(_sound(one))
        if len(found) + len(left) > MOST_ROWS:
            raise RowRefused(_MANY_SHAPES, _SPLIT)
    return found


def _sound(shape: BaseGeometry) -> BaseGeometry:
    refuse_many(int(shapely.get_num_coordinates(shape)))
    flat = shapely.force_2d(shape)
    if not np.isfinite(shapely.get_coordinates(flat)).all():
        raise RowRefused("座標が数ではありません（NaN・無限大）", _CHOOSE)
    if not in_the_world(flat):
        raise RowRefused(_not_degrees(flat), _DEGREES)
    if shapely.dwithin(flat, shapely.Point(0, 0), NOWHERE_DEG):
        raise RowRefused("位置が 0,0 です（機器が場所を知りません）", _CHOOSE)
    west, south, east, north = flat.bounds
    if max(east - west, north - south) > WIDEST_DEG:
        raise RowRefused("一つの形が市より広い範囲です", _ONLY_SEEN)
    if flat.geom_type == "Polygon" and not flat.is_valid:
        why = str(shapely.is_valid_reason(flat)).split("[")[0]
        raise RowRefused(f"面の辺が交わっています（{why}）", _REDRAW)
    if flat.geom_type == "LinearRing":
        return shapely.LineString(shapely.get_coordinates(flat))
    if flat.geom_type == "LineString" and flat.length == 0:
        return shapely.Point(shapely.get_coordinates(flat)[0])
    return flat


def _not_degrees(shape: BaseGeometry) -> str:
    if in_the_world(shapely.transform(shape, lambda xy: xy[:, ::-1])):
        return "緯度と経度が逆です"
    return "緯度・経度の度ではありません（平面直角座標などのまま）"


def refuse_many(vertices: int) -> None:
    """Raise `RowRefused` where one shape has more vertices than are looked at."""
    if vertices > MOST_VERTICES:
        what = f"頂点が{vertices:,}あります。{MOST_VERTICES:,}までです"
        raise RowRefused(what, _SIMPLER)
