"""現地報告 as KML, as Google Earth and field apps write it; links, styles and pictures are let be.

https://docs.ogc.org/is/12-007r2/12-007r2.html
"""

import html
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element

import shapely
from shapely.geometry.base import BaseGeometry

from data.errors import BrokenSource
from data.readers.observedrow import RowRefused, Said, place_or_refusal
from data.readers.observedshape import area, line, number, refuse_many
from data.readers.observedxml import child, children, local, text_of, texts_of
from data.readers.observedzip import MAGIC, kml_in

_PICTURES: Final = ("GroundOverlay", "ScreenOverlay", "PhotoOverlay")
_ROWS: Final = ("Placemark", "NetworkLink", *_PICTURES)
_GEOMETRIES: Final = ("Point", "LineString", "LinearRing", "Polygon", "MultiGeometry", "Track")
_TAG: Final = re.compile(r"<[^<>]{0,5000}>")
_FETCH: Final = "リンクの先を開き、そのファイルを保存して取り込んでください"
_DRAW: Final = "見た所を、点・線・面で入れてください"


def unpacked(path: Path, data: bytes) -> bytes:
    """The KML itself, out of a KMZ where it is one; raises `BrokenSource`."""
    return kml_in(path, data) if data.startswith(MAGIC) else data


def read_kml(path: Path, root: Element) -> Iterator[Said]:
    """Placemarks in the order of the file; what only points elsewhere is refused, never fetched."""
    rows = [one for one in root.iter() if local(one) in _ROWS]
    if not rows:
        raise BrokenSource(
            path, "目印（Placemark）が一つもありません（no Placemark）", remedy=_DRAW
        )
    for row, one in enumerate(rows, start=1):
        words = texts_of(one, "name", "description")
        if local(one) == "Placemark":
            yield _placemark(row, one, words)
        elif local(one) == "NetworkLink":
            why = RowRefused("外部へのリンク（NetworkLink）です。読みに行きません", _FETCH)
            yield Said(row, words, why)
        else:
            yield Said(row, words, RowRefused("地図に重ねた画像です", _DRAW))


def _placemark(row: int, one: Element, words: dict[str, str]) -> Said:
    if "description" in words:
        words["description"] = _without_tags(words["description"])
    is_way = any(local(part) in ("Track", "MultiTrack") for part in one.iter())
    said = {**words, **_when(one), **_extended(one)}
    return Said(row, said, place_or_refusal(_place, one), is_way=is_way)


def _when(one: Element) -> dict[str, str]:
    stamp, span = child(one, "TimeStamp"), child(one, "TimeSpan")
    if stamp is not None:
        return {"when": text_of(stamp, "when")}
    return {"when": text_of(span, "begin")} if span is not None else {}


def _extended(one: Element) -> Mapping[str, str]:
    """Own columns, which say more than the standard's."""
    told: dict[str, str] = {}
    for part in one.iter():
        if local(part) == "Data":
            told[part.get("name", "")] = text_of(part, "value")
        elif local(part) == "SimpleData":
            told[part.get("name", "")] = (part.text or "").strip()
    return told


def _place(one: Element) -> BaseGeometry:
    shapes = [_shape(part) for part in children(one, *_GEOMETRIES)]
    if not shapes:
        raise RowRefused("場所がありません", _DRAW)
    return shapes[0] if len(shapes) == 1 else shapely.GeometryCollection(shapes)


def _shape(part: Element) -> BaseGeometry:
    kind = local(part)
    if kind == "MultiGeometry":
        inner = [_shape(one) for one in children(part, *_GEOMETRIES)]
        return shapely.GeometryCollection(inner)
    if kind == "Polygon":
        rings = [
            _corners(ring)
            for border in (*children(part, "outerBoundaryIs"), *children(part, "innerBoundaryIs"))
            for ring in children(border, "LinearRing")
        ]
        return area(rings)
    if kind == "Track":
        return line([_pair((one.text or "").split()) for one in children(part, "coord")])
    return line(_corners(part))


def _corners(part: Element) -> list[tuple[float, float]]:
    corners = text_of(part, "coordinates").split()
    refuse_many(len(corners))
    return [_pair(corner.split(",")) for corner in corners]


def _pair(numbers: list[str]) -> tuple[float, float]:
    if len(numbers) < 2:
        raise RowRefused("座標が「経度,緯度」ではありません", _DRAW)
    return number(numbers[0], "経度"), number(numbers[1], "緯度")


def _without_tags(text: str) -> str:
    """Descriptions are HTML more often than not; what they would load is not looked at."""
    return html.unescape(_TAG.sub(" ", text)).strip()
