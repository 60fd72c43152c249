"""Who is where while a plan is being made: arrays that the numba loops change in place."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.roads import Ints

Longs = NDArray[np.int64]


class Book(NamedTuple):
    """Shares of demand: `origin`, `amount`, `site` of each entry (E), one for an origin at a place.

    Those of one place are a linked list (`first` (sites), `after`, `before` (E)), those of one
    origin too (`part` (origins), `more` (E)), and those in no use: `free` (2) is the first of them,
    and how many. -1 is the end of a list.
    """

    origin: Ints
    amount: Longs
    site: Ints
    first: Ints
    after: Ints
    before: Ints
    part: Ints
    more: Ints
    free: Ints


def new_book(demand: Longs, sites: int, size: int) -> Book:
    """One entry for each origin's demand, in no place yet, and room for `size` entries."""
    count = len(demand)
    book = Book(
        origin=np.zeros(size, np.int32),
        amount=np.zeros(size, np.int64),
        site=np.zeros(size, np.int32),
        first=np.full(sites, -1, np.int32),
        after=np.arange(1, size + 1, dtype=np.int32),
        before=np.full(size, -1, np.int32),
        part=np.arange(count, dtype=np.int32),
        more=np.full(size, -1, np.int32),
        free=np.array([count, size - count], np.int32),
    )
    book.origin[:count], book.amount[:count] = np.arange(count), demand
    return book
