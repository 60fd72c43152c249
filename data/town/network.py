"""The network: streets cut at their crossings and joined at junctions (metres)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree
from shapely import LineString

from data.town.frame import Array
from data.town.street import Street

JUNCTION_M = 9.0


@dataclass(frozen=True)
class Edge:
    """A street between two junctions, drawn from `start` to `end`."""

    start: int
    end: int
    street: Street


@dataclass(frozen=True)
class Network:
    """Junctions (metres, one a row) and the edges between them."""

    junctions: Array
    edges: tuple[Edge, ...]

    def degrees(self) -> dict[int, int]:
        """Count the street ends at each junction that has any."""
        count: dict[int, int] = defaultdict(int)
        for edge in self.edges:
            count[edge.start] += 1
            count[edge.end] += 1
        return dict(count)

    def main_component(self) -> "Network":
        """Keep what is connected to the largest part."""
        count = len(self.junctions)
        ends = np.array([(edge.start, edge.end) for edge in self.edges])
        links = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(count, count))
        labels = connected_components(links, directed=False)[1]
        largest = np.bincount(labels).argmax()
        kept = tuple(edge for edge in self.edges if labels[edge.start] == largest)
        return replace(self, edges=kept)

    def joined(self, other: "Network") -> "Network":
        """Put another network beside this one, without connecting them."""
        shift = len(self.junctions)
        moved = (Edge(e.start + shift, e.end + shift, e.street) for e in other.edges)
        return Network(np.vstack([self.junctions, other.junctions]), (*self.edges, *moved))


def join(streets: Sequence[Street]) -> Network:
    """Cut streets where they cross, and make one junction of ends and crossings close together."""
    cuts = _cuts(streets)
    places = np.array([_at(streets[i], m) for i, along in enumerate(cuts) for m in along])
    labels = iter(_clusters(places))
    named = [[(m, int(next(labels))) for m in along] for along in cuts]
    junctions = _centres(places, np.array([label for along in named for _, label in along]))
    edges: dict[tuple[int, int, int], Edge] = {}
    for street, along in zip(streets, named, strict=True):
        for edge in _edges(street, along, junctions):
            low, high = sorted((edge.start, edge.end))
            edges.setdefault((low, high, round(edge.street.line.length / 12.0)), edge)
    return Network(junctions, tuple(edges.values()))


def simplified(network: Network) -> Network:
    """Join two like streets where nothing else meets them, as OSMnx does."""
    edges = dict(enumerate(network.edges))
    at: dict[int, set[int]] = defaultdict(set)
    for number, edge in edges.items():
        at[edge.start].add(number)
        at[edge.end].add(number)
    for junction in sorted(at):
        pair = sorted(at[junction])
        if len(pair) != 2 or not edges[pair[0]].street.is_like(edges[pair[1]].street):
            continue
        merged = _merged(edges[pair[0]], edges[pair[1]], junction)
        if merged.start == merged.end:
            continue
        del edges[pair[1]]
        edges[pair[0]] = merged
        at.pop(junction)
        for end in (merged.start, merged.end):
            at[end] = (at[end] - set(pair)) | {pair[0]}
    return replace(network, edges=tuple(edges.values()))


def without_stubs(network: Network, shortest_m: float) -> Network:
    """Drop dead ends shorter than a length."""
    degrees = network.degrees()
    kept = (
        edge
        for edge in network.edges
        if edge.street.line.length >= shortest_m or min(degrees[edge.start], degrees[edge.end]) > 1
    )
    return replace(network, edges=tuple(kept))


def _merged(first: Edge, second: Edge, junction: int) -> Edge:
    start, before = (first.start, first.street.line)
    if first.start == junction:
        start, before = (first.end, first.street.line.reverse())
    end, after = (second.end, second.street.line)
    if second.end == junction:
        end, after = (second.start, second.street.line.reverse())
    line = LineString([*before.coords, *after.coords[1:]])
    ways = tuple(sorted({*first.street.ways, *second.street.ways}))
    return Edge(start, end, replace(first.street, line=line, ways=ways))


def _cuts(streets: Sequence[Street]) -> list[list[float]]:
    lines = np.array([street.line for street in streets])
    cuts = [{0.0, float(street.line.length)} for street in streets]
    one, other = shapely.STRtree(lines).query(lines, predicate="intersects")
    for i, j in sorted(zip(one.tolist(), other.tolist(), strict=True)):
        if i < j:
            for point in _meetings(streets[i], streets[j]):
                cuts[i].add(float(lines[i].project(point)))
                cuts[j].add(float(lines[j].project(point)))
    return [sorted(along) for along in cuts]


def _meetings(one: Street, other: Street) -> list[shapely.Point]:
    if not (one.is_apart or other.is_apart):
        parts = shapely.get_parts(shapely.intersection(one.line, other.line))
        return [part.centroid for part in parts]
    apart, beside = (one, other) if one.is_apart else (other, one)
    ends = (shapely.Point(apart.line.coords[i]) for i in (0, -1))
    return [end for end in ends if shapely.dwithin(end, beside.line, 1.0)]


def _at(street: Street, along_m: float) -> tuple[float, float]:
    point = street.line.interpolate(along_m)
    return float(point.x), float(point.y)


def _clusters(places: Array) -> Iterable[int]:
    pairs = cKDTree(places).query_pairs(JUNCTION_M, output_type="ndarray")
    shape = (len(places), len(places))
    links = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=shape)
    labels: list[int] = connected_components(links, directed=False)[1].tolist()
    return labels


def _centres(places: Array, labels: NDArray[np.int64]) -> Array:
    count = np.bincount(labels)
    sums = [np.bincount(labels, weights=places[:, axis]) for axis in (0, 1)]
    centres: Array = np.column_stack(sums) / count[:, None]
    return centres


def _edges(street: Street, along: list[tuple[float, int]], junctions: Array) -> Iterator[Edge]:
    previous_m, previous = along[0]
    for at_m, label in along[1:]:
        if label != previous:
            line = street.piece(previous_m, at_m).line
            inner = list(line.coords)[1:-1]
            drawn = LineString([junctions[previous], *inner, junctions[label]])
            yield Edge(previous, label, replace(street, line=drawn))
        previous_m, previous = at_m, label
