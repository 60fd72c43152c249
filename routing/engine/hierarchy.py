"""Costs by a customisable contraction hierarchy: all places in one sweep over it."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np

from routing.engine.costs import NEVER, entries, own
from routing.engine.skeleton import Skeleton
from routing.field import SiteAccess
from routing.roads import Ints
from routing.weights import Weights

TOGETHER: Final = 32
"""Places that are swept together: their costs of one junction fill two lines of the cache."""
WORKERS: Final = 2


@dataclass(frozen=True, slots=True, eq=False)
class HierarchyEngine:
    """Customised anew for each weights: some milliseconds."""

    skeleton: Skeleton

    def costs(self, weighed: Weights, access: SiteAccess, sites: Ints, junctions: Ints) -> Ints:
        """See `costs.Engine`."""
        from routing.engine import loops

        bones = self.skeleton
        cost = own(weighed.cost)
        metric = loops.customise(bones.first, bones.above, bones.place, bones.is_up, cost, NEVER)
        doors, wanted = entries(access, sites), bones.rank[junctions]
        out = np.empty((len(junctions), len(sites)), np.int32)

        def fill(begin: int) -> None:
            part = doors[begin : begin + TOGETHER]
            out[:, begin : begin + len(part)] = _swept(bones, metric, part)[wanted]

        with ThreadPoolExecutor(WORKERS) as pool:
            list(pool.map(fill, range(0, len(sites), TOGETHER)))
        return out


def _swept(bones: Skeleton, metric: tuple[Ints, Ints], doors: Sequence[tuple[Ints, Ints]]) -> Ints:
    """(N, doors) by rank."""
    from routing.engine import loops

    up, down = metric
    costs = np.full((len(bones.parent), len(doors)), NEVER, np.int32)
    for column, (junctions, cost) in enumerate(doors):
        start, begin = bones.rank[junctions], own(cost)
        loops.reach_up(bones.first, bones.above, bones.parent, down, start, begin, column, costs)
    loops.sweep_down(bones.first, bones.above, up, costs, NEVER)
    return costs
