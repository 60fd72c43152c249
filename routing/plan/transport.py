"""Demand onto places, capacity kept, at the least total cost; divisible, exact, with its proof."""

from dataclasses import dataclass

import numpy as np

from routing.errors import RoutingError
from routing.plan.book import Book, Longs, new_book
from routing.roads import Ints


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """Who goes where: `origin`, `site`, `amount` of each share (K); `price` (sites) of a unit of
    capacity, 0 where there is room left.
    """

    origin: Ints
    site: Ints
    amount: Longs
    price: Longs

    def cost(self, cost: Ints) -> int:
        """The total of a matrix (origins, sites) under these shares."""
        return int((cost[self.origin, self.site].astype(np.int64) * self.amount).sum())

    def load(self, sites: int) -> Longs:
        """(sites,) demand at each place."""
        return np.bincount(self.site, self.amount, sites).astype(np.int64)


def lower_bound(cost: Ints, demand: Longs, capacity: Longs, price: Longs) -> int:
    """No plan that keeps capacity costs less, whatever prices (sites) of zero or more are given.

    Weak duality: everybody takes the place of least cost and price, and prices are paid back for
    all capacity.
    """
    from routing.plan import loops

    return int(loops.least_total(cost, price, demand) - (price * capacity).sum())


def transport(cost: Ints, demand: Longs, capacity: Longs, price: Longs | None = None) -> Shares:
    """The cheapest shares of every origin's demand; `price` of an earlier plan makes it quicker.

    `cost` (origins, sites), `demand` (origins), `capacity` (sites), all of whole numbers from 0.
    Give a last place that stands for none, dearer than any: raises `RoutingError` where there is
    not room for all, or less than nothing somewhere.
    """
    from routing.plan import loops

    _check(demand, capacity)
    sites = len(capacity)
    prices = np.zeros(sites, np.int64) if price is None else price - price.min()
    own = loops.cheapest(cost, prices)
    load = np.bincount(own, demand, sites).astype(np.int64)
    spare = _placed_spare(capacity, load, prices, int(capacity.sum() - demand.sum()))
    size = 2 * len(demand) + 4 * sites
    while True:
        book, tried = new_book(demand, sites, size), prices.copy()
        loops.enter(book, own)
        left, excess = spare.copy(), load + spare - capacity
        if loops.settle(cost, capacity, tried, left, book, excess):
            return _shares(book, tried)
        size *= 2


def _check(demand: Longs, capacity: Longs) -> None:
    if min(demand.min(initial=0), capacity.min(initial=0)) < 0:
        raise RoutingError("demand and capacity are persons: no place holds less than none")
    if capacity.sum() < demand.sum():
        raise RoutingError(f"{demand.sum()} persons, and room for {capacity.sum()}")


def _placed_spare(capacity: Longs, load: Longs, price: Longs, left: int) -> Longs:
    """(sites,) where the demand of nobody begins: in the room of the cheapest places."""
    spare = np.zeros(len(capacity), np.int64)
    free = np.flatnonzero(price == price.min())
    room = np.maximum(capacity[free] - load[free], 0)
    taken = np.minimum(room, np.maximum(left - (np.cumsum(room) - room), 0))
    spare[free] = taken
    spare[free[0]] += left - int(taken.sum())
    return spare


def _shares(book: Book, price: Longs) -> Shares:
    """What the book holds, by origin and place."""
    some = np.flatnonzero(book.amount > 0)
    some = some[np.lexsort((book.site[some], book.origin[some]))]
    found = (book.origin[some], book.site[some], book.amount[some])
    return Shares(*found, price - price.min())
