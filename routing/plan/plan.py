"""One plan: every home that is told to go has a place, or is listed with the reason why not."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from routing.engine.costs import NEVER
from routing.plan.book import Longs
from routing.plan.rounding import whole_units
from routing.plan.transport import lower_bound, transport
from routing.roads import Ints

Bools = NDArray[np.bool_]
NOWHERE: Final = -1
"""The place of a home that has none, and of one that was told none before."""


class Unplaced(IntEnum):
    """Why a home has no place."""

    PLACED = 0
    NO_WAY = 1
    NO_ROOM = 2


@dataclass(frozen=True, slots=True, eq=False)
class Going:
    """Homes that are told to go, (H,) each: `row` in the cost matrix, `demand` that is expected of
    it, the place that it was `told` before (`NOWHERE`: none), and whether it is `walking` there
    already.
    """

    row: Ints
    demand: Longs
    told: Ints
    walking: Bools


@dataclass(frozen=True, slots=True)
class Costs:
    """What a plan weighs, in tenths of a second: to have no place, `none`, is worse than any way
    worth walking; every home that is told another place than before counts `switch` more.
    """

    none: int = 4 * 3600 * 10
    switch: int = 600 * 10


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """`site` (H,) the place of each home, `NOWHERE` for none, and `why` (H,) not.

    `price` (sites + 1) proves that no plan costs less than `bound`; this one costs `cost`. `load`
    (sites) is the demand at each place, those who walk there already included.
    """

    site: Ints
    why: NDArray[np.int8]
    price: Longs
    cost: int
    bound: int
    load: Longs

    @property
    def gap(self) -> float:
        """By how much of the bound the plan may be dearer than the best."""
        return self.cost / self.bound - 1 if self.bound else 0.0


def make_plan(
    matrix: Ints,
    going: Going,
    capacity: Longs,
    costs: Costs,
    price: Longs | None = None,
) -> Plan:
    """Place all homes; whoever walks to a place that can still be reached stays with it.

    `matrix` (rows, sites) as the engines give it, `capacity` (sites) what is still free, in the
    unit of demand; `price` (sites + 1) of the plan before.
    """
    sites = len(capacity)
    there = np.where(going.told >= 0, matrix[going.row, going.told], NEVER)
    stays = going.walking & (there < NEVER)
    site = np.where(stays, going.told, NOWHERE).astype(np.int32)
    kept = np.bincount(going.told[stays], going.demand[stays], sites).astype(np.int64)
    free = np.append(np.maximum(capacity - kept, 0), int(going.demand.sum()))
    unit = np.flatnonzero(~stays)
    keys = going.row[unit].astype(np.int64) * (sites + 1) + going.told[unit] + 1
    origins, origin = np.unique(keys, return_inverse=True)
    cost = _priced(matrix, origins // (sites + 1), origins % (sites + 1) - 1, costs)
    demand = going.demand[unit]
    total = np.bincount(origin, demand, len(origins)).astype(np.int64)
    shares = transport(cost, total, free, price)
    placed = whole_units(shares, origin.astype(np.int32), demand, cost, free)
    site[unit] = np.where(placed == sites, NOWHERE, placed)
    return Plan(
        site=site,
        why=_why(matrix, going, site, costs),
        price=shares.price,
        cost=int((cost[origin, placed].astype(np.int64) * demand).sum()),
        bound=lower_bound(cost, total, free, shares.price),
        load=np.bincount(site[site >= 0], going.demand[site >= 0], sites).astype(np.int64),
    )


def _priced(matrix: Ints, row: Longs, told: Longs, costs: Costs) -> Ints:
    """(origins, sites + 1) with the cost of being told anew, and of having no place, at the end.

    What cannot be reached, or only by a way longer than having no place, costs more than that.
    """
    cost = matrix[row].astype(np.int64)
    before = np.flatnonzero(told >= 0)
    cost[before] += costs.switch
    cost[before, told[before]] -= costs.switch
    too_far = matrix[row] >= costs.none
    cost = np.minimum(cost, costs.none - 1)
    cost[too_far] = 2 * costs.none
    return np.hstack([cost, np.full((len(row), 1), costs.none)]).astype(np.int32)


def _why(matrix: Ints, going: Going, site: Ints, costs: Costs) -> NDArray[np.int8]:
    """(H,) `Unplaced` of each home."""
    near: Bools = np.asarray((matrix < costs.none).any(axis=1))[going.row]
    why = np.where(near, Unplaced.NO_ROOM, Unplaced.NO_WAY)
    return np.where(site >= 0, Unplaced.PLACED, why).astype(np.int8)
