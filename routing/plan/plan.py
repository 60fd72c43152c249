"""One plan: every home that is told to go has a place, or is listed with the reason why not."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from routing.engine.costs import NEVER
from routing.plan.assigned import NOWHERE
from routing.plan.book import Longs
from routing.plan.coarse import coarse_prices
from routing.plan.rounding import whole_units
from routing.plan.transport import lower_bound, transport
from routing.roads import Floats, Ints

Bools = NDArray[np.bool_]


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
    with its penalties, and than any chain of moves that makes room; every home that is told
    another place than before counts `switch` more. Measured: with ten minutes instead of an hour
    one closed place moves up to three times as many as it must (DECISIONS.md).
    """

    none: int = 240 * 3600 * 10
    switch: int = 3600 * 10


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
    xy: Floats | None = None,
) -> Plan:
    """Place all homes; whoever walks to a place that can still be reached stays with it.

    `matrix` (rows, sites) as the engines give it, `capacity` (sites) what is still free, in the
    unit of demand; `price` (sites + 1) of the plan before, or where the rows are, `xy` (rows, 2),
    make it quicker.
    """
    from routing.plan import loops

    sites = len(capacity)
    there = np.where(going.told >= 0, matrix[going.row, going.told], NEVER)
    stays = going.walking & (there < NEVER)
    site = np.where(stays, going.told, NOWHERE).astype(np.int32)
    kept = np.bincount(going.told[stays], going.demand[stays], sites).astype(np.int64)
    free = np.append(np.maximum(capacity - kept, 0), int(going.demand.sum()))
    unit = np.flatnonzero(~stays)
    keys = going.row[unit].astype(np.int64) * (sites + 1) + going.told[unit] + 1
    origins, origin = np.unique(keys, return_inverse=True)
    told = origins % (sites + 1) - 1
    cost = loops.priced(matrix, origins // (sites + 1), told, costs.none, costs.switch)
    demand = going.demand[unit]
    total = np.bincount(origin, demand, len(origins)).astype(np.int64)
    if price is None and xy is not None and len(origins):
        price = coarse_prices(cost, total, free, xy[origins // (sites + 1)])
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


def _why(matrix: Ints, going: Going, site: Ints, costs: Costs) -> NDArray[np.int8]:
    """(H,) `Unplaced` of each home."""
    near: Bools = np.asarray((matrix < costs.none).any(axis=1))[going.row]
    why = np.where(near, Unplaced.NO_ROOM, Unplaced.NO_WAY)
    return np.where(site >= 0, Unplaced.PLACED, why).astype(np.int8)
