"""What the hierarchy owes to the streets alone: ranks, elimination tree, and its arcs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.roads import Ints, RoadGraph


@dataclass(frozen=True, slots=True, eq=False)
class Skeleton:
    """`rank` (N) of each junction; by rank: `parent` (N), and `first` (N+1) that cuts `above` (M).

    `place` (A) is the hierarchy's arc of each street's arc, -1 for a loop; `is_up` (A) whether
    that leads to the higher rank.
    """

    rank: Ints
    parent: Ints
    first: Ints
    above: Ints
    place: Ints
    is_up: NDArray[np.bool_]


def skeleton(roads: RoadGraph, order: Ints) -> Skeleton:
    """Contract every junction in this order (N,), whatever its streets cost."""
    from routing.engine import loops

    count = roads.junction_count
    rank = np.empty(count, np.int32)
    rank[order] = np.arange(count, dtype=np.int32)
    tail, head = rank[roads.tail], rank[roads.head]
    low, high = np.minimum(tail, head).astype(np.int64), np.maximum(tail, head)
    real = low != high
    pairs = np.unique(low[real] * count + high[real])
    begin = np.searchsorted(pairs, np.arange(count + 1, dtype=np.int64) * count)
    parent, first, above = loops.eliminate(begin.astype(np.int32), (pairs % count).astype(np.int32))
    keys = np.repeat(np.arange(count, dtype=np.int64), np.diff(first)) * count + above
    place = np.where(real, np.searchsorted(keys, low * count + high), -1).astype(np.int32)
    return Skeleton(rank, parent, first, above, place, tail < head)
