"""Whole units onto places: what the exact solution divides is put together again.

A unit is a household, or a group that stays together. Between the places that an origin's demand is
shared among, the solution is indifferent; so only where capacity is kept anew anything costs more.
"""

from typing import Final, Literal

import numpy as np

from routing.plan.book import Longs
from routing.plan.transport import Shares
from routing.roads import Ints

NOTICEABLE: Final = 50
"""A fiftieth of a place: what a household leaves free in a school is less, and fills by itself."""


def whole_units(shares: Shares, origin: Ints, demand: Longs, cost: Ints, capacity: Longs) -> Ints:
    """(units,) the place of each unit, by its `origin` and `demand` (units,).

    `cost` (origins, sites) and `capacity` (sites) are those of the shares; the last place stands
    for none and takes whom no other has room for.
    """
    site = _shared(shares, origin, demand, cost)
    _keep_capacity(site, shares.price, origin, demand, cost, capacity)
    for scarce in np.flatnonzero(shares.price[:-1] > 0):
        _fill(int(scarce), site, origin, demand, cost, capacity)
    return site


def _shared(shares: Shares, origin: Ints, demand: Longs, cost: Ints) -> Ints:
    """Every unit to the place of its origin that has most of its share left, large ones first.

    Who brings no demand has no share: to the place of least cost and price.
    """
    count = np.bincount(shares.origin, minlength=len(cost))
    only = np.zeros(len(cost), np.int32)
    only[shares.origin] = shares.site
    idle = np.flatnonzero(count == 0)
    only[idle] = (cost[idle] + shares.price).argmin(axis=1)
    site: Ints = only[origin]
    divided = np.flatnonzero(count > 1)
    units = np.flatnonzero((count > 1)[origin])
    units = units[np.lexsort((-demand[units], origin[units]))]
    own = _cut(shares.origin, divided)
    for (begin, end), (low, high) in zip(own, _cut(origin[units], divided), strict=True):
        left = shares.amount[begin:end].copy()
        for unit in units[low:high]:
            most = int(left.argmax())
            left[most] -= demand[unit]
            site[unit] = shares.site[begin + most]
    return site


def _cut(keys: Ints, wanted: Longs) -> Longs:
    """(n, 2) where the run of each wanted key begins and ends; the keys ascend."""
    sides: tuple[Literal["left"], Literal["right"]] = ("left", "right")
    return np.stack([np.searchsorted(keys, wanted, side) for side in sides], axis=1)


def _keep_capacity(
    site: Ints, price: Longs, origin: Ints, demand: Longs, cost: Ints, capacity: Longs
) -> None:
    """Move units out of places that are too full, those that lose least by it first."""
    from routing.plan import loops

    load = np.bincount(site, demand, len(capacity)).astype(np.int64)
    for full in np.flatnonzero(load[:-1] > capacity[:-1]):
        units = np.flatnonzero((site == full) & (demand > 0))
        here = np.ones(len(units), bool)
        while load[full] > capacity[full]:
            room = capacity - load
            room[full], room[-1] = -1, np.iinfo(np.int64).max
            unit, to = loops.cheapest_move(units, here, origin, demand, cost, price, room, full)
            moved, here[unit] = units[unit], False
            site[moved] = to
            load[full] -= demand[moved]
            load[to] += demand[moved]


def _fill(to: int, site: Ints, origin: Ints, demand: Longs, cost: Ints, capacity: Longs) -> None:
    """Let units into a place that others wanted and that has noticeable room after all, those that
    gain most by it first.
    """
    room = int(capacity[to] - demand[site == to].sum())
    if room * NOTICEABLE <= capacity[to]:
        return
    gain = (cost[origin, site].astype(np.int64) - cost[origin, to]) * demand
    wanting = np.flatnonzero(gain > 0)
    for unit in wanting[np.argsort(-gain[wanting], kind="stable")]:
        if demand[unit] <= room:
            site[unit] = to
            room -= int(demand[unit])
