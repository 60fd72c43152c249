"""The evacuation field: for every junction the next step, the place it leads to, and the time.

One search over the graph from all open, suitable sites at once, and a second label that leads to
a different site. Ties are canonical: the lowest out-arc that attains the least cost.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import Final

import numpy as np
from numpy.typing import NDArray

from routing.roads import Ints, RoadGraph
from routing.weights import FAR, Weights

ARRIVED: Final = -1
UNREACHED: Final = -2


@dataclass(frozen=True, slots=True, eq=False)
class SiteAccess:
    """Where sites are entered: by every street that they stand at.

    Gates (G), by site, nearest first: `gate_site`, `gate_street`, `gate_at_m`, `gate_offset_m`,
    and `gate_cost`, `gate_time`, `gate_crossed` (G, CODES: metres in assumed zones) from the
    street into the site.
    Rows (E), one for each end of a gate's street that leads to it: `junction`, `gate`, `from_m`
    (that end's metre), and `cost`, `time` from the junction to the site's door.
    """

    gate_site: Ints
    gate_street: Ints
    gate_at_m: NDArray[np.float64]
    gate_offset_m: NDArray[np.float64]
    gate_cost: Ints
    gate_time: Ints
    gate_crossed: NDArray[np.float64]
    junction: Ints
    gate: Ints
    from_m: NDArray[np.float64]
    cost: Ints
    time: Ints

    @property
    def site(self) -> Ints:
        """(E,) the site that each row leads to."""
        return self.gate_site[self.gate]

    def entered(self, junction: int, site: int) -> int:
        """The row by which the field enters a site from a junction: the cheapest, the first of
        equals.
        """
        rows = np.flatnonzero((self.junction == junction) & (self.site == site))
        return int(rows[np.lexsort((self.from_m[rows], self.gate[rows], self.cost[rows]))[0]])


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """Per junction (N): `step` (next arc, `ARRIVED` or `UNREACHED`), `site`, and `cost`, `time`
    to that site's door in tenths of a second; the cost with what the site costs to begin with.
    """

    step: Ints
    site: Ints
    cost: Ints
    time: Ints


@dataclass(frozen=True, slots=True, eq=False)
class EvacuationField:
    """First labels, and second ones to a different site."""

    first: Labels
    second: Labels


def evacuation_field(
    roads: RoadGraph,
    weights: Weights,
    access: SiteAccess,
    suitable: NDArray[np.bool_],
    begin_at: Ints | None = None,
) -> EvacuationField:
    """Compute the field to the sites that are `suitable` (sites,).

    `begin_at` (sites,) is what each costs to begin with, in tenths of a second: the plan's prices
    lead people to where there is room.
    """
    from routing import kernel

    rows = suitable[access.site]
    entry = access.cost if begin_at is None else access.cost + begin_at[access.site]
    first_seed = _seeds(roads.junction_count, access, entry, rows, None)
    graph = (roads.indptr, roads.head)
    anywhere = np.zeros(roads.junction_count, np.int32)
    cost, order = kernel.settle(*graph, weights.cost_in, first_seed[0], anywhere)
    step, site, time = kernel.point(*graph, weights.cost, weights.time, cost, order, *first_seed)

    second_seed = _seeds(roads.junction_count, access, entry, rows, site)
    begin = second_seed[0].copy()
    kernel.second_seed(*graph, weights.cost, cost, site, begin)
    cost2, order2 = kernel.settle(*graph, weights.cost_in, begin, site)
    step2, site2, time2 = kernel.point_second(
        *graph, weights.cost, weights.time, cost, site, time, cost2, order2, *second_seed
    )
    return EvacuationField(Labels(step, site, cost, time), Labels(step2, site2, cost2, time2))


def warm() -> None:
    """Load the compiled loops: that takes a second, once in a process."""
    import_module("routing.kernel")


def _seeds(
    junctions: int,
    access: SiteAccess,
    entry: Ints,
    rows: NDArray[np.bool_],
    not_to: Ints | None,
) -> tuple[Ints, Ints, Ints]:
    """(N,) cost, site and time of the cheapest way from a junction straight into a site, by the
    cost (E,) of each `entry`.

    Equal costs go to the lowest site; with `not_to` (N) each junction's first site is left out.
    """
    to_site = access.site
    if not_to is not None:
        rows = rows & (not_to[access.junction] != to_site)
    junction, site, cost = access.junction[rows], to_site[rows], entry[rows]
    order = np.lexsort((access.from_m[rows], access.gate[rows], site, cost, junction))
    junction, pick = np.unique(junction[order], return_index=True)
    chosen = order[pick]
    seeds = tuple(np.full(junctions, fill, np.int32) for fill in (FAR, -1, FAR))
    seeds[0][junction] = cost[chosen]
    seeds[1][junction] = site[chosen]
    seeds[2][junction] = access.time[rows][chosen]
    return seeds[0], seeds[1], seeds[2]
