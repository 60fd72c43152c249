"""`./dev bench`: the figures that the design promises, beside their peers, in one run.

Medians (and the range) of interleaved runs; the machine is named, nothing is judged.
"""

import os
import platform
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import networkx as nx
import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from city.position import Position
from data.cityfile import read_city_file
from data.report import LoadReport
from data.sources import ground_of, read_sources
from data.town import write_town
from hazards.kinds import AlertLevel, HazardKind
from routing.door import Question
from routing.field import evacuation_field
from routing.ground import Ground
from routing.guidance import guide
from routing.picture import Picture
from routing.version import PlanVersion
from routing.weights import FAR, Conditions
from shelters.place import Opening, SiteState
from tests.benchmarks.served import served_figures

HERE = Path(__file__).parent
FLOOD = frozenset({HazardKind.FLOOD})
NOON = datetime(2026, 10, 10, 12, tzinfo=UTC) - timedelta(hours=9)


def main() -> None:
    """Print all figures."""
    ube = HERE.parent / "cities" / "ube.toml"
    scratch = Path(os.environ["NIGEMICHI_STATE"])
    scratch.mkdir(parents=True, exist_ok=True)
    path = ube if read_city_file(ube).sources.roads.path.is_file() else write_town(scratch)
    cpu = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    print(f"{os.cpu_count()} cores, {cpu}, Python {platform.python_version()}, city: {path.stem}")
    file = read_city_file(path)
    ground = ground_of(
        file.card, file.rules, read_sources(file, LoadReport(file.card.name), lambda _: None)
    )
    version = calm(ground)
    _fields(version)
    _guidance(version)
    served_figures(path, doors(ground, 2000), scratch)


def calm(ground: Ground) -> PlanVersion:
    """A version in which nothing is in force."""
    openings = {site.id: SiteState(Opening.UNCONFIRMED) for site in ground.sites}
    return PlanVersion.of(1, ground, Picture(0, NOON, (), (), (), openings))


def doors(ground: Ground, count: int) -> list[Position]:
    """Random points beside random streets, always the same ones."""
    random = np.random.default_rng(20261010)
    rows = random.integers(0, len(ground.roads.shape_xy), count)
    xy = ground.roads.shape_xy[rows] + random.normal(0, 15, (count, 2))
    return [ground.metres.position(x, y) for x, y in xy.tolist()]


def _fields(version: PlanVersion) -> None:
    """Our field with both labels, against one label each from scipy and networkx."""
    roads = version.ground.roads
    weighed, access = version.weights(Conditions()), version.access(Conditions())
    suitable = version.suitable(FLOOD)
    sources = np.unique(access.junction[suitable[access.site]])
    backward = _reversed_matrix(version)
    graph: nx.DiGraph = nx.from_scipy_sparse_array(backward, create_using=nx.DiGraph)
    print(
        f"\nfield: {roads.junction_count:,} junctions, {len(roads.head):,} arcs,"
        f" {int(suitable.sum())} open suitable sites"
    )
    runs: dict[str, Callable[[], object]] = {
        "nigemichi, next steps to a first and a second site": lambda: evacuation_field(
            roads, weighed, access, suitable
        ),
        "scipy multi-source Dijkstra with predecessors": lambda: dijkstra(
            backward, indices=sources, min_only=True, return_predecessors=True
        ),
    }
    times = _interleaved(runs, 30)
    began = time.perf_counter()
    nx.multi_source_dijkstra_path_length(graph, set(sources.tolist()))
    times["networkx multi-source Dijkstra, lengths only (once)"] = [time.perf_counter() - began]
    for name, seconds in times.items():
        _row(name, seconds)
    ours, scipys = (median(times[name]) for name in runs)
    print(f"  ratio to scipy {ours / scipys:.2f} (must 3, stretch 1)")


def _reversed_matrix(version: PlanVersion) -> csr_array:
    """From head to tail with least cost: `csr_array` would add parallel streets up."""
    roads, cost = version.ground.roads, version.weights(Conditions()).cost
    open_arcs = np.flatnonzero(cost != FAR)
    order = open_arcs[np.lexsort((cost[open_arcs], roads.head[open_arcs], roads.tail[open_arcs]))]
    pairs = np.column_stack([roads.tail[order], roads.head[order]])
    first = np.concatenate([[True], np.any(np.diff(pairs, axis=0) != 0, axis=1)])
    keep = order[first]
    shape = (roads.junction_count, roads.junction_count)
    return csr_array((cost[keep].astype(float), (roads.head[keep], roads.tail[keep])), shape=shape)


def _guidance(version: PlanVersion) -> None:
    places = doors(version.ground, 2000)
    questions = [Question(place, NOON, level=AlertLevel.ALL_LEAVE) for place in places]
    answers = []
    seconds = []
    for question in questions:
        began = time.perf_counter()
        try:
            answers.append(guide(version, question))
        except ValueError:
            continue
        seconds.append(time.perf_counter() - began)
    print(f"\nguidance inside the process: {len(answers):,} doors")
    low, middle, high = np.percentile(np.array(seconds) * 1000, [1, 50, 99])
    print(f"  p1 {low:.2f}  p50 {middle:.2f}  p99 {high:.2f} ms (p50 must 1, stretch 0.2)")


def _interleaved(runs: dict[str, Callable[[], object]], count: int) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {name: [] for name in runs}
    for lap in range(count + 2):
        for name, run in runs.items():
            began = time.perf_counter()
            run()
            if lap >= 2:
                times[name].append(time.perf_counter() - began)
    return times


def _row(name: str, seconds: list[float]) -> None:
    low, middle, high = (1000 * f(seconds) for f in (min, median, max))
    print(f"  {middle:9.2f} ms  ({low:.2f} to {high:.2f})  {name}")


if __name__ == "__main__":
    main()
