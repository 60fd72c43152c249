"""Raw ways to a network: simplified by OSMnx, each street once.

A junction is where streets meet, end, or change into something that decides who can pass:
a bridge, a tunnel, steps, another layer or access. So no bridge is merged with its approach.
"""

import gc
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from threading import Event, Thread
from typing import Any, Final

import networkx as nx
import numpy as np
import shapely
from numpy.typing import NDArray

from data.network import Network, StreetRow, StreetTags, network_of, street_row, turned
from data.report import Progress, SourceReport
from routing.roads import Access

SAID_EVERY_S: Final = 5.0
Node = tuple[int, int, int]
"""A node's number, and its position in 1e-7 degrees east and north."""


@dataclass(slots=True)
class Ways:
    """Raw ways: `refs` are rows of nodes, from one way to the next; positions in 1e-7 degrees.

    `squares` are ways around an area, in as many pieces as their nodes are known in.
    """

    row_of: dict[int, int] = field(default_factory=dict)
    at: list[tuple[int, int]] = field(default_factory=list)
    height_m: dict[int, float] = field(default_factory=dict)
    refs: list[list[int]] = field(default_factory=list)
    tags: list[StreetTags] = field(default_factory=list)
    squares: list[tuple[int, list[list[Node]], StreetTags]] = field(default_factory=list)

    def add(self, nodes: list[Node], tags: StreetTags) -> None:
        """Take a way as a street; one drawn against its traffic is turned round."""
        forward, backward = Access.VEHICLE_FORWARD, Access.VEHICLE_BACKWARD
        if tags.access & backward and not tags.access & forward:
            nodes, tags = nodes[::-1], tags._replace(access=turned(tags.access))
        refs = [self.node(*node) for node in nodes]
        self.refs.append([ref for i, ref in enumerate(refs) if i == 0 or ref != refs[i - 1]])
        self.tags.append(tags)

    def node(self, ref: int, x: int, y: int) -> int:
        """The row of a node, new or known."""
        row = self.row_of.setdefault(ref, len(self.at))
        if row == len(self.at):
            self.at.append((x, y))
        return row


def network_from(ways: Ways, report: SourceReport, progress: Progress) -> Network:
    """Simplify raw ways with OSMnx, and make rows of the streets."""
    progress(f"simplifying {len(ways.refs):,} ways of {len(ways.at):,} nodes with OSMnx")
    with _without_collecting(), still(progress, "simplifying"):
        graph = _simplified(_graph(ways))
    osm_id = np.array(list(ways.row_of), np.int64)
    rows = np.array(sorted(graph.nodes, key=lambda row: osm_id[row]), np.int64)
    number = {row: place for place, row in enumerate(rows.tolist())}
    lonlat = np.array(ways.at, np.float64)[rows] / 1e7
    heights = np.array([ways.height_m.get(ref, math.nan) for ref in osm_id[rows].tolist()])
    streets = _streets(graph, number, lonlat, ways, report)
    report.made, report.made_unit = len(streets), "streets"
    return network_of(osm_id[rows], lonlat, heights, streets)


def _graph(ways: Ways) -> "nx.MultiDiGraph[Any]":
    """Every way both ways. `kind` differs where one street must not run on into the next."""
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph(crs="EPSG:4326")
    graph.add_nodes_from((row, {"x": x / 1e7, "y": y / 1e7}) for row, (x, y) in enumerate(ways.at))
    kinds: dict[tuple[Any, ...], int] = {}
    for way, (refs, tags) in enumerate(zip(ways.refs, ways.tags, strict=True)):
        back = turned(tags.access)
        kind = kinds.setdefault(
            (tags.flags, tags.layer, tags.access | back, tags.access == back), len(kinds)
        )
        for a, b in pairwise(refs):
            graph.add_edge(a, b, way=way, kind=kind, back=False)
            graph.add_edge(b, a, way=way, kind=kind, back=True)
    return graph


def _simplified(graph: "nx.MultiDiGraph[Any]") -> "nx.MultiDiGraph[Any]":
    import osmnx

    simplified: nx.MultiDiGraph[Any] = osmnx.simplify_graph(
        graph, edge_attrs_differ=["kind"], remove_rings=False, edge_attr_aggs={}
    )
    return simplified


@contextmanager
def still(progress: Progress, doing: str) -> Iterator[None]:
    """Say every few seconds that it goes on, for as long as it does."""
    done = Event()

    def say() -> None:
        while not done.wait(SAID_EVERY_S):
            progress(f"still {doing}")

    teller = Thread(target=say, daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()


@contextmanager
def _without_collecting() -> Iterator[None]:
    """No garbage collection meanwhile: millions of new objects, none of them garbage, are looked
    through again and again, which takes a fifth of the time.
    """
    collected = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collected:
            gc.enable()


def _streets(
    graph: "nx.MultiDiGraph[Any]",
    number: dict[int, int],
    lonlat: NDArray[np.float64],
    ways: Ways,
    report: SourceReport,
) -> list[StreetRow]:
    found: dict[tuple[int, int, bytes], StreetRow] = {}
    drawn: Counter[tuple[int, int, bytes]] = Counter()
    for start, end, tags in graph.edges(data=True):
        a, b = number[start], number[end]
        geometry = tags.get("geometry")
        shape = lonlat[[a, b]] if geometry is None else shapely.get_coordinates(geometry)
        row = street_row(a, b, shape, _merged(tags, ways))
        drawn[row.key] += 1
        if first := found.get(row.key):
            row = first._replace(tags=_both(first.tags, row.tags))
        found[row.key] = row
    if twice := sum(count > 2 for count in drawn.values()):
        report.note("two ways drawn along one line, joined", count=twice)
    return list(found.values())


def _both(one: StreetTags, other: StreetTags) -> StreetTags:
    """Two ways on one line: who may use either may use it, and what either bars, it bars."""
    return one._replace(
        flags=one.flags | other.flags,
        access=one.access | other.access,
        layer=min(one.layer, other.layer),
        residential=one.residential or other.residential,
    )


def _merged(tags: Mapping[str, Any], ways: Ways) -> StreetTags:
    """What the ways of one street say together: the first name in the file, the narrowest width."""
    parts: list[int] = sorted(tags["way"]) if isinstance(tags["way"], list) else [tags["way"]]
    said = [ways.tags[part] for part in parts]
    named = next((tag for tag in said if tag.name), said[0])
    backs = tags["back"] if isinstance(tags["back"], list) else [tags["back"]]
    access = said[0].access
    if len(backs) > 1 and access != turned(access):
        access &= ~int(Access.VEHICLE_FORWARD | Access.VEHICLE_BACKWARD)
    elif backs[0]:
        access = turned(access)
    return named._replace(
        access=access,
        residential=any(tag.residential for tag in said),
        surface=next((tag.surface for tag in said if tag.surface), ""),
        width_m=float(np.nanmin(widths)) if (widths := _known(said)) else math.nan,
    )


def _known(said: list[StreetTags]) -> list[float]:
    return [tag.width_m for tag in said if not math.isnan(tag.width_m)]
