"""Who is where while a plan is being made: arrays that the numba loops change in place."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.roads import Ints

Longs = NDArray[np.int64]


class Book(NamedTuple):
    """Shares of demand: `origin`, `amount`, `site` of each entry (E); those of one place are a
    linked list (`after`, `before` (E), `first` (sites), -1 at its end). `used` (1): how many
    entries there are.
    """

    origin: Ints
    amount: Longs
    site: Ints
    after: Ints
    before: Ints
    first: Ints
    used: Longs


def new_book(demand: Longs, sites: int, size: int) -> Book:
    """One entry for each origin's demand, in no place yet, and room for `size` entries."""
    count = len(demand)
    book = Book(
        origin=np.zeros(size, np.int32),
        amount=np.zeros(size, np.int64),
        site=np.zeros(size, np.int32),
        after=np.full(size, -1, np.int32),
        before=np.full(size, -1, np.int32),
        first=np.full(sites, -1, np.int32),
        used=np.array([count], np.int64),
    )
    book.origin[:count], book.amount[:count] = np.arange(count), demand
    return book
