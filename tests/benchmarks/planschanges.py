"""The plan after something happened: how long until it is made anew, and whom it moves."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from routing.plan.churn import Churn, churn
from routing.plan.plan import Costs, Plan, Unplaced, make_plan
from routing.version import PlanVersion
from tests.benchmarks.plansevening import FLOOD, TIGHT, Bools, Evening, Longs, scaled, within
from tests.benchmarks.planspeers import problem
from tests.benchmarks.polygons import blobs
from tests.benchmarks.table import Table

EVENTS: Final = 20
POLYGONS: Final = 200
STAGES: Final = ("weights and gates", "matrix", "plan")
SEED: Final = 9


@dataclass(frozen=True, slots=True, eq=False)
class Again:
    """A plan made anew, the seconds of each of `STAGES` by the clock and of all on the CPU, whom it
    moved, and what those cost whom no way leads anywhere.
    """

    plan: Plan
    seconds: tuple[float, ...]
    cpu_s: float
    churn: Churn
    stranded: int

    @property
    def gap(self) -> float:
        """Of what can be planned: without the cost of those whom no way leads anywhere."""
        return (self.plan.cost - self.plan.bound) / (self.plan.bound - self.stranded)


def change_figures(table: Table, here: Evening, before: Plan) -> None:
    """After ordinary events, each on the plan before all of them; then after 200 polygons."""
    _again(here, before, *_event(here, before, np.random.default_rng(0)))
    rng = np.random.default_rng(SEED)
    found = [_again(here, before, *_event(here, before, rng)) for _ in range(EVENTS)]
    table.remark(
        f"{EVENTS} events, each a street closed on somebody's way and a place that is full:"
    )
    by_stage = np.array([again.seconds for again in found])
    for stage, seconds in zip(STAGES, by_stage.T, strict=True):
        table.times(f"an event: {stage}", seconds.tolist())
    p50, p95 = np.percentile(1000 * by_stage.sum(axis=1), [50, 95]).tolist()
    cpu_ms = 1000 * float(np.median([again.cpu_s for again in found]))
    note = f"(p50 of CPU {cpu_ms:.0f}, two threads for the matrix)"
    table.row("an event, all in this process: p50", p50, "ms", note=note)
    table.row("an event, all in this process: p95", p95, "ms")
    _quality_figures(table, found)
    table.remark(f"{POLYGONS} polygons of seen water, room for {TIGHT} × demand afterwards:")
    quickest, again, slowest = _after_polygons(here)
    note = f"({sum(quickest.seconds):.2f} to {sum(slowest.seconds):.2f}; CPU {again.cpu_s:.2f}) "
    note += ", ".join(f"{s} {t:.2f}" for s, t in zip(STAGES, again.seconds, strict=True))
    no_way, no_room = (
        int((again.plan.why == why).sum()) for why in (Unplaced.NO_WAY, Unplaced.NO_ROOM)
    )
    note += f"; {no_way:,} homes without a way, {no_room:,} without room"
    what = f"{POLYGONS} polygons: from the polygons to the plan"
    table.row(what, sum(again.seconds), "s", must=5, stretch=0.5, note=note)
    _quality_figures(table, [again])


def _quality_figures(table: Table, found: list[Again]) -> None:
    gap = max(again.gap for again in found)
    table.row("gap to the proven bound, the worst", 100 * gap, "%", must=0.1, note=f"({gap:.1e})")
    moved = np.array([again.churn.moved for again in found])
    least = np.array([max(again.churn.least, 1) for again in found])
    many = f"median {np.median(moved / least):.2f}; together " if len(found) > 1 else ""
    note = f"({many}{moved.sum():,} homes for {least.sum():,})"
    worst = float((moved / least).max())
    table.row("moved ÷ the least, the worst", worst, must=1.5, stretch=1.1, note=note)


def _again(
    here: Evening,
    before: Plan,
    version: Callable[[], PlanVersion],
    room: Longs,
    who: Bools | None = None,
) -> Again:
    """From what happened to the plan, with the prices of the one before."""
    cpu, began = time.process_time(), time.perf_counter()
    now = version()
    now.weights(here.conditions)
    now.access(here.conditions)
    weighed = time.perf_counter()
    matrix = here.matrix(now)
    computed = time.perf_counter()
    going = here.going(before.site, who)
    plan = make_plan(matrix, going, room, Costs(), before.price)
    made, cpu = time.perf_counter(), time.process_time() - cpu
    seconds = weighed - began, computed - weighed, made - computed
    stranded = problem(matrix, going, room).stranded
    return Again(plan, seconds, cpu, churn(plan.site, matrix, going, room), stranded)


def _event(
    here: Evening, before: Plan, rng: np.random.Generator
) -> tuple[Callable[[], PlanVersion], Longs]:
    """A street closed that a home's way begins with, and a place full that people go to."""
    roads = here.ground.roads
    steps = here.calm.field(here.conditions, FLOOD).first.step[here.junctions[here.row]]
    street = int(roads.street[rng.choice(steps[steps >= 0])])
    room = here.room.copy()
    room[rng.choice(np.flatnonzero(before.load))] = 0
    return lambda: here.version(closures=[street]), room


def _after_polygons(here: Evening) -> list[Again]:
    """Places in the water take nobody, and homes in it are not told to go; quickest first."""
    water = list(blobs(here.ground, POLYGONS))
    wet = here.version(water=water)
    dry = ~within(here.xy, blobs(here.ground, POLYGONS))
    room = np.where(wet.suitable(FLOOD), here.room, 0)
    factor = TIGHT * float(here.demand[dry].sum()) / float(room.sum())
    matrix, xy = here.matrix(here.calm), here.ground.roads.junction_xy[here.junctions]
    roomy = scaled(here.room, factor * float(here.room.sum()))
    before = make_plan(matrix, here.going(), roomy, Costs(), xy=xy)
    left = np.where(room > 0, roomy, 0)
    runs = [_again(here, before, lambda: here.version(water=water), left, dry) for _ in range(3)]
    return sorted(runs, key=lambda again: sum(again.seconds))
