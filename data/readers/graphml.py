"""Roads as OSMnx GraphML."""

import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError

import networkx as nx
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import wkt
from shapely.errors import ShapelyError

from data.errors import BrokenSource
from data.network import Network, StreetRow, StreetTags, network_of, street_row
from data.readers.geojson import in_degrees
from data.readers.osmtags import MOTORWAYS, no_street_because, street_tags, values_of
from data.report import SourceReport

Shape = NDArray[np.float64]
_WIDEST_GAP: Final = 30 / 111_000
_AGAIN: Final = "fetch the file again, or save the graph again with osmnx.save_graphml"
_PROJECT: Final = "project it to EPSG:4326"
_FARTHEST_DEG: Final = 0.5
"""No street runs this far from its own junction."""

_NOTHING: Final = StreetTags("", "", 0, 0, 0, False, "", math.nan)

_AS_WRITTEN: Final = dict.fromkeys(
    (
        *("x", "y", "elevation", "elevation_res", "street_count", "osmid", "length", "oneway"),
        *("reversed", "bearing", "grade", "grade_abs", "speed_kph", "travel_time"),
        *("consolidated", "simplified"),
    ),
    str,
)
"""Kept as text, so that what is wrong can be named with its node."""


def read_graphml(path: Path, report: SourceReport) -> Network:
    """Read a network of OSMnx; both directions of a street become one, parallel streets stay.

    People walk both ways, whatever `oneway` says, and never along a motorway or where `foot` or
    `access` bars them. In a walk network a street without the tag `highway` is one to walk on.
    Raises `BrokenSource`.
    """
    graph = _graph(path)
    report.unit, report.read = "edges", graph.number_of_edges()
    if not report.read:
        raise BrokenSource(path, "no street in it", remedy="is it a road network?")
    osm_id = {node: _osm_id(path, node) for node in graph.nodes}
    number = {node: row for row, node in enumerate(sorted(osm_id, key=osm_id.__getitem__))}
    junctions = [_junction(path, node, graph.nodes[node]) for node in number]
    lonlat = np.array([row[:2] for row in junctions])
    streets = _streets(path, graph, number, lonlat, report)
    if not streets:
        what = f"none of its {report.read:,} edges is a street that somebody may use"
        raise BrokenSource(path, what, remedy="is it this city's? See the reasons below")
    report.made, report.made_unit = len(streets), "streets"
    missing = sum(math.isnan(row[2]) for row in junctions)
    if missing:
        report.note("junctions without elevation: taken as flat", count=missing)
    ids = np.array([osm_id[node] for node in number], dtype=np.int64)
    return network_of(ids, lonlat, np.array([row[2] for row in junctions]), streets)


def _graph(path: Path) -> "nx.MultiDiGraph[Any]":
    import osmnx

    if not path.is_file():
        raise BrokenSource(path, "no roads: there is no such file", remedy="check its path")
    try:
        with np.errstate(all="ignore"):
            graph = osmnx.load_graphml(
                path, node_dtypes=_AS_WRITTEN, edge_dtypes=_AS_WRITTEN, graph_dtypes=_AS_WRITTEN
            )
    except ParseError as error:
        line, column = error.position
        what = f"is cut off or no XML (column {column}: {error})"
        raise BrokenSource(path, what, row=f"line {line}", remedy=_AGAIN) from error
    except ShapelyError as error:
        what, row = f"attribute 'geometry': {error}", _broken_line(path)
        raise BrokenSource(path, what, row=row, remedy=_AGAIN) from error
    except (nx.NetworkXError, LookupError, ValueError, TypeError, OSError) as error:
        raise BrokenSource(path, f"is no OSMnx graph: {error}", remedy=_AGAIN) from error
    crs = str(graph.graph.get("crs", "EPSG:4326"))
    if not in_degrees(crs):
        raise BrokenSource(path, f"attribute 'crs' is {crs[:80]}", remedy=_PROJECT)
    return graph


def _broken_line(path: Path) -> str | None:
    """The edge whose geometry cannot be read."""
    graph: Any = nx.read_graphml(path)
    for start, end, tags in graph.edges(data=True):
        try:
            wkt.loads(tags.get("geometry") or "LINESTRING EMPTY")
        except ShapelyError:
            return f"edge {start}-{end}"
    return None


def _osm_id(path: Path, node: str) -> int:
    if re.fullmatch(r"-?\d{1,18}", node):
        return int(node)
    raise BrokenSource(path, "attribute 'id' is no number", row=f"node {node}", remedy=_AGAIN)


def _junction(path: Path, node: str, tags: dict[str, Any]) -> tuple[float, float, float]:
    """(lon, lat, elevation in metres) of a node."""
    found = []
    for key, limit in (("x", 180), ("y", 90)):
        if key not in tags:
            what = f"attribute {key!r} is missing"
            raise BrokenSource(path, what, row=f"node {node}", remedy=_AGAIN)
        value = _float(tags[key])
        if not abs(value) <= limit:
            what = f"attribute {key!r} is {str(tags[key])[:20]!r}, not in degrees"
            raise BrokenSource(path, what, row=f"node {node}", remedy=_PROJECT)
        found.append(value)
    elevation = _float(tags.get("elevation"))
    return found[0], found[1], elevation if math.isfinite(elevation) else math.nan


def _float(text: Any) -> float:
    """NaN where it is no number."""
    try:
        return float(text)
    except (TypeError, ValueError):
        return math.nan


def _streets(
    path: Path,
    graph: "nx.MultiDiGraph[Any]",
    number: dict[str, int],
    lonlat: Shape,
    report: SourceReport,
) -> list[StreetRow]:
    """Each street once, whatever directions it is written in."""
    found: dict[tuple[int, int, bytes], StreetRow] = {}
    on_foot = _for_walkers(graph)
    for start, end, tags in graph.edges(data=True):
        a, b = number[start], number[end]
        shape = _shape(path, f"edge {start}-{end}", tags, lonlat[[a, b]], report)
        if shape is None:
            continue
        row = street_row(a, b, shape, _NOTHING)
        if row.key not in found:
            said = _said(tags, report, f"edge {start}-{end}", shape, on_foot=on_foot)
            if said is None:
                continue
            found[row.key] = street_row(a, b, shape, said)
        report.kept += 1
    return list(found.values())


def _for_walkers(graph: "nx.MultiDiGraph[Any]") -> bool:
    """Whether OSMnx saved a walk network: it has no street for one way only, and no motorway."""
    return not any(
        values_of(tags, "oneway") or MOTORWAYS.intersection(values_of(tags, "highway"))
        for _, _, tags in graph.edges(data=True)
    )


def _said(
    tags: Mapping[str, Any], report: SourceReport, row: str, shape: Shape, *, on_foot: bool
) -> StreetTags | None:
    """What an edge's tags say; None, and dropped, where it is no street or nobody may use it."""
    if not (why := no_street_because(tags)):
        merged = len(values_of(tags, "osmid")) > 1
        said = street_tags(tags, report, merged=merged, on_foot=on_foot)
        if said.access:
            return said
        why = "nobody may use it (access)"
    report.drop(why, row=row, at=shapely.LineString(shape))
    return None


def _shape(
    path: Path, row: str, tags: dict[str, Any], ends: Shape, report: SourceReport
) -> Shape | None:
    """The street's line from node to node; None where it cannot be the line between them."""
    geometry = tags.get("geometry")
    if geometry is None:
        return ends
    shape = np.asarray(geometry.coords)[:, :2] if geometry.geom_type == "LineString" else ends[:0]
    if len(shape) < 2 or not np.isfinite(shape).all():
        raise BrokenSource(path, "attribute 'geometry' is no line", row=row, remedy=_AGAIN)
    if np.abs(shape - ends[0]).max() > _FARTHEST_DEG:
        what = f"attribute 'geometry' runs over {_FARTHEST_DEG}° away from its junction"
        raise BrokenSource(path, what, row=row, remedy=_PROJECT)
    if np.abs(shape[0] - ends[0]).max() > np.abs(shape[-1] - ends[0]).max():
        shape = shape[::-1]
    gap = np.abs(shape[[0, -1]] - ends).max()
    if gap > _WIDEST_GAP:
        report.drop("line ends over 30 m from its junction", row=row, at=geometry)
        return None
    if gap > 1e-6:
        report.repair("line drawn to its junction, up to 30 m away", row=row, at=geometry)
    return np.concatenate([ends[:1], shape[1:-1], ends[1:]])
