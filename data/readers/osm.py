"""Roads as raw OSM: `.osm.pbf` and `.osm`, read by pyosmium."""

from collections.abc import Callable
from itertools import chain, groupby
from pathlib import Path
from typing import Any, Final

import shapely
from shapely.geometry.base import BaseGeometry

from data.errors import BrokenSource
from data.network import Network, StreetTags
from data.readers.osmtags import no_street_because, street_tags
from data.readers.osmways import Node, Ways, network_from
from data.report import Progress, SourceReport

AROUND_DEG: Final = 0.02
"""About 2 km: ways around the city's boundary by which people walk round a hill."""
_SAID_EVERY: Final = 200_000
_EXTRACT: Final = "extract the city with its roads, for example with osmium extract"
_AGAIN: Final = "fetch the file again"
_AT_THE_EDGE: Final = "way at the file's edge, without its nodes outside"
_CUT: Final = "way cut in pieces where its nodes are missing, not drawn across the gap"


def read_osm(
    path: Path,
    report: SourceReport,
    progress: Progress = lambda _: None,
    *,
    within: BaseGeometry | None = None,
) -> Network:
    """Read every street of an OSM file, or those that come near `within` (degrees).

    Walkers, wheelchairs and vehicles share one network; `access` says who may use a street.
    Raises `BrokenSource`.
    """
    report.unit = "ways"
    ways = _read(path, report, progress, within)
    if not ways.refs:
        raise _no_street(path, report)
    return network_from(ways, report, progress)


def _read(
    path: Path, report: SourceReport, progress: Progress, within: BaseGeometry | None
) -> Ways:
    import osmium

    if not path.is_file():
        raise BrokenSource(path, "no roads: there is no such file", remedy="check its path")
    if path.stat().st_size == 0:
        raise BrokenSource(path, "the file is empty", remedy=_AGAIN)
    near = _near(within)
    ways = Ways()
    try:
        found = osmium.FileProcessor(str(path)).with_locations()
        for thing in found.with_filter(osmium.filter.KeyFilter("highway", "ele")):
            if isinstance(thing, osmium.osm.Way):
                _take(thing, ways, report, near)
                if report.read % _SAID_EVERY == 0:
                    progress(f"read {report.read:,} ways")
            elif isinstance(thing, osmium.osm.Node):
                _height(thing, ways)
    except (RuntimeError, ValueError, OSError, osmium.InvalidLocationError) as error:
        what = f"is cut off or no OSM file ({str(error)[:120]})"
        raise BrokenSource(path, what, remedy=_AGAIN) from error
    _add_squares(ways, report)
    return ways


def _add_squares(ways: Ways, report: SourceReport) -> None:
    """Squares (area=yes) are walked along their outline, where a street leads to them."""
    streets = set(ways.row_of)
    for number, pieces, tags in ways.squares:
        if any(ref in streets for ref, _, _ in chain(*pieces)):
            _add(pieces, tags, ways, report)
            report.note("square (area=yes): walked along its outline")
        else:
            why = "square (area=yes) that no street leads to"
            report.drop(why, row=f"way {number}", at=_first(pieces))


def _add(pieces: list[list[Node]], tags: StreetTags, ways: Ways, report: SourceReport) -> None:
    report.kept += 1
    for nodes in pieces:
        ways.add(nodes, tags)


def _first(pieces: list[list[Node]]) -> shapely.Point | None:
    """Where a way begins, as far as that is known."""
    return next((shapely.Point(x / 1e7, y / 1e7) for _, x, y in chain(*pieces)), None)


def _near(within: BaseGeometry | None) -> Callable[[list[Node]], bool]:
    """Whether one of a way's nodes lies in the boundary or around it."""
    if within is None:
        return lambda _: True
    around = shapely.buffer(within, AROUND_DEG)
    shapely.prepare(around)
    west, south, east, north = (round(limit * 1e7) for limit in shapely.bounds(around).tolist())

    def near(nodes: list[Node]) -> bool:
        boxed = [
            (x / 1e7, y / 1e7) for _, x, y in nodes if west <= x <= east and south <= y <= north
        ]
        return bool(boxed) and bool(shapely.intersects_xy(around, boxed).any())

    return near


def _take(
    way: Any,
    ways: Ways,
    report: SourceReport,
    near: Callable[[list[Node]], bool],
) -> None:
    tags = dict(way.tags)
    if "highway" not in tags:
        return
    report.read += 1
    row, known = f"way {way.id}", _known(way)
    pieces = [nodes for nodes in known if len({ref for ref, _, _ in nodes}) > 1]
    why = no_street_because(tags) or ("" if pieces else "fewer than two nodes")
    if why or not near(list(chain(*pieces))):
        report.drop(why or "far from the city's boundary", row=row, at=_first(known))
        return
    said = street_tags(tags, report, merged=False)
    if not said.access:
        report.drop("nobody may use it (access)", row=row, at=_first(pieces))
        return
    _tell_of_gaps(way, known, pieces, report)
    if tags.get("area") == "yes":
        ways.squares.append((way.id, pieces, said))
    else:
        _add(pieces, said, ways, report)


def _known(way: Any) -> list[list[Node]]:
    """A way's nodes in runs without a gap: over a node whose place is not in the file, nobody
    knows where the way goes, and a straight line may cross a river.
    """
    return [
        [(node.ref, node.x, node.y) for node in run]
        for known, run in groupby(way.nodes, lambda node: node.location.valid())
        if known
    ]


def _tell_of_gaps(
    way: Any, known: list[list[Node]], pieces: list[list[Node]], report: SourceReport
) -> None:
    """Once for each way, and how many lone nodes between its gaps were left out."""
    if sum(map(len, known)) == len(way.nodes):
        return
    cut = len(pieces) > 1
    report.repair(_CUT if cut else _AT_THE_EDGE, row=f"way {way.id}", at=_first(pieces))
    if lone := len(known) - len(pieces):
        report.note("node alone between gaps of its way, left out", count=lone)


def _height(node: Any, ways: Ways) -> None:
    try:
        ways.height_m[node.id] = float(node.tags.get("ele", ""))
    except ValueError:
        return


def _no_street(path: Path, report: SourceReport) -> BrokenSource:
    if report.read:
        what = f"none of its {report.read:,} ways is a street of this city"
        return BrokenSource(path, what, remedy="is it this city's extract? See the reasons below")
    return BrokenSource(path, "no street in it: no way has the tag highway", remedy=_EXTRACT)
