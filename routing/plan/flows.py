"""The flows of a plan: how many walk each street, on the ways that the plan gives them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.engine.costs import own
from routing.exposure import Exposure
from routing.field import SiteAccess
from routing.homes import NO_STREET, Homes
from routing.plan.assigned import NOWHERE, Assigned
from routing.plan.book import Longs
from routing.plan.reach import Reach, Realm
from routing.plan.setout import leg_times
from routing.roads import Ints, RoadGraph
from routing.version import PlanVersion


@dataclass(frozen=True, slots=True, eq=False)
class Flows:
    """Hundredths of a person: `walkers` on each street (S), either way and once each, and who
    `entered` each site (sites,) by it. `time` (H,): the tenths of a second that each household
    with a place walks to it, -1 for the others.
    """

    walkers: Longs
    entered: Longs
    time: Longs

    def busiest(self, most: int) -> NDArray[np.int64]:
        """The streets that somebody walks, most walked first."""
        order = np.lexsort((np.arange(len(self.walkers)), -self.walkers))[:most]
        return order[self.walkers[order] > 0]


def flows(version: PlanVersion, homes: Homes, found: Reach, assigned: Assigned) -> Flows:
    """Send everybody whom the plan expects along the way from the door to the place that is told.

    `found` is the reach of the same homes in the same version. Walkers count on their own street,
    on every street of the way, and on the one at which they enter the place. Streets in areas of
    level 5 are walked by nobody (`safety.md` 4).
    """
    roads, sites = version.ground.roads, len(assigned.load)
    walkers, entered = np.zeros(roads.street_count, np.int64), np.zeros(sites, np.int64)
    time = np.full(len(homes), -1, np.int64)
    column = np.full(sites + 1, NOWHERE, np.int32)  # the last for `NOWHERE`, -1
    column[found.sites] = np.arange(len(found.sites), dtype=np.int32)
    placed = (column[assigned.site] != NOWHERE) & (found.junction >= 0)
    for number, realm in enumerate(found.realms):
        mine = np.flatnonzero(placed & (found.realm == number))
        if not len(mine):
            continue
        demand = assigned.demand[mine].astype(np.int64)
        place = column[assigned.site[mine]].astype(np.int64)
        keys = place * roads.junction_count + found.junction[mine]
        pairs, pair = np.unique(keys, return_inverse=True)
        amount = np.bincount(pair, demand, len(pairs)).astype(np.int64)
        access = version.access(realm.weighed.conditions)
        arcs, (over, by, begins) = _walked(roads, realm, access, found.sites, pairs, amount)
        np.add.at(walkers, roads.street, arcs)
        enters = by >= 0
        np.add.at(entered, found.sites[pairs // roads.junction_count][enters], amount[enters])
        gate = np.where(enters, access.gate_street[access.gate[by]], NO_STREET)
        np.add.at(walkers, gate[enters], amount[enters])
        street, first = _own_street(version, realm, homes, mine, found.junction[mine])
        apart = (street != NO_STREET) & (street != gate[pair])
        apart &= street != _street(roads, begins)[pair]
        np.add.at(walkers, street[apart], demand[apart])
        last = np.where(enters, access.time[by], 0)
        time[mine] = np.where(enters[pair], (over + last)[pair] + first, -1)
    walkers[_under_level_5(version)] = 0
    return Flows(walkers, entered, time)


def _walked(
    roads: RoadGraph,
    realm: Realm,
    access: SiteAccess,
    sites: Ints,
    pairs: NDArray[np.int64],
    amount: Longs,
) -> tuple[Longs, tuple[Longs, Ints, Ints]]:
    """(A,) who walks each arc; and of each pair of a place and a junction what `flowloops` says."""
    from routing.plan import flowloops

    rows = np.argsort(access.site, kind="stable")
    junctions = roads.junction_count
    arcs = np.zeros(len(roads.head), np.int64)
    cuts = (np.searchsorted(access.site[rows], sites + more) for more in (0, 1))
    given = (
        *(own(array) for array in (roads.indptr, roads.head)),
        *(own(realm.weighed.cost), own(realm.weighed.time), realm.costs),
        *(cut.astype(np.int64) for cut in cuts),
        *(access.junction[rows], access.cost[rows], rows.astype(np.int32)),
        *((pairs % junctions).astype(np.int32), (pairs // junctions).astype(np.int32)),
        *(amount, arcs),
    )
    return arcs, flowloops.walked(*given)


def _street(roads: RoadGraph, arc: Ints) -> Ints:
    """The street of each arc; `NO_STREET` and less for none."""
    return np.where(arc >= 0, roads.street[arc], NO_STREET - 1)


def _own_street(
    version: PlanVersion, realm: Realm, homes: Homes, mine: NDArray[np.int64], junction: Ints
) -> tuple[Ints, Longs]:
    """(n,) the street that each of these homes leaves by to its `junction`, and the time it takes;
    `NO_STREET` and none where it leaves by another street than its own.
    """
    near = junction == homes.junction[mine]
    at_end = near | (junction == homes.other[mine])
    street = homes.street[mine]
    metres = np.where(near, homes.at_m[mine], homes.other_m[mine])
    first = leg_times(version, realm.weighed, street, metres)
    return np.where(at_end, street, NO_STREET), np.where(at_end, first, 0)


def _under_level_5(version: PlanVersion) -> NDArray[np.int64]:
    """Streets of which a part lies in an area of level 5."""
    barred = version.blocks.barred
    return np.unique(barred.street[barred.code == Exposure.LEVEL_5])
