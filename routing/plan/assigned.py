"""What a plan says of every household and every place of a city."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from routing.homes import Homes
from routing.plan.book import Longs
from routing.roads import Ints

NOWHERE: Final = -1
"""The place of a home that has none, and of one that was told none before."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How good a plan is, published with it. Costs are in hundredths of a person times tenths of a
    second.

    `cost` of the plan, and `bound`, below which there is none, of which `unplaced` is what those
    count who have no place; households `going`, those without a
    place for want of a way (`no_way`) or of room (`no_room`), `walking` ones that keep their place,
    those `moved` from a place that they were told, and `least`, the fewest that had to be;
    `expected` persons; groups that had to part (`parted`), for no place holds or suits all of them.
    """

    cost: int = 0
    bound: int = 0
    going: int = 0
    expected: int = 0
    no_way: int = 0
    no_room: int = 0
    walking: int = 0
    moved: int = 0
    least: int = 0
    unplaced: int = 0
    parted: int = 0

    @property
    def gap(self) -> float:
        """By how much of the bound the plan may be dearer than the best, for those with a place."""
        bound = self.bound - self.unplaced
        return (self.cost - self.bound) / bound if bound > 0 else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Assigned:
    """Of each household (H,): its `verdict` (code in `VERDICTS`), the `site` that it is told (row
    of the ground's sites, `NOWHERE`), `why` not (`Unplaced`), the `demand` expected of it in
    hundredths of a person, and its `way`, a number that changes when the way does.

    Of each site (S,): the room that was `free` and the `load` on it, in hundredths of a person, and
    the `price` in tenths of a second that the field begins with.
    """

    verdict: NDArray[np.int8]
    site: NDArray[np.int16]
    why: NDArray[np.int8]
    demand: Ints
    way: NDArray[np.uint64]
    free: Longs
    load: Longs
    price: Longs
    figures: Figures


@dataclass(frozen=True, slots=True, eq=False)
class CityPlan:
    """A plan and whom it is for."""

    homes: Homes
    assigned: Assigned


def nobody(sites: int) -> Assigned:
    """A plan for a city of which no household is known."""
    none = np.zeros(0, np.int8)
    free = np.zeros(sites, np.int64)
    return Assigned(
        verdict=none,
        site=none.astype(np.int16),
        why=none,
        demand=none.astype(np.int32),
        way=none.astype(np.uint64),
        free=free,
        load=free,
        price=free,
        figures=Figures(),
    )
