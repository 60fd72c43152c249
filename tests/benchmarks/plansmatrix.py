"""What it costs from every junction to every site, beside a search for each site."""

from statistics import median
from typing import Final

import numpy as np

from routing.engine.costs import NEVER
from routing.engine.plain import PlainEngine
from routing.roads import Ints
from tests.benchmarks.plansevening import Evening
from tests.benchmarks.planstimes import timed
from tests.benchmarks.table import Table, over
from tests.unit.routing.oracle import Oracle

ROUNDS, LAPS = 3, 5
SEARCHES: Final = 3
"""Sites, or one more, that networkx searches from: the others would take as long."""


def matrix_figures(table: Table, here: Evening) -> None:
    """After a closure: from every junction, home or not, to every site."""
    roads = here.ground.roads
    version = here.version(closures=[roads.street_count // 2])
    weighed, access = version.weights(here.conditions), version.access(here.conditions)
    asked = weighed, access, here.sites, np.arange(roads.junction_count, dtype=np.int32)
    ours, mine, theirs = here.engine.costs(*asked), list[float](), list[float]()
    for _ in range(ROUNDS):
        mine += timed(lambda: here.engine.costs(*asked), LAPS)[0]
        seconds, plain = timed(lambda: PlainEngine(roads).costs(*asked), 1)
        theirs += seconds
    is_same("scipy", plain, ours)
    what = f"matrix after a closure: {ours.shape[0]:,} junctions × {ours.shape[1]} sites"
    table.times(what, mine, must=400, stretch=15)
    middle = median(mine)
    table.times("scipy dijkstra, one search a site", theirs, ratio=over(middle, median(theirs)))
    oracle, some = Oracle(version, here.conditions), here.sites[:: len(here.sites) // SEARCHES]
    (searched,), found = timed(lambda: [oracle.costs([site]) for site in some.tolist()], 1)
    for site, costs in zip(some.tolist(), found, strict=True):
        column = np.full(len(ours), NEVER, np.int32)
        column[list(costs)] = list(costs.values())
        is_same("networkx", column, ours[:, site])
    all_s = searched * len(here.sites) / len(some)
    table.row(f"networkx, {len(some)} searches scaled", all_s, "s", ratio=over(middle, all_s))
    table.remark("Every cost that a peer finds equals ours.")


def is_same(name: str, theirs: Ints, ours: Ints) -> None:
    """Raises `AssertionError`: a time of another answer compares nothing."""
    if not np.array_equal(theirs, ours):
        where = np.argwhere(theirs != ours)[0].tolist()
        raise AssertionError(f"{name} finds another cost at {where}")
