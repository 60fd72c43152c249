"""Groups of households that stay together: one unit of the plan each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.engine.costs import NEVER
from routing.plan.assigned import NOWHERE
from routing.plan.plan import Going
from routing.roads import Ints


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """What is placed: `matrix` (R, C), the units that are `going`, and (households,) the `unit` of
    each household.
    """

    matrix: Ints
    going: Going
    unit: NDArray[np.int64]


def together(
    matrix: Ints, going: Going, number: NDArray[np.int64], groups: Sequence[Sequence[int]]
) -> Units:
    """Merge the households of each group into one unit, those of them that go.

    `number` (households,) ascending. A group's row is the mean of its households' costs, by demand;
    a place that one of them cannot reach is none for all. A group of which somebody walks already
    goes where that one does.
    """
    unit = np.arange(len(number))
    rows: list[Ints] = []
    row, demand = going.row.copy(), going.demand.copy()
    told, walking = going.told.copy(), going.walking.copy()
    gone = np.zeros(len(number), bool)
    for group in groups:
        members = _among(number, group)
        if len(members) < 2:
            continue
        first = int(members[0])
        unit[members] = first
        gone[members[1:]] = True
        row[first] = len(matrix) + len(rows)
        rows.append(_mean(matrix[going.row[members]], going.demand[members]))
        demand[first] = going.demand[members].sum()
        leads = members[np.argmax(going.walking[members])]
        same = (going.told[members] == going.told[leads]).all()
        walking[first] = going.walking[leads]
        told[first] = going.told[leads] if walking[first] or same else NOWHERE
    kept = np.flatnonzero(~gone)
    place = np.cumsum(~gone) - 1
    merged = Going(row[kept], demand[kept], told[kept], walking[kept])
    return Units(np.vstack([matrix, *rows]) if rows else matrix, merged, place[unit])


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
