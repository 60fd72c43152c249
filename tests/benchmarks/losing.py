"""The streets that matter most, and one what-if, beside peers that compute everything anew."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from typing import Any, Final

import numpy as np
from scipy.sparse.csgraph import dijkstra

from data.households import Households
from hazards.kinds import HazardKind
from operations.imagining.effect import effect_of
from operations.imagining.imagined import Imagined
from operations.imagining.today import Today, look
from operations.planning.basis import Basis
from operations.planning.expecting import Evening
from routing.engine.hierarchy import HierarchyEngine
from routing.engine.order import contraction_order
from routing.engine.skeleton import skeleton
from routing.ground import Ground
from routing.homes import Homes, homes
from routing.losing import Lost, streets_lost
from routing.plan.assign import assign
from routing.plan.assigned import CityPlan
from routing.plan.expected import unlimited
from routing.plan.looked import Looked
from routing.version import PlanVersion
from tests.benchmarks.fields import Backward, backward_of, is_equal
from tests.benchmarks.table import Table, over
from tests.builders import a_version, an_order
from tests.unit.routing.lostoracle import Anew, without

LAPS: Final = 5
SAMPLE: Final = {"scipy": 40, "networkx": 2}
"""Streets that a peer loses; its time for all of them is so much times as many."""
NIGHT: Final = datetime(2026, 9, 1, 15, 0, tzinfo=UTC)


def losing_figures(table: Table, ground: Ground, households: Households) -> None:
    """Where it is known who lives: every street lost in turn, one street imagined closed."""
    if not len(households.persons):
        table.remark("Lost streets are measured where it is known who lives (fictional).")
        return
    xy = ground.metres.xy(households.lonlat.reshape(-1, 2))
    living = homes(ground, xy, households.persons, households.area)
    version = a_version(ground, orders=[an_order(4)])
    table.subject("losing", f"{len(living):,} households, {ground.roads.street_count:,} streets")
    looked = Looked(living)
    streets_lost(version, looked, night=True)
    times, lost = _timed(lambda: streets_lost(version, looked, night=True))
    walked = np.flatnonzero(lost.walked)
    mine = median(times.seconds)
    what = f"nigemichi: {len(walked):,} streets lost in turn"
    table.row(what, mine, "s", must=5, stretch=1, note=times.note)
    _peers(table, version, living, lost, mine)
    _imagined(table, version, living, lost)


@dataclass(frozen=True)
class _Times:
    """Seconds by the clock, and those of the CPU of all threads."""

    seconds: list[float]
    cpu_s: list[float]

    @property
    def note(self) -> str:
        """The range, and the least CPU: the clock also counts what others do meanwhile."""
        low, high = min(self.seconds), max(self.seconds)
        return f"({low:.2f} to {high:.2f}; least CPU {min(self.cpu_s):.2f} s)"


def _timed(run: Callable[[], Any]) -> tuple[_Times, Any]:
    times, found = _Times([], []), None
    for _ in range(LAPS):
        began, cpu = time.perf_counter(), time.process_time()
        found = run()
        times.seconds.append(time.perf_counter() - began)
        times.cpu_s.append(time.process_time() - cpu)
    return times, found


def _peers(table: Table, version: PlanVersion, living: Homes, lost: Lost, mine: float) -> None:
    """Each loses the first streets of the ranking; equal counts, or no time."""
    streets, count = lost.ranked(max(SAMPLE.values())).tolist(), int(lost.walked.sum())
    oracle = Anew(version, living, night=True)
    began = time.perf_counter()
    for street in streets:
        found = int(lost.cut_off[street]), int(lost.dearer[street]), int(lost.added[street])
        if oracle.lost(street) != found:
            raise AssertionError(f"street {street}: computed anew it is {oracle.lost(street)}")
    taken = (time.perf_counter() - began) / len(streets)
    _row(table, "our own search, all anew", taken, count, mine)
    for name, run in (("scipy", _scipy), ("networkx", _networkx)):
        seconds = []
        for street in streets[: SAMPLE[name]]:
            after = without(version, street)
            backward = backward_of(after, after.suitable(frozenset({HazardKind.FLOOD})))
            search = run(backward)
            began = time.perf_counter()
            costs = search()
            seconds.append(time.perf_counter() - began)
            hazards = frozenset({HazardKind.FLOOD})
            conditions = next(iter(after.weighed))
            is_equal(name, costs, after.field(conditions, hazards).first.cost)
        _row(table, f"{name}: one search a street, lengths", median(seconds), count, mine)


def _row(table: Table, name: str, taken: float, count: int, mine: float) -> None:
    note = f"({1000 * taken:.1f} ms each, × {count:,})"
    table.row(name, taken * count, "s", ratio=over(mine, taken * count), note=note)


def _scipy(backward: Backward) -> Callable[[], Any]:
    matrix = backward.matrix()

    def run() -> Any:
        found = dijkstra(matrix, indices=backward.sites, min_only=True)
        return np.asarray(found)[: backward.junctions]

    return run


def _networkx(backward: Backward) -> Callable[[], Any]:
    import networkx as nx

    graph: Any = nx.from_scipy_sparse_array(backward.matrix(), create_using=nx.DiGraph)

    def run() -> Any:
        lengths = nx.multi_source_dijkstra_path_length(graph, set(backward.sites.tolist()))
        costs = np.full(backward.junctions, np.inf)
        for vertex, cost in lengths.items():
            if vertex < backward.junctions:
                costs[vertex] = cost
        return costs

    return run


def _imagined(table: Table, version: PlanVersion, living: Homes, lost: Lost) -> None:
    """The street that adds most minutes, imagined closed, as headquarters asks for it."""
    ground = version.ground
    bones = skeleton(ground.roads, contraction_order(ground.roads))
    basis = Basis(ground, living, Looked(living), HierarchyEngine(bones))
    expected = unlimited(len(ground.sites))
    told = assign(version, basis.looked, basis.engine, expected)
    version.plan = CityPlan(living, told)
    today: Today = look(version, basis, NIGHT)
    asked = Imagined(closed=(int(lost.ranked(1, by_time=True)[0]),))
    evening = Evening(expected, {})
    effect_of(today, evening, asked, NIGHT)
    times, effect = _timed(lambda: effect_of(today, evening, asked, NIGHT))
    what = f"nigemichi: what if, {told.figures.going:,} households planned"
    note = f"{times.note} {int((effect.moved | effect.way).sum()):,} told otherwise"
    table.row(what, median(times.seconds), "s", must=1.5, stretch=0.3, note=note)
