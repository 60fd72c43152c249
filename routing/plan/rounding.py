"""Whole units onto places: what the exact solution divides is put together again.

A unit is a household, or a group that stays together. Between the places that an origin's demand is
shared among, the solution is indifferent; so only where capacity is kept anew anything costs more.
"""

import numpy as np

from routing.plan.book import Longs
from routing.plan.transport import Shares
from routing.roads import Ints


def whole_units(shares: Shares, origin: Ints, demand: Longs, cost: Ints, capacity: Longs) -> Ints:
    """(units,) the place of each unit, by its `origin` and `demand` (units,).

    `cost` (origins, sites) and `capacity` (sites) are those of the shares; the last place stands
    for none and takes whom no other has room for.
    """
    site = _shared(shares, origin, demand, cost)
    _keep_capacity(site, shares.price, origin, demand, cost, capacity)
    return site


def _shared(shares: Shares, origin: Ints, demand: Longs, cost: Ints) -> Ints:
    """Every unit to the place of its origin that has most of its share left, large ones first.

    Who brings no demand has no share: to the place of least cost and price.
    """
    count = np.bincount(shares.origin, minlength=len(cost))
    only = (cost + shares.price).argmin(axis=1).astype(np.int32)
    only[shares.origin] = shares.site
    site: Ints = only[origin]
    for divided in np.flatnonzero(count > 1):
        rows = np.flatnonzero(shares.origin == divided)
        left = shares.amount[rows].copy()
        units = np.flatnonzero(origin == divided)
        for unit in units[np.argsort(-demand[units], kind="stable")]:
            most = int(left.argmax())
            left[most] -= demand[unit]
            site[unit] = shares.site[rows[most]]
    return site


def _keep_capacity(
    site: Ints, price: Longs, origin: Ints, demand: Longs, cost: Ints, capacity: Longs
) -> None:
    """Move units out of places that are too full, those that lose least by it first."""
    load = np.bincount(site, demand, len(capacity)).astype(np.int64)
    priced = cost.astype(np.int64) + price
    for full in np.flatnonzero(load[:-1] > capacity[:-1]):
        units = np.flatnonzero((site == full) & (demand > 0))
        while load[full] > capacity[full]:
            room = capacity - load
            room[full], room[-1] = -1, np.iinfo(np.int64).max
            more = priced[origin[units]] - priced[origin[units], full][:, None]
            more = np.where(room[None, :] >= demand[units][:, None], more, np.iinfo(np.int64).max)
            unit, to = divmod(int(more.argmin()), len(capacity))
            moved = units[unit]
            site[moved] = to
            load[full] -= demand[moved]
            load[to] += demand[moved]
            units = np.delete(units, unit)
