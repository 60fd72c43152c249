"""The interface of the engines."""

from typing import Final, Protocol

import numpy as np

from routing.field import SiteAccess
from routing.roads import Ints
from routing.weights import Weights

NEVER: Final = np.int32(1_000_000_000)
"""The cost of what cannot be reached: three years in tenths of a second. Twice as much still fits
into an int32.
"""


class Engine(Protocol):
    """Computes costs of one road graph."""

    def costs(self, weighed: Weights, access: SiteAccess, sites: Ints, junctions: Ints) -> Ints:
        """(junctions, sites) from each of these junctions to the door of each of these sites, in
        tenths of a second; `NEVER` where no way leads.
        """
        ...


def entries(access: SiteAccess, sites: Ints) -> list[tuple[Ints, Ints]]:
    """The junctions from which each site is entered, and their costs to its door."""
    order = np.argsort(access.site, kind="stable")
    cuts = np.searchsorted(access.site[order], np.stack([sites, sites + 1], axis=1))
    rows = [order[begin:end] for begin, end in cuts]
    return [(access.junction[row], access.cost[row]) for row in rows]


def own(array: Ints) -> Ints:
    """The array, or a copy of one that is read-only: numba compiles a loop once more for those."""
    return array if array.flags.writeable else array.copy()
