"""現地報告 as GPX: waypoints; a track or a route only where its words say what was seen.

https://www.topografix.com/GPX/1/1/
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element

import shapely
from shapely.geometry.base import BaseGeometry

from data.errors import BrokenSource
from data.readers.observedrow import Said, place_or_refusal
from data.readers.observedshape import line, point
from data.readers.observedxml import child, children, local, texts_of

_WORDS: Final = ("name", "cmt", "desc", "type", "time", "url")
_MARK: Final = "見た所に、端末で地点（waypoint）をつけて書き出してください"


def read_gpx(path: Path, root: Element) -> Iterator[Said]:
    """Waypoints, routes and tracks in the order of the file."""
    rows = [one for one in root if local(one) in ("wpt", "rte", "trk")]
    if not rows:
        raise BrokenSource(path, "地点が一つもありません（no waypoint）", remedy=_MARK)
    for row, one in enumerate(rows, start=1):
        if local(one) == "wpt":
            yield Said(row, _words(one), place_or_refusal(_point, one))
        else:
            place = place_or_refusal(_way, one)
            yield Said(row, _words(one) | _end_of(one), place, is_way=True)


def _point(one: Element) -> shapely.Point:
    return point(one.get("lat", ""), one.get("lon", ""))


def _way(one: Element) -> BaseGeometry:
    segments = list(children(one, "trkseg")) or [one]
    lines = [line([_corner(p) for p in children(s, "trkpt", "rtept")]) for s in segments]
    return lines[0] if len(lines) == 1 else shapely.GeometryCollection(lines)


def _corner(one: Element) -> tuple[float, float]:
    at = _point(one)
    return at.x, at.y


def _words(one: Element) -> dict[str, str]:
    told = texts_of(one, *_WORDS)
    link = child(one, "link")
    if link is not None:
        told["link"] = link.get("href", "")
    more = child(one, "extensions")
    inner = {} if more is None else {local(p): (p.text or "").strip() for p in more.iter()}
    return inner | told


def _end_of(one: Element) -> dict[str, str]:
    """A track has no time of its own: that of its last point."""
    points = [p for p in one.iter() if local(p) in ("trkpt", "rtept")]
    return texts_of(points[-1], "time") if points else {}
