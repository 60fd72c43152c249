"""Other ways to give every home a place, on the costs, homes and room of our own plan."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from routing.plan.plan import Costs, Going
from routing.roads import Ints

Longs = NDArray[np.int64]
SEED: Final = 7


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Demand onto places: `cost` (origins, sites + 1) and `room` (sites + 1), of which the last
    place stands for none; `total` (origins) is the demand of each.
    """

    cost: Ints
    total: Longs
    room: Longs

    @property
    def stranded(self) -> int:
        """What those cost whom no way leads anywhere: in every plan as much."""
        none = self.cost[:, -1]
        no_way = (self.cost[:, :-1] >= none[:, None]).all(axis=1)
        return int((none[no_way].astype(np.int64) * self.total[no_way]).sum())

    def worth(self, origin: Ints, site: Ints, demand: Longs) -> int:
        """What a plan costs; raises `AssertionError` where it keeps no capacity."""
        load = np.bincount(site, demand, len(self.room))
        if (load > self.room).any():
            raise AssertionError(f"place {int((load - self.room).argmax())} holds too many")
        return int((self.cost[origin, site].astype(np.int64) * demand).sum())


def problem(matrix: Ints, going: Going, room: Longs) -> Problem:
    """The problem of homes that were told nothing before."""
    none = Costs().none
    cost = np.where(matrix >= none, 2 * none, matrix)
    cost = np.hstack([cost, np.full((len(matrix), 1), none)]).astype(np.int32)
    total = np.bincount(going.row, going.demand, len(matrix)).astype(np.int64)
    return Problem(cost, total, np.append(room, total.sum()))


class FirstCome:
    """Homes in a random order, always the same one, each to the cheapest place with room for it."""

    def __init__(self, going: Going) -> None:
        from numba import njit

        self.going = going
        self.order = np.random.default_rng(SEED).permutation(len(going.row))
        self._loop: Any = njit(_first_come)

    def __call__(self, given: Problem) -> Ints:
        """(H,) the place of each home."""
        home = self.going
        return np.asarray(
            self._loop(given.cost, home.row, home.demand, self.order, given.room.copy())
        )


class Greedy:
    """Always the cheapest pair of a home and a place that still has room for it."""

    def __init__(self, going: Going) -> None:
        from numba import njit

        self.going = going
        self._loop: Any = njit(_greedy)

    def __call__(self, given: Problem) -> Ints:
        """(H,) the place of each home."""
        home = self.going
        homes = np.argsort(home.row, kind="stable")
        first = np.searchsorted(home.row[homes], np.arange(len(given.cost) + 1))
        pairs = np.argsort(given.cost, axis=None, kind="stable")
        found = self._loop(pairs, first, homes, home.demand, given.room.copy())
        return np.asarray(found)


def _first_come(cost: Ints, row: Ints, demand: Longs, order: Longs, room: Longs) -> Ints:
    site = np.full(len(row), -1, np.int32)
    for home in order:
        best = -1
        for place in range(len(room)):
            if room[place] < demand[home]:
                continue
            if best < 0 or cost[row[home], place] < cost[row[home], best]:
                best = place
        site[home] = best
        room[best] -= demand[home]
    return site


def _greedy(pairs: Longs, first: Longs, homes: Longs, demand: Longs, room: Longs) -> Ints:
    site = np.full(len(homes), -1, np.int32)
    left = first[1:] - first[:-1]
    for pair in pairs:
        origin, place = pair // len(room), pair % len(room)
        if left[origin] == 0:
            continue
        for home in homes[first[origin] : first[origin + 1]]:
            if site[home] < 0 and demand[home] <= room[place]:
                site[home] = place
                room[place] -= demand[home]
                left[origin] -= 1
    return site
