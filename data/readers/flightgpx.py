"""Flight tracks as GPX: the points of its tracks that have a time (GPX 1.0, 1.1).

XML from strangers: no DOCTYPE, no entity, read piece by piece.
"""

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import IO, Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from data.errors import BrokenSource
from data.readers.flightpoints import (
    EXPORT,
    MOST_FIXES,
    NOWHERE,
    Point,
    aware,
    is_nowhere,
    position_of,
)
from data.readers.sieve import Sieve
from data.report import SourceReport

MOST_DEPTH: Final = 50
"""Elements in one another: a track's point is the fourth, its extensions a few more."""


def read_gpx_points(path: Path, report: SourceReport) -> list[Point]:
    """The points that say where and when; raises `BrokenSource`. Heights are above the sea, and
    none above the take-off: they are left out.
    """
    sieve = Sieve(path, report)
    points: list[Point] = []
    try:
        with path.open("rb") as file:
            for row, element in enumerate(_track_points(path, file), start=1):
                with sieve.row(row):
                    point = _point(path, row, element)
                    if is_nowhere(point.position):
                        report.drop(NOWHERE, row=row)
                    else:
                        points.append(point)
                if row > MOST_FIXES:
                    raise BrokenSource(path, f"more than {MOST_FIXES:,} points", remedy=EXPORT)
    except DefusedXmlException as error:
        what = "a DOCTYPE or an entity: no GPX has one"
        raise BrokenSource(path, what, remedy=EXPORT) from error
    except (ParseError, ValueError, LookupError) as error:
        raise BrokenSource(path, f"is no GPX, or cut off: {error}", remedy=EXPORT) from error
    sieve.close()
    return points


def _track_points(path: Path, file: IO[bytes]) -> Iterator[Element]:
    """Each `trkpt`, thrown away once it is used, as are all other elements."""
    above: list[Element] = []
    for event, element in iterparse(file, ("start", "end"), forbid_dtd=True):
        if event == "start":
            if not above and _name(element) != "gpx":
                raise BrokenSource(path, "is XML, and no GPX", remedy=EXPORT)
            above.append(element)
            if len(above) > MOST_DEPTH:
                raise BrokenSource(path, "elements nested too deep", remedy=EXPORT)
            continue
        above.pop()
        if _name(element) == "trkpt":
            yield element
        if not any(_name(one) == "trkpt" for one in above):
            element.clear()
            if above:
                above[-1].remove(element)


def _point(path: Path, row: int, element: Element) -> Point:
    position = position_of(path, row, element.get("lat", ""), element.get("lon", ""))
    said = next((child.text or "" for child in element if _name(child) == "time"), "")
    if not said.strip():
        raise BrokenSource(path, "says no time", row=row, remedy=EXPORT)
    # GPX counts in UTC; many write no Z.
    return Point(row, None, aware(path, row, said, UTC), position)


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
