"""The numba loops of the hierarchy. Costs are int32 of tenths of a second."""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def _keep(kept, size, mark, low, high):  # type: ignore[no-untyped-def]
    """Note once that an arc leads from a rank to a higher one; returns how many are noted."""
    if mark[high] == low:
        return size
    mark[high] = low
    kept[size] = high
    return size + 1


@njit(cache=True, nogil=True)
def eliminate(first, above):  # type: ignore[no-untyped-def]
    """The arcs upward that are left when junctions are contracted in the order of their ranks.

    `first` (N+1) cuts `above`: for each rank the higher ranks beside it. Gilbert, Ng, Peyton, 1994:
    what a junction leaves behind is its own arcs and those of its children in the elimination
    tree. Returns (parent (N), -1 for a root; first (N+1); above (M), ascending for each rank).
    """
    count = len(first) - 1
    parent = np.full(count, -1, np.int32)
    child = np.full(count, -1, np.int32)
    sibling = np.full(count, -1, np.int32)
    mark = np.full(count, -1, np.int32)
    cut = np.zeros(count + 1, np.int32)
    kept = np.empty(4 * len(above) + 16, np.int32)
    size = 0
    for low in range(count):
        begin = size
        mark[low] = low
        if size + count > len(kept):
            kept = np.concatenate((kept, np.empty(len(kept) + count, np.int32)))
        for i in range(first[low], first[low + 1]):
            size = _keep(kept, size, mark, low, above[i])
        kid = child[low]
        while kid >= 0:
            for i in range(cut[kid], cut[kid + 1]):
                size = _keep(kept, size, mark, low, kept[i])
            kid = sibling[kid]
        kept[begin:size].sort()
        cut[low + 1] = size
        if size > begin:
            parent[low] = kept[begin]
            sibling[low] = child[kept[begin]]
            child[kept[begin]] = low
    return parent, cut, kept[:size].copy()


@njit(cache=True, nogil=True)
def customise(first, above, place, is_up, cost, never):  # type: ignore[no-untyped-def]
    """Least costs of the hierarchy's arcs: (up (M), down (M)), from the lower end and back.

    `place` (A) is the hierarchy's arc of each street's arc, -1 for a loop; `is_up` (A) whether it
    leads to the higher rank; what no way leads along costs `never`. Every lower triangle is
    relaxed once, lowest ranks first.
    """
    up = np.full(len(above), never, np.int32)
    down = np.full(len(above), never, np.int32)
    for arc in range(len(place)):
        at = place[arc]
        if at < 0:
            continue
        if is_up[arc]:
            up[at] = min(up[at], cost[arc])
        else:
            down[at] = min(down[at], cost[arc])
    for low in range(len(first) - 1):
        end = first[low + 1]
        for i in range(first[low], end - 1):
            middle = above[i]
            at = first[middle]
            to_low, from_low = down[i], up[i]
            for j in range(i + 1, end):
                while above[at] < above[j]:
                    at += 1
                up[at] = min(up[at], to_low + up[j])
                down[at] = min(down[at], down[j] + from_low)
    return up, down


@njit(cache=True, nogil=True)
def reach_up(first, above, parent, down, start, cost, column, costs):  # type: ignore[no-untyped-def]
    """Costs to a place from all that lies above its own junctions in the elimination tree.

    The place begins at ranks `start` with `cost`; written into `costs` (N, columns).
    """
    on_way = np.zeros(len(parent), np.bool_)
    for i in range(len(start)):
        rank = start[i]
        costs[rank, column] = min(costs[rank, column], cost[i])
        while rank >= 0 and not on_way[rank]:
            on_way[rank] = True
            rank = parent[rank]
    for rank in np.flatnonzero(on_way):
        for i in range(first[rank], first[rank + 1]):
            high = above[i]
            costs[high, column] = min(costs[high, column], costs[rank, column] + down[i])


@njit(cache=True, nogil=True)
def sweep_down(first, above, up, costs, never):  # type: ignore[no-untyped-def]
    """Costs from every junction, from the highest rank down, all columns of `costs` at once.

    Delling, Goldberg, Nowatzyk, Werneck, "PHAST: Hardware-Accelerated Shortest Path Trees", 2011.
    """
    columns = costs.shape[1]
    for rank in range(len(first) - 2, -1, -1):
        here = costs[rank]
        for i in range(first[rank], first[rank + 1]):
            step = up[i]
            if step < never:
                there = costs[above[i]]
                for column in range(columns):
                    here[column] = min(here[column], there[column] + step)
