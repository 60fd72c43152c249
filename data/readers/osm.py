"""Roads as raw OSM: `.osm.pbf` and `.osm`, read by pyosmium."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import shapely
from shapely.geometry.base import BaseGeometry

from data.errors import BrokenSource
from data.network import Network
from data.readers.osmtags import STREETS, street_tags
from data.readers.osmways import Node, Progress, Ways, network_from
from data.report import SourceReport

AROUND_DEG: Final = 0.02
"""About 2 km: ways around the city's boundary by which people walk round a hill."""
_SAID_EVERY: Final = 200_000
_EXTRACT: Final = "extract the city with its roads, for example with osmium extract"
_AGAIN: Final = "fetch the file again"


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
    for number, nodes, tags in ways.squares:
        if any(ref in streets for ref, _, _ in nodes):
            ways.add(nodes, tags)
            report.note("square (area=yes): walked along its outline")
        else:
            at = shapely.Point(nodes[0][1] / 1e7, nodes[0][2] / 1e7)
            report.drop("square (area=yes) that no street leads to", row=f"way {number}", at=at)


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
    nodes = [(node.ref, node.x, node.y) for node in way.nodes if node.location.valid()]
    if len(nodes) < len(way.nodes):
        report.repair("way at the file's edge, without its nodes outside", row=f"way {way.id}")
    if (why := _no_street_because(tags, nodes)) or not near(nodes):
        at = shapely.Point(nodes[0][1] / 1e7, nodes[0][2] / 1e7) if nodes else None
        report.drop(why or "far from the city's boundary", row=f"way {way.id}", at=at)
        return
    said = street_tags(tags, report, merged=False)
    if not said.access:
        at = shapely.Point(nodes[0][1] / 1e7, nodes[0][2] / 1e7)
        report.drop("nobody may use it (access)", row=f"way {way.id}", at=at)
        return
    if tags.get("area") == "yes":
        ways.squares.append((way.id, nodes, said))
    else:
        ways.add(nodes, said)


def _no_street_because(tags: Mapping[str, str], nodes: list[Any]) -> str:
    if tags["highway"] not in STREETS:
        return f"highway={tags['highway'][:40]} is no street"
    return "" if len({node[0] for node in nodes}) > 1 else "fewer than two nodes"


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
