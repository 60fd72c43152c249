"""The evacuation field beside the peers' searches: equal weights, equal costs, or no time."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version as release
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from hazards.kinds import HazardKind
from routing.field import evacuation_field
from routing.version import PlanVersion
from routing.weights import FAR, Conditions
from tests.benchmarks.table import Table, over

FLOOD = frozenset({HazardKind.FLOOD})
LAPS = 30
OURS = "nigemichi: next steps to a first and a second site"
SCIPY, NETWORKX = (
    "scipy dijkstra, min_only, predecessors",
    "networkx multi_source_dijkstra, lengths",
)
IGRAPH = "igraph distances from a super source, lengths"

Costs = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of each lap by the clock, and of the CPU."""

    seconds: list[float]
    cpu_s: list[float]

    @property
    def cpu_ms(self) -> float:
        """The least of the laps, which other processes disturb least."""
        return 1000 * min(self.cpu_s)


@dataclass(frozen=True, slots=True, eq=False)
class Backward:
    """Arcs from head to tail with their costs, and from every site (a vertex of its own, after
    the junctions) to the junctions that it is entered from: what a peer needs for our first label.
    """

    junctions: int
    sites: NDArray[np.int64]
    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    cost: Costs

    def matrix(self) -> csr_array:
        """One entry a pair: `csr_array` would add parallel streets up, so the least is kept."""
        size = self.junctions + len(self.sites)
        order = np.lexsort((self.cost, self.head, self.tail))
        pairs = np.column_stack([self.tail[order], self.head[order]])
        first = np.concatenate([[True], np.any(np.diff(pairs, axis=0) != 0, axis=1)])
        keep = order[first]
        at = self.tail[keep], self.head[keep]
        return csr_array((self.cost[keep], at), shape=(size, size))


def field_figures(table: Table, version: PlanVersion) -> None:
    """Our field with two labels, against one label each of scipy, igraph and networkx."""
    roads = version.ground.roads
    weighed, access = version.weights(Conditions()), version.access(Conditions())
    suitable = version.suitable(FLOOD)
    counts = f"{roads.junction_count:,} junctions, {len(roads.head):,} arcs, {suitable.sum()} sites"
    table.subject("field", counts)
    backward = backward_of(version, suitable)
    ours = evacuation_field(roads, weighed, access, suitable).first.cost
    peers = _peers(table, backward)
    for name, run in peers.items():
        is_equal(name, run(), ours)
    runs: dict[str, Callable[[], object]] = {
        OURS: lambda: evacuation_field(roads, weighed, access, suitable)
    }
    runs |= {name: run for name, run in peers.items() if name != NETWORKX}
    times = _interleaved(runs, LAPS) | _interleaved({NETWORKX: peers[NETWORKX]}, 1, warm=0)
    mine = times.pop(OURS)
    table.times(OURS, mine.seconds, must=30, stretch=8, ratio=f"CPU {mine.cpu_ms:.2f}")
    for name, theirs in times.items():
        ratio = f"CPU {theirs.cpu_ms:.2f}, {over(mine.cpu_ms, theirs.cpu_ms)}"
        table.times(name, theirs.seconds, ratio=ratio)
    table.row("ratio to scipy", mine.cpu_ms / times[SCIPY].cpu_ms, must=3, stretch=1)
    table.remark("Ratios are of the least CPU: the clock also counts what others do meanwhile.")
    table.remark(f"Each peer's costs (one label) equal ours at every junction. {_versions()}.")


def _versions() -> str:
    names = [name for name in ("scipy", "networkx", "igraph") if find_spec(name)]
    return ", ".join(f"{name} {release(name)}" for name in names)


def backward_of(version: PlanVersion, suitable: NDArray[np.bool_]) -> Backward:
    """What a peer needs of a version, for adults by day and sites that are `suitable`."""
    roads, cost = version.ground.roads, version.weights(Conditions()).cost
    access, count = version.access(Conditions()), version.ground.roads.junction_count
    arcs, rows = np.flatnonzero(cost != FAR), np.flatnonzero(suitable[access.site])
    return Backward(
        junctions=count,
        sites=count + np.arange(len(suitable)),
        tail=np.concatenate([roads.head[arcs], count + access.site[rows]]).astype(np.int64),
        head=np.concatenate([roads.tail[arcs], access.junction[rows]]).astype(np.int64),
        cost=np.concatenate([cost[arcs], access.cost[rows]]).astype(np.float64),
    )


def _peers(table: Table, backward: Backward) -> dict[str, Callable[[], Any]]:
    import networkx as nx

    matrix, sites = backward.matrix(), backward.sites
    graph: Any = nx.from_scipy_sparse_array(matrix, create_using=nx.DiGraph)
    count = backward.junctions

    def scipys() -> Costs:
        found: Any = dijkstra(matrix, indices=sites, min_only=True, return_predecessors=True)
        return np.asarray(found[0][:count])

    def networkxs() -> Costs:
        lengths = nx.multi_source_dijkstra_path_length(graph, set(sites.tolist()))
        costs = np.full(count, np.inf)
        for vertex, cost in lengths.items():
            if vertex < count:
                costs[vertex] = cost
        return costs

    peers: dict[str, Callable[[], Any]] = {SCIPY: scipys}
    if igraphs := _igraph(backward):
        peers[IGRAPH] = igraphs
    else:
        table.row(IGRAPH, "-", note="not installed: pip install igraph")
    return peers | {NETWORKX: networkxs}


def _igraph(backward: Backward) -> Callable[[], Costs] | None:
    try:
        import igraph
    except ImportError:
        return None
    source = backward.junctions + len(backward.sites)
    begins = np.column_stack([np.full(len(backward.sites), source), backward.sites])
    pairs = np.concatenate([np.column_stack([backward.tail, backward.head]), begins])
    graph = igraph.Graph(n=source + 1, edges=pairs, directed=True)
    graph.es["weight"] = np.concatenate([backward.cost, np.zeros(len(begins))])

    def run() -> Costs:
        found = graph.distances(source=[source], weights="weight", mode="out")[0]
        return np.asarray(found[: backward.junctions])

    return run


def is_equal(name: str, theirs: Costs, ours: NDArray[np.int32]) -> None:
    """Raises `AssertionError`: a time of another answer compares nothing."""
    mine = np.where(ours == FAR, np.inf, ours.astype(np.float64))
    if not np.array_equal(mine, theirs):
        where = int(np.flatnonzero(mine != theirs)[0])
        raise AssertionError(f"{name}: junction {where} costs {theirs[where]}, not {mine[where]}")


def _interleaved(
    runs: dict[str, Callable[[], object]], count: int, warm: int = 2
) -> dict[str, Times]:
    times = {name: Times([], []) for name in runs}
    for lap in range(count + warm):
        for name, run in runs.items():
            began, cpu = time.perf_counter(), time.thread_time()
            run()
            if lap >= warm:
                times[name].seconds.append(time.perf_counter() - began)
                times[name].cpu_s.append(time.thread_time() - cpu)
    return times
