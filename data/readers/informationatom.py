"""Atom feeds and CAP 1.2 documents of others; a drill or a test of theirs is no information.

A feed's entries link to documents: `entries_of` names them for whoever fetches telegrams.
"""

from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element

import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from data.errors import BrokenSource
from data.readers.informationended import ACTUAL, Named, ended_by, name_of, withdrawn
from data.readers.informationrow import Told
from data.readers.observedxml import child, children, local, root_of, text_of

ATOM: Final = "{http://www.w3.org/2005/Atom}feed"
_LANGUAGE: Final = "ja"
_KM_A_DEGREE: Final = 111.2


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a feed: its id, what it links to, and its words (title, author)."""

    id: str
    link: str
    words: str


def read_atom(path: Path, data: bytes) -> tuple[Iterator[Told], datetime | None]:
    """Rows of a feed or of one CAP document, and the moment that it gives itself.

    Raises `BrokenSource`.
    """
    root = root_of(path, data)
    if local(root) == "alert":
        return _alert(root), _moment(text_of(root, "sent"))
    if local(root) == "feed":
        entries = list(children(root, "entry"))
        over = withdrawn([one for entry in entries if (one := _alert_in(entry)) is not None])
        rows = (row for entry in entries for row in _entry(entry, over))
        return rows, _moment(text_of(root, "updated"))
    what = f"AtomでもCAPでもありません（neither Atom nor CAP: {local(root)[:40]}）"
    raise BrokenSource(path, what)


def entries_of(path: Path, data: bytes) -> list[Entry] | None:
    """The entries of an Atom feed; None for another document. Raises `BrokenSource`."""
    root = root_of(path, data)
    if root.tag != ATOM:
        return None
    return [
        Entry(
            text_of(entry, "id") or _link(entry),
            _link(entry),
            " ".join((text_of(entry, "title"), _author(entry), text_of(entry, "content"))),
        )
        for entry in children(root, "entry")
    ]


def said_by(path: Path, data: bytes) -> datetime | None:
    """The moment that a feed gives itself. Raises `BrokenSource`."""
    return _moment(text_of(root_of(path, data), "updated"))


def _entry(entry: Element, over: Set[Named]) -> Iterator[Told]:
    inside = _alert_in(entry)
    if inside is not None:
        if name_of(inside) not in over:
            yield from _alert(inside)
        return
    words = {
        "id": text_of(entry, "id"),
        "title": text_of(entry, "title"),
        "text": text_of(entry, "summary") or text_of(entry, "content"),
        "at": text_of(entry, "updated") or text_of(entry, "published"),
        "link": _link(entry),
    }
    point, polygon = text_of(entry, "point"), text_of(entry, "polygon")
    if not point and not polygon:
        yield Told(words)
        return
    place = _pairs(polygon or point)
    yield Told(words, place, lost=place is None)


def _alert_in(entry: Element) -> Element | None:
    content = child(entry, "content")
    return child(content, "alert") if content is not None else None


def _alert(alert: Element) -> Iterator[Told]:
    """An alert in its Japanese words; none for what is withdrawn, a drill, a test or a draft."""
    if text_of(alert, "status") != ACTUAL or text_of(alert, "msgType") in (
        "Cancel",
        "Ack",
        "Error",
    ):
        return
    told = list(children(alert, "info"))
    named, ends = name_of(alert), tuple(ended_by(alert))
    ours = [one for one in told if text_of(one, "language").lower().startswith(_LANGUAGE)]
    for number, one in enumerate(ours or told[:1]):
        areas = list(children(one, "area"))
        where = "、".join(filter(None, (text_of(area, "areaDesc") for area in areas[:20])))
        said = [text_of(one, "description"), text_of(one, "instruction"), where]
        words = {
            "id": f"{text_of(alert, 'identifier')}/{number}",
            "title": text_of(one, "headline") or text_of(one, "event"),
            "text": " ".join(filter(None, said)),
            "at": text_of(one, "effective") or text_of(alert, "sent"),
            "until": text_of(one, "expires"),
            "link": text_of(one, "web"),
        }
        shapes = [_shape(area) for area in areas if _says_place(area)]
        lost = any(shape is None for shape in shapes)
        known = [shape for shape in shapes if shape is not None]
        yield Told(words, shapely.GeometryCollection(known) if known else None, lost, named, ends)


def _says_place(area: Element) -> bool:
    return child(area, "polygon") is not None or child(area, "circle") is not None


def _shape(area: Element) -> BaseGeometry | None:
    found = [_pairs("".join(one.itertext())) for one in children(area, "polygon")]
    found += [_circle("".join(one.itertext())) for one in children(area, "circle")]
    known = [shape for shape in found if shape is not None]
    return shapely.GeometryCollection(known) if len(known) == len(found) else None


def _pairs(text: str) -> BaseGeometry | None:
    """Points of "lat,lon lat,lon …" (CAP) or "lat lon lat lon …" (GeoRSS); None for no such."""
    try:
        numbers = [float(one) for one in text.replace(",", " ").split()]
        corners = list(zip(numbers[1::2], numbers[::2], strict=True))
        found: BaseGeometry = shapely.MultiPoint(corners).envelope
    except (ValueError, ShapelyError):
        return None
    return found if corners else None


def _circle(text: str) -> BaseGeometry | None:
    """ "lat,lon km" as the box around it; the width of a degree is that in Japan."""
    try:
        lat, lon, km = (float(one) for one in text.replace(",", " ").split())
    except ValueError:
        return None
    degrees = max(km, 0) / _KM_A_DEGREE
    return shapely.box(lon - 1.3 * degrees, lat - degrees, lon + 1.3 * degrees, lat + degrees)


def _link(entry: Element) -> str:
    links = list(children(entry, "link"))
    chosen = [one for one in links if one.get("rel", "alternate") == "alternate"]
    return next((str(one.get("href", "")) for one in (*chosen, *links)), "")


def _author(entry: Element) -> str:
    author = child(entry, "author")
    return text_of(author, "name") if author is not None else ""


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None
