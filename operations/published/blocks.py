"""Which 町丁目 and which 班 goes where, and how many: sums over a plan's households."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from city.area import folded
from city.han import han
from routing.plan.assigned import NOWHERE, Assigned
from routing.plan.plan import Unplaced
from routing.plan.turnout import HUNDREDTHS
from routing.roads import Floats, Ints

WHOLE_AREA: Final = 0
"""The 班 of a block that is a whole 町丁目."""
_MOST_HAN: Final = 1 << 20

Longs = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Part:
    """What of a block goes to one place: its row among the sites, households, expected persons."""

    site: int
    households: int
    expected: float


@dataclass(frozen=True, slots=True)
class Block:
    """Households of a 町丁目, or of one 班 of it.

    `area` is its row (`NO_AREA`: of those in none); `no_way` and `no_room` count households without
    a place, by the reason.
    """

    area: int
    han: int
    households: int
    parts: tuple[Part, ...]
    no_way: int
    no_room: int


def first_of_name(names: Sequence[str], area: Ints) -> Longs:
    """(H,) the first row of the same name as each household's: parts of a 町丁目 are one."""
    rows: dict[str, int] = {}
    first = [rows.setdefault(folded(name), row) for row, name in enumerate(names)]
    # One more than there are: `NO_AREA`, -1, finds itself at the end.
    return np.array([*first, -1], np.int64)[area]


def han_of(xy: Floats, area: Longs) -> Longs:
    """(H,) the 班 of each household, counted from 1 in its 町丁目; `xy` (H, 2) in metres."""
    number = np.zeros(len(area), np.int64)
    order = np.argsort(area, kind="stable")
    cuts = np.flatnonzero(np.diff(area[order])) + 1
    for begin, end in pairwise([0, *cuts.tolist(), len(order)]):
        mine = order[begin:end]
        number[mine] = han(xy[mine])[0]
    return number


def blocks(assigned: Assigned, area: Longs, groups: Longs | None = None) -> list[Block]:
    """All blocks by 町丁目 and 班; `area` and `groups` (H,), without `groups` whole 町丁目."""
    code = (area + 1) * _MOST_HAN + (WHOLE_AREA if groups is None else groups)
    codes, block = np.unique(code, return_inverse=True)
    count = len(codes)
    parts = _parts(assigned, block, count)
    sums = [np.bincount(block, minlength=count)]
    for why in (Unplaced.NO_WAY, Unplaced.NO_ROOM):
        sums.append(np.bincount(block[assigned.why == why], minlength=count))
    return [
        Block(code // _MOST_HAN - 1, code % _MOST_HAN, households, tuple(parts[row]), way, room)
        for row, (code, households, way, room) in enumerate(
            zip(codes.tolist(), *(one.tolist() for one in sums), strict=True)
        )
    ]


def _parts(assigned: Assigned, block: Longs, count: int) -> list[list[Part]]:
    """The places of each block, the most households first."""
    there = assigned.site != NOWHERE
    places = len(assigned.free) + 1
    pair = block[there] * places + assigned.site[there]
    pairs, where = np.unique(pair, return_inverse=True)
    households = np.bincount(where, minlength=len(pairs))
    demand = np.bincount(where, assigned.demand[there], len(pairs))
    found: list[list[Part]] = [[] for _ in range(count)]
    for row in np.lexsort((pairs, -households)).tolist():
        own, site = divmod(int(pairs[row]), places)
        found[own].append(Part(site, int(households[row]), float(demand[row]) / HUNDREDTHS))
    return found
