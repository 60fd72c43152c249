"""The plan beside its peers: costs to every place, whole cities from nothing, and their quality."""

import time
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from statistics import median
from typing import Final

import numpy as np

from data.households import Households
from routing.engine.hierarchy import HierarchyEngine
from routing.engine.order import contraction_order
from routing.engine.skeleton import skeleton
from routing.ground import Ground
from routing.plan.plan import Costs, Plan, make_plan
from routing.plan.transport import transport
from routing.roads import Ints
from tests.benchmarks.planschanges import change_figures
from tests.benchmarks.plansevening import TIGHT, Evening, Longs, evening, scaled
from tests.benchmarks.plansmatrix import matrix_figures
from tests.benchmarks.planspeers import FirstCome, Greedy, Problem, problem
from tests.benchmarks.planssolvers import in_cells, networkxs, or_tools, scipys
from tests.benchmarks.planstimes import timed
from tests.benchmarks.table import Table, over

ROUNDS: Final = 3
OR_TOOLS: Final = "OR-Tools min-cost flow, homes divisible"
NONE_H: Final = Costs().none / 36_000


def plan_figures(table: Table, ground: Ground, households: Households) -> None:
    """All of it, on one evening."""
    began = time.perf_counter()
    bones = skeleton(ground.roads, contraction_order(ground.roads))
    seconds = time.perf_counter() - began
    here = evening(ground, households, HierarchyEngine(bones))
    counts = f"{len(here.row):,} homes, {len(here.room)} sites"
    invented = ", homes and room invented" if here.is_invented else ""
    table.subject("plan", f"{counts}{invented}")
    table.row("hierarchy: contracting all streets, once a load", seconds, "s")
    matrix_figures(table, here)
    matrix = here.matrix(here.calm)
    own = _cold_figures(table, here, matrix, here.room)
    _cold_figures(table, here, matrix, scaled(here.room, TIGHT * float(here.demand.sum())))
    table.remark(
        f"Costs: of all homes that some way leads from; no place counts as {NONE_H:g} hours."
    )
    _small_figures(table, here, problem(matrix, here.going(), here.room))
    change_figures(table, here, own)


def _cold_figures(table: Table, here: Evening, matrix: Ints, room: Longs) -> Plan:
    """Ours from nothing, then each peer's: its time, and what its plan costs."""
    going, costs, xy = here.going(), Costs(), here.ground.roads.junction_xy[here.junctions]
    make_plan(matrix, going, room, costs, xy=xy)
    seconds, plan = timed(lambda: make_plan(matrix, going, room, costs, xy=xy), ROUNDS)
    given, mine = problem(matrix, going, room), median(seconds)
    ours = np.where(plan.site < 0, len(room), plan.site)
    is_least("our plan", given.worth(going.row, ours, going.demand), plan.cost)
    worth = plan.cost - given.stranded
    what = f"nigemichi: cold, room for {room.sum() / going.demand.sum():.2f} × demand"
    note = f"({min(seconds):.2f} to {max(seconds):.2f}) {_quality(given, here, ours)}"
    table.row(what, mine, "s", must=5, stretch=1, ratio="costs × 1", note=note)
    gap = (plan.cost - plan.bound) / (plan.bound - given.stranded)
    table.row("  its gap to the proven bound", 100 * gap, "%", must=0.1, note=f"({gap:.1e})")
    peers: dict[str, Callable[[Problem], Ints]] = {
        "first come, first served": FirstCome(going),
        "greedy, cheapest pair": Greedy(going),
    }
    for name, peer in peers.items():
        peer(given)
        (taken,), site = timed(partial(peer, given), 1)
        cost = given.worth(going.row, site, going.demand) - given.stranded
        ratio = f"costs × {cost / worth:.3f}, {over(mine, taken)}"
        table.row(name, taken, "s", ratio=ratio, note=_quality(given, here, site))
    if not find_spec("ortools"):
        table.row(OR_TOOLS, "-", note="not installed: pip install ortools")
        return plan
    (taken,), least = timed(lambda: or_tools(given), 1)
    is_least("OR-Tools", least, plan.bound)
    ratio = f"costs × {(least - given.stranded) / worth:.5f}, {over(mine, taken)}"
    table.row(OR_TOOLS, taken, "s", ratio=ratio)
    return plan


def is_least(name: str, theirs: int, ours: int) -> None:
    """Raises `AssertionError` where a peer that is exact finds another least cost."""
    if theirs != ours:
        raise AssertionError(f"{name}: the least cost is {theirs}, not {ours}")


def _quality(given: Problem, here: Evening, site: Ints) -> str:
    """Minutes of cost (time, and what danger weighs), and who has no place."""
    placed = site < len(given.room) - 1
    cost = given.cost[here.row[placed], site[placed]].astype(np.int64) * here.demand[placed]
    minutes = cost.sum() / here.demand[placed].sum() / 600
    return f"{minutes:.1f} min of cost each, {(~placed).sum():,} homes without a place"


def _small_figures(table: Table, here: Evening, given: Problem) -> None:
    """Peers that a whole city would take hours: in coarse cells, ours beside them."""
    xy = here.ground.roads.junction_xy[here.junctions]
    peers = ("scipy linprog (HiGHS)", scipys, 64), ("networkx network_simplex", networkxs, 16)
    for name, peer, cells in peers:
        small = in_cells(given, xy, cells)
        ours = partial(transport, small.cost, small.total, small.room)
        seconds, shares = timed(ours, ROUNDS)
        (taken,), least = timed(partial(peer, small), 1)
        is_least(name, least, shares.cost(small.cost))
        mine = median(seconds)
        note = f"(ours there {mine:.3f} s, the same least cost)"
        what = f"{name}, {len(small.total):,} cells alone"
        table.row(what, taken, "s", ratio=over(mine, taken), note=note)
