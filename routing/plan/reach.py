"""From where every household sets out, and what it costs to come to each place from there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from city.traveller import Profile
from routing.engine.costs import NEVER, Engine
from routing.homes import NO_STREET, Bools, Homes
from routing.plan.otherdoor import at_closures, other_junction
from routing.plan.setout import legs
from routing.roads import Ints
from routing.version import Hazards, PlanVersion
from routing.weights import Weights

FARTHER: Final = 3 * 3600 * 10
"""Tenths of a second of cost by which a place may be farther than the nearest one that suits:
whoever finds no room within so much is listed, and headquarters opens rooms. Policy."""


@dataclass(frozen=True, slots=True, eq=False)
class Realm:
    """One set of hazards: the `weighed` streets under it, (N, C) `costs` from every junction to
    every place, and (C,) which of the places suit.
    """

    weighed: Weights
    costs: Ints
    suits: Bools


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """`sites` (C,) are rows of the ground's sites that receive anybody. Of each home (H,): its
    `realm`, the `junction` that it sets out by (-1: it stands at no street), `has_way`, and the
    `cost` of the nearest place that suits, along its own street, `NEVER` where there is none.
    """

    sites: Ints
    realms: tuple[Realm, ...]
    realm: NDArray[np.int64]
    junction: Ints
    has_way: Bools
    cost: NDArray[np.int64]

    def rows(self, homes: NDArray[np.int64]) -> tuple[Ints, Ints]:
        """The matrix (R, C) of these homes' costs, one row for each realm and junction, `NEVER`
        where a place does not suit or is too far beyond the nearest; and the row of each home.
        """
        if not len(homes):
            return np.empty((0, len(self.sites)), np.int32), np.empty(0, np.int32)
        junctions = len(self.realms[0].costs)
        keys = self.realm[homes] * junctions + self.junction[homes]
        found, row = _unique(keys, len(self.realms) * junctions)
        matrix = np.empty((len(found), len(self.sites)), np.int32)
        for number, realm in enumerate(self.realms):
            mine = found // junctions == number
            costs = realm.costs[found[mine] % junctions]
            costs[:, ~realm.suits] = NEVER
            if costs.size:
                costs[costs > costs.min(axis=1, keepdims=True) + FARTHER] = NEVER
            matrix[mine] = costs
        return matrix, row

    def keep(
        self, matrix: Ints, row: Ints, homes: NDArray[np.int64], place: Ints, walking: Bools
    ) -> None:
        """Let the place that somebody walks to count, however much nearer others are.

        `matrix` and `row` are those of `rows` for these `homes`, `place` (a column) is where each
        was told to go, and `walking` who does.
        """
        for number, realm in enumerate(self.realms):
            mine = np.flatnonzero(walking & (self.realm[homes] == number))
            mine = mine[realm.suits[place[mine]]]
            matrix[row[mine], place[mine]] = realm.costs[self.junction[homes[mine]], place[mine]]


def reach(
    version: PlanVersion,
    engine: Engine,
    homes: Homes,
    sets: Sequence[Hazards],
    realm: NDArray[np.int64],
    *,
    night: bool,
) -> Reach:
    """Look at all homes on foot; `sets` of hazards and (H,) which of them counts at each home.

    A home sets out by that end of its street from which a place is nearer.
    """
    suits = [version.suitable(hazards) for hazards in sets]
    sites = np.flatnonzero(np.logical_or.reduce(suits)) if suits else np.zeros(0, np.int64)
    realms = _realms(version, engine, sets, suits, sites.astype(np.int32), night=night)
    junction = np.full(len(homes), -1, np.int32)
    has_way = np.zeros(len(homes), bool)
    cost = np.full(len(homes), NEVER, np.int64)
    shut_out = at_closures(version, homes)
    for number, one in enumerate(realms):
        mine = np.flatnonzero((realm == number) & (homes.street != NO_STREET))
        if one.suits.any():
            best = one.costs[:, one.suits].min(axis=1)
        else:
            best = np.full(version.ground.roads.junction_count, NEVER, np.int32)
        near, far = homes.junction[mine], homes.other[mine]
        to_near, to_far = legs(version, one.weighed, homes, mine)
        by_near, by_far = best[near] + to_near, best[far] + to_far
        junction[mine] = np.where(by_near <= by_far, near, far)
        cost[mine] = np.minimum(np.minimum(by_near, by_far), NEVER)
        has_way[mine] = cost[mine] < NEVER
        for home in shut_out[(realm[shut_out] == number) & ~has_way[shut_out]].tolist():
            x, y = homes.xy[home].tolist()
            other = other_junction(version, one.weighed, best, x, y)
            if other >= 0:
                junction[home], has_way[home] = other, True
    return Reach(sites.astype(np.int32), tuple(realms), realm, junction, has_way, cost)


def _realms(
    version: PlanVersion,
    engine: Engine,
    sets: Sequence[Hazards],
    suits: Sequence[Bools],
    sites: Ints,
    *,
    night: bool,
) -> list[Realm]:
    """Sets that weigh the streets alike share their costs."""
    junctions = np.arange(version.ground.roads.junction_count, dtype=np.int32)
    costs: dict[int, Ints] = {}
    realms = []
    for hazards, suit in zip(sets, suits, strict=True):
        conditions = version.conditions(Profile.WALK, night=night, hazards=hazards)
        weighed, access = version.weights(conditions), version.access(conditions)
        if id(weighed) not in costs:
            costs[id(weighed)] = engine.costs(weighed, access, sites, junctions)
        realms.append(Realm(weighed, costs[id(weighed)], suit[sites]))
    return realms


def _unique(keys: NDArray[np.int64], size: int) -> tuple[NDArray[np.int64], Ints]:
    """Distinct keys below `size`, ascending, and the place of each key among them."""
    seen = np.zeros(size, bool)
    seen[keys] = True
    number = np.cumsum(seen, dtype=np.int32) - 1
    return np.flatnonzero(seen), number[keys].astype(np.int32)
