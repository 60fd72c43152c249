"""Prices to begin with, where there is no plan before: those of a city in coarse cells."""

from typing import Final

import numpy as np

from routing.plan.book import Longs
from routing.plan.transport import transport
from routing.roads import Floats, Ints

CELLS: Final = (16, 64)
"""Cells along either side of the city, in the order in which they are solved."""


def coarse_prices(cost: Ints, demand: Longs, capacity: Longs, xy: Floats) -> Longs:
    """(sites,) prices of a plan in which all origins of a cell go where their middle one would.

    `cost` (origins, sites), `demand` (origins), `capacity` (sites) as for `transport`; `xy`
    (origins, 2) says where the origins are, in metres. Near to the prices of the plan itself, which
    is then made in a fraction of the time; whatever they are, it stays exact.
    """
    price = np.zeros(len(capacity), np.int64)
    for cells in CELLS:
        cell = _cell(xy, cells)
        found, which = np.unique(cell, return_inverse=True)
        together = np.bincount(which, demand, len(found)).astype(np.int64)
        price = transport(_of_cells(cost, demand, which), together, capacity, price).price
    return price


def _cell(xy: Floats, cells: int) -> Longs:
    """(origins,) the number of the cell that each stands in."""
    low, high = xy.min(axis=0), xy.max(axis=0)
    step = np.maximum(high - low, 1e-9) / cells
    column, row = np.minimum((xy - low) / step, cells - 1).astype(np.int64).T
    return np.asarray(row * cells + column)


def _of_cells(cost: Ints, demand: Longs, which: Longs) -> Ints:
    """(cells, sites) the mean cost of those who live there, one person counting as one."""
    order = np.argsort(which, kind="stable")
    begin = np.flatnonzero(np.diff(which[order], prepend=-1))
    weight = np.maximum(demand, 1)[order]
    total = np.add.reduceat(cost[order] * weight[:, None], begin, axis=0)
    return (total // np.add.reduceat(weight, begin)[:, None]).astype(np.int32)
