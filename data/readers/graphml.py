"""Roads as OSMnx GraphML."""

import math
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from shapely import wkt
from shapely.errors import ShapelyError

from data.errors import BrokenSource
from data.network import Network
from data.readers.geojson import in_degrees
from data.report import SourceReport
from routing.roads import StreetFlag

Shape = NDArray[np.float64]
_WIDEST_GAP: Final = 30 / 111_000
_NO: Final = frozenset({"", "no", "none", "nan", "false", "0"})
_AGAIN: Final = "fetch the file again, or save the graph again with osmnx.save_graphml"
_PROJECT: Final = "project it to EPSG:4326"
LOW_BRIDGE: Final = "low_water_crossing"
"""沈下橋: a bridge that floods run over."""

_FARTHEST_DEG: Final = 0.5
"""No street runs this far from its own junction."""

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
    """Read a walk network; both directions of a street become one, parallel streets stay.

    Everybody walks both ways, whatever `oneway` says. Raises `BrokenSource`.
    """
    graph = _graph(path)
    report.read = graph.number_of_edges()
    if not report.read:
        raise BrokenSource(path, "no street in it", remedy="is it a road network?")
    osm_id = {node: _osm_id(path, node) for node in graph.nodes}
    number = {node: row for row, node in enumerate(sorted(osm_id, key=osm_id.__getitem__))}
    junctions = [_junction(path, node, graph.nodes[node]) for node in number]
    streets = _streets(path, graph, number, np.array([row[:2] for row in junctions]), report)
    names = tuple(sorted({street[3] for street in streets if street[3]}))
    name_row = {name: row for row, name in enumerate(names)}
    report.kept = len(streets)
    shapes = [street[6] for street in streets]
    missing = sum(math.isnan(row[2]) for row in junctions)
    if missing:
        report.noted["junctions without elevation: taken as flat"] = missing
    return Network(
        osm_id=np.array([osm_id[node] for node in number], dtype=np.int64),
        junction_lonlat=np.array([row[:2] for row in junctions]),
        elevation_m=np.array([row[2] for row in junctions]),
        start=np.array([street[0] for street in streets], np.int32),
        end=np.array([street[1] for street in streets], np.int32),
        flags=np.array([street[4] for street in streets], np.uint8),
        layer=np.array([street[5] for street in streets], np.int8),
        name=np.array([name_row.get(street[3], -1) for street in streets], np.int32),
        names=names,
        shape_start=np.concatenate([[0], np.cumsum([len(s) for s in shapes])]).astype(np.int32),
        shape_lonlat=np.concatenate(shapes),
    )


def _graph(path: Path) -> "nx.MultiDiGraph[Any]":
    import osmnx

    if not path.is_file():
        raise BrokenSource(path, "there is no such file", remedy="check its path")
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
            what = f"attribute {key!r} is {tags[key]!r}, not in degrees"
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


_Street = tuple[int, int, bytes, str, int, int, Shape]


def _streets(
    path: Path,
    graph: "nx.MultiDiGraph[Any]",
    number: dict[str, int],
    lonlat: Shape,
    report: SourceReport,
) -> list[_Street]:
    """(start, end, key, name, flags, layer, shape) of each street, sorted."""
    found: dict[tuple[int, int, bytes], _Street] = {}
    for start, end, tags in graph.edges(data=True):
        a, b = number[start], number[end]
        shape = _shape(path, f"edge {start}-{end}", tags, lonlat[[a, b]], report)
        if shape is None:
            continue
        if a > b or (a == b and shape[::-1].tobytes() < shape.tobytes()):
            a, b, shape = b, a, shape[::-1]
        key = (a, b, shape.round(7).tobytes())
        if key in found:
            report.noted["two directions of one street, joined"] += 1
            continue
        name = next(iter(_values(tags, "name")), "")
        flags = _flags(tags, report)
        found[key] = (*key, name, flags, _layer(tags, flags, report), shape)
    return [found[key] for key in sorted(found)]


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
        report.dropped["line ends over 30 m from its junction"] += 1
        return None
    if gap > 1e-6:
        report.repaired["line drawn to its junction, up to 30 m away"] += 1
    return np.concatenate([ends[:1], shape[1:-1], ends[1:]])


def _values(tags: dict[str, Any], key: str) -> list[str]:
    """A tag's values: simplification merges them into a list, some savers with commas."""
    value = tags.get(key)
    parts: Iterable[Any] = value if isinstance(value, list) else [value]
    split = [
        part.strip() for one in parts if one is not None for part in re.split("[,;]", str(one))
    ]
    return [part for part in split if part.lower() not in _NO]


def _flags(tags: dict[str, Any], report: SourceReport) -> int:
    flags = 0
    merged = len(_values(tags, "osmid")) > 1
    bridges = _values(tags, "bridge")
    if _values(tags, "ford") or LOW_BRIDGE in bridges:
        flags |= StreetFlag.FORD
        report.noted["ford or low bridge: closes first, like an underpass"] += 1
    elif bridges:
        flags |= StreetFlag.BRIDGE
        if merged:
            flags |= StreetFlag.PART_BRIDGE
            report.noted["bridge merged with the road beside it"] += 1
    tunnels = [value for value in _values(tags, "tunnel") if value != "building_passage"]
    if any(value != "culvert" for value in tunnels):
        flags |= StreetFlag.TUNNEL
        if merged:
            flags |= StreetFlag.PART_TUNNEL
            report.noted["tunnel merged with the road beside it"] += 1
    elif tunnels:
        report.noted["culvert under the street, no tunnel"] += 1
    if "steps" in _values(tags, "highway"):
        flags |= StreetFlag.STEPS
    return int(flags)


def _layer(tags: dict[str, Any], flags: int, report: SourceReport) -> int:
    """The lowest layer; a culvert's own layer says nothing of who walks above it.

    A tunnel without one is taken as sunken: underpasses drown people, detours do not.
    """
    if _values(tags, "tunnel") == ["culvert"]:
        return 0
    layers = [int(float(v)) for v in _values(tags, "layer") if re.fullmatch(r"-?\d+(\.0)?", v)]
    if not layers and flags & StreetFlag.TUNNEL:
        report.noted["tunnel without layer: taken as sunken"] += 1
        return -1
    return max(min(layers, default=0), -9)
