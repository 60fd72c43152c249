"""Ways from one door to every site: one search outwards, on the weights of today.

Sites are ordered by the cost that guidance chooses by, so that the nearest one here is the one
that the way leads to; time and metres are those of that way.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from routing.field import SiteAccess
from routing.leg import walk, yard
from routing.roads import Ints, RoadGraph
from routing.snapping import Snap, snaps
from routing.version import PlanVersion
from routing.weights import FAR, TENTHS, Conditions, Weights


@dataclass(frozen=True, slots=True)
class Walk:
    """A way as two numbers: metres from door to door, seconds without the start delay."""

    distance_m: float
    duration_s: int


@dataclass(frozen=True, slots=True, eq=False)
class Nearby:
    """`cost` (sites,) in tenths of a second, `FAR` where no way leads; `row` (sites,) of the access
    that each way ends with, -1 for one along the door's own street.

    `reached` (N) costs of the junctions; `begun` the time and metres at which the search starts at
    a junction; `straight` the ways that leave the door's street for no junction.
    """

    cost: NDArray[np.int64]
    row: NDArray[np.int64]
    roads: RoadGraph
    weighed: Weights
    access: SiteAccess
    reached: Ints
    begun: dict[int, tuple[int, int, float]]
    straight: dict[int, Walk]
    _walked: dict[int, tuple[int, float]] = field(default_factory=dict)

    def walk_to(self, site: int) -> Walk | None:
        """The way to a site (its row in the ground); None where there is none."""
        if self.cost[site] >= FAR:
            return None
        if self.row[site] < 0:
            return self.straight[site]
        row = int(self.row[site])
        access, gate = self.access, int(self.access.gate[row])
        time, metres = self._at(int(access.junction[row]))
        time += int(access.time[row])
        metres += abs(float(access.gate_at_m[gate]) - float(access.from_m[row]))
        return Walk(metres + float(access.gate_offset_m[gate]), round(time / TENTHS))

    def _at(self, junction: int) -> tuple[int, float]:
        """Time and metres to a junction: back along the arcs that attain its cost, then forth."""
        behind: list[tuple[int, int]] = []
        here = junction
        while here not in self._walked:
            cost, time, metres = self.begun.get(here, (FAR, 0, 0.0))
            if cost == int(self.reached[here]):
                self._walked[here] = time, metres
                break
            arc = self._before(here)
            behind.append((here, arc))
            here = int(self.roads.tail[arc])
        time, metres = self._walked[here]
        for there, arc in reversed(behind):
            time += int(self.weighed.time[arc])
            metres += float(self.roads.length_m[self.roads.street[arc]])
            self._walked[there] = time, metres
        return time, metres

    def _before(self, junction: int) -> int:
        """The arc by which the search came to a junction: the lowest that attains its cost."""
        roads, weighed = self.roads, self.weighed
        arcs = roads.reverse[roads.indptr[junction] : roads.indptr[junction + 1]]
        steps = weighed.cost[arcs].astype(np.int64)
        attained = self.reached[roads.tail[arcs]] + steps == int(self.reached[junction])
        return int(arcs[attained & (steps != FAR)].min())


def nearby(version: PlanVersion, conditions: Conditions, x: float, y: float) -> Nearby:
    """Search from a door at (x, y) metres to all sites, open and suitable or not."""
    from routing import kernel

    roads, weighed = version.ground.roads, version.weights(conditions)
    access, joined = version.access(conditions), snaps(version.ground, version.bars, x, y)
    begun = _begun(version, weighed, joined)
    seed = np.full(roads.junction_count, FAR, np.int32)
    for junction, (cost, _, _) in begun.items():
        seed[junction] = cost
    # People walk *from* the door: the search relaxes the arcs themselves, not their twins.
    one = np.zeros(roads.junction_count, np.int32)
    reached, _ = kernel.settle(roads.indptr, roads.head, weighed.cost, seed, one)
    costs, rows = _at_sites(len(version.ground.sites), access, reached)
    straight: dict[int, Walk] = {}
    for site, cost, found in _straight(version, weighed, access, joined):
        if cost < costs[site]:
            costs[site], rows[site], straight[site] = cost, -1, found
    return Nearby(costs, rows, roads, weighed, access, reached, begun, straight)


def _begun(
    version: PlanVersion, weighed: Weights, joined: tuple[Snap, ...]
) -> dict[int, tuple[int, int, float]]:
    """Cost, time and metres at the junctions that the door's streets lead to."""
    begun: dict[int, tuple[int, int, float]] = {}
    for snap in joined:
        door = yard(version.ground, weighed, snap)
        for junction, metre in version.ground.roads.ends(snap.street):
            leg = walk(
                version.ground,
                version.blocks,
                weighed,
                snap.street,
                snap.at_m,
                metre,
                from_red=snap.from_red,
            )
            if leg is not None:
                metres = snap.offset_m + abs(metre - snap.at_m)
                start = (door.cost + leg.cost, door.time + leg.time, metres)
                begun[junction] = min(begun.get(junction, start), start)
    return begun


def _at_sites(
    sites: int, access: SiteAccess, reached: Ints
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The least cost of each site over the junctions it is entered from, and the row of that."""
    costs, rows = np.full(sites, FAR, np.int64), np.full(sites, -1, np.int64)
    total = reached[access.junction].astype(np.int64) + access.cost
    total[reached[access.junction] == FAR] = FAR
    # The best comes last, and stays.
    order = np.argsort(-total, kind="stable")
    costs[access.site[order]] = np.minimum(total[order], FAR)
    rows[access.site[order]] = order
    return costs, rows


def _straight(
    version: PlanVersion, weighed: Weights, access: SiteAccess, joined: tuple[Snap, ...]
) -> list[tuple[int, int, Walk]]:
    """Site, cost and way of those that stand at the door's own streets."""
    found = []
    for snap in joined:
        door = yard(version.ground, weighed, snap)
        for gate in np.flatnonzero(access.gate_street == snap.street).tolist():
            at_m = float(access.gate_at_m[gate])
            leg = walk(
                version.ground,
                version.blocks,
                weighed,
                snap.street,
                snap.at_m,
                at_m,
                from_red=snap.from_red,
            )
            if leg is None:
                continue
            time = door.time + leg.time + int(access.gate_time[gate])
            metres = snap.offset_m + abs(at_m - snap.at_m) + float(access.gate_offset_m[gate])
            cost = door.cost + leg.cost + int(access.gate_cost[gate])
            found.append((int(access.gate_site[gate]), cost, Walk(metres, round(time / TENTHS))))
    return sorted(found, key=lambda one: -one[1])
