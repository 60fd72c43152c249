"""How many homes a plan moves from what they were told, and how many had to be moved at least."""

from dataclasses import dataclass

import numpy as np

from routing.engine.costs import NEVER
from routing.plan.assigned import NOWHERE
from routing.plan.book import Longs
from routing.plan.plan import Going
from routing.roads import Ints


@dataclass(frozen=True, slots=True)
class Churn:
    """Homes that were told a place before: `moved` by a plan; in no plan fewer than `least`."""

    moved: int
    least: int


def churn(site: Ints, matrix: Ints, going: Going, capacity: Longs) -> Churn:
    """Compare the `site` (homes,) of each with what was told; the others are those of `make_plan`.

    Groups count by their homes: where they must stay together, no fewer have to move.
    """
    told = going.told != NOWHERE
    moved = int((told & (site != going.told)).sum())
    reached = matrix[going.row, going.told] < NEVER
    least = int((told & ~reached).sum())
    for place, room in enumerate(capacity.tolist()):
        here = told & reached & (going.told == place)
        walking, waiting = going.demand[here & going.walking], going.demand[here & ~going.walking]
        least += _too_many(waiting, room - int(walking.sum()))
    return Churn(moved, least)


def _too_many(demand: Longs, room: int) -> int:
    """The fewest homes without whom the others have room; who walks there already has it first."""
    excess = int(demand.sum()) - max(room, 0)
    if excess <= 0:
        return 0
    return int(np.searchsorted(np.cumsum(np.sort(demand)[::-1]), excess)) + 1
