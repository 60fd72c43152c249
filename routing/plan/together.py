"""Groups of households that stay together: one unit of the plan each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.engine.costs import NEVER
from routing.plan.assigned import NOWHERE
from routing.plan.book import Longs
from routing.plan.plan import Going
from routing.roads import Ints


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """What is placed: `matrix` (R, C), the units that are `going`, and (households,) the `unit` of
    each household; `parted` groups are placed one household at a time.
    """

    matrix: Ints
    going: Going
    unit: NDArray[np.int64]
    parted: int


@dataclass(frozen=True, slots=True)
class _One:
    """A group as one unit: its costs (C,), its demand, the place it was told, whether it walks."""

    costs: Ints
    demand: int
    told: int
    walking: bool


def together(
    matrix: Ints,
    going: Going,
    number: NDArray[np.int64],
    groups: Sequence[Sequence[int]],
    free: Longs,
) -> Units:
    """Merge the households of each group into one unit, those of them that go and do not walk yet.

    `number` (households,) ascending. A group's row is the mean of its households' costs, by demand;
    a place that one of them cannot reach is none for all. Where somebody of it walks already the
    others follow, if they have room in what is `free` (C,) there: one's word takes none from
    others. A group that brings more than any place holds, or has no place in common, parts.
    """
    left = free - np.bincount(
        going.told[going.walking], going.demand[going.walking], len(free)
    ).astype(np.int64)
    unit = np.arange(len(number))
    rows: list[Ints] = []
    row, demand = going.row.copy(), going.demand.copy()
    told, walking = going.told.copy(), going.walking.copy()
    gone, parted = np.zeros(len(number), bool), 0
    for group in groups:
        members = _among(number, group)
        others = members[~going.walking[members]]
        if len(members) < 2 or not len(others):
            continue
        one = _merged(matrix, going, members, others, left)
        if one.demand > free.max(initial=0) or (one.costs >= NEVER).all():
            parted += 1
            continue
        if one.walking:
            left[one.told] -= one.demand
        first = int(others[0])
        unit[others], gone[others[1:]] = first, True
        row[first] = len(matrix) + len(rows)
        rows.append(one.costs)
        demand[first], told[first], walking[first] = one.demand, one.told, one.walking
    kept = np.flatnonzero(~gone)
    place = np.cumsum(~gone) - 1
    merged = Going(row[kept], demand[kept], told[kept], walking[kept])
    return Units(np.vstack([matrix, *rows]) if rows else matrix, merged, place[unit], parted)


def _merged(
    matrix: Ints,
    going: Going,
    members: NDArray[np.int64],
    others: NDArray[np.int64],
    left: Longs,
) -> _One:
    """The `others` of a group's `members`: those who do not walk."""
    costs = _mean(matrix[going.row[others]], going.demand[others])
    demand = int(going.demand[others].sum())
    ahead = going.told[members[going.walking[members]]]
    if len(ahead) and costs[ahead[0]] < NEVER and demand <= left[ahead[0]]:
        return _One(costs, demand, int(ahead[0]), True)
    same = (going.told[others] == going.told[others[0]]).all()
    return _One(costs, demand, int(going.told[others[0]]) if same else NOWHERE, False)


def _among(number: NDArray[np.int64], group: Sequence[int]) -> NDArray[np.int64]:
    """Where a group's households stand among those that go."""
    wanted = np.unique(np.asarray(group, np.int64))
    at = np.searchsorted(number, wanted)
    there = at < len(number)
    there[there] = number[at[there]] == wanted[there]
    return at[there]


def _mean(costs: Ints, demand: NDArray[np.int64]) -> Ints:
    """(C,) the mean cost of a group's households."""
    weight = np.maximum(demand, 1)
    mean = (costs.astype(np.int64) * weight[:, None]).sum(axis=0) // weight.sum()
    return np.where((costs >= NEVER).any(axis=0), NEVER, mean).astype(np.int32)
