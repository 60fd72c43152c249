"""The numba loops: a multi-source Dijkstra on a 4-ary heap, and the canonical pointers.

Dijkstra, E. W., "A note on two problems in connexion with graphs", 1959. People walk *to* the
sources, so a settled junction relaxes the arcs that lead into it: the twins of its out-arcs.
"""

import numpy as np
from numba import int32, njit, types, void

FAR = np.int32(2**31 - 1)
"""The cost of what cannot be reached, and of an arc that is closed."""

_GIVEN = types.Array(int32, 1, "C", readonly=True)
_MADE = types.Array(int32, 1, "C")
"""Mapped arrays are read-only, computed ones are not: one signature takes both, so that nothing is
compiled while somebody waits for an answer.
"""


@njit(cache=True, nogil=True, inline="always")
def _push(heap, size, item):  # type: ignore[no-untyped-def]
    i = size
    while i > 0:
        parent = (i - 1) >> 2
        if heap[parent] <= item:
            break
        heap[i] = heap[parent]
        i = parent
    heap[i] = item


@njit(cache=True, nogil=True, inline="always")
def _sink(heap, size):  # type: ignore[no-untyped-def]
    """Put the last item, at `size`, in the place of the first."""
    item = heap[size]
    i = 0
    while True:
        child = (i << 2) + 1
        if child >= size:
            break
        best = child
        low = heap[child]
        for other in range(child + 1, min(child + 4, size)):
            if heap[other] < low:
                best = other
                low = heap[other]
        if low >= item:
            break
        heap[i] = low
        i = best
    heap[i] = item


@njit(types.Tuple((_MADE, _MADE))(*[_GIVEN] * 5), cache=True, nogil=True)  # type: ignore[no-untyped-call]
def settle(indptr, head, cost_in, seed, group):  # type: ignore[no-untyped-def]
    """Least cost of every junction, and the order in which they are settled.

    `cost_in[e]` is the cost of walking the twin of arc e; `seed` (N) the cost at which a junction
    starts, `FAR` for none; arcs join only junctions of one `group`.
    Returns (cost (N), order (settled,)).
    """
    # A heap of (cost, junction) in one integer: what has become dearer is passed over, which
    # takes half the time of keeping every junction's place in the heap.
    count = len(indptr) - 1
    cost = seed.copy()
    heap = np.empty(len(head) + count, np.int64)
    done = np.zeros(count, np.bool_)
    order = np.empty(count, np.int32)
    size = 0
    for junction in range(count):
        if cost[junction] != FAR:
            _push(heap, size, (np.int64(cost[junction]) << 32) | np.int64(junction))
            size += 1
    settled = 0
    while size > 0:
        here = np.int32(heap[0] & 0xFFFFFFFF)
        size -= 1
        if size > 0:
            _sink(heap, size)
        if done[here]:
            continue
        done[here] = True
        order[settled] = here
        settled += 1
        base = cost[here]
        for arc in range(indptr[here], indptr[here + 1]):
            step = cost_in[arc]
            there = head[arc]
            if step == FAR or group[there] != group[here]:
                continue
            reached = base + step
            if reached < cost[there]:
                cost[there] = reached
                _push(heap, size, (np.int64(reached) << 32) | np.int64(there))
                size += 1
    return cost, order[:settled]


@njit(types.UniTuple(_MADE, 3)(*[_GIVEN] * 9), cache=True, nogil=True)  # type: ignore[no-untyped-call]
def point(indptr, head, arc_cost, arc_time, cost, order, seed, seed_site, seed_time):  # type: ignore[no-untyped-def]
    """First labels: for each settled junction the lowest out-arc that attains its cost.

    Returns (next arc or -1 at a site's own junction, -2 unreached; site; time).
    """
    count = len(indptr) - 1
    step = np.full(count, -2, np.int32)
    site = np.full(count, -1, np.int32)
    time = np.full(count, FAR, np.int32)
    for here in order:
        if seed[here] == cost[here]:
            step[here] = -1
            site[here] = seed_site[here]
            time[here] = seed_time[here]
            continue
        for arc in range(indptr[here], indptr[here + 1]):
            there = head[arc]
            if (
                arc_cost[arc] != FAR
                and cost[there] != FAR
                and cost[there] + arc_cost[arc] == cost[here]
            ):
                step[here] = arc
                site[here] = site[there]
                time[here] = time[there] + arc_time[arc]
                break
    return step, site, time


@njit(void(*[_GIVEN] * 5, _MADE), cache=True, nogil=True)
def second_seed(indptr, head, arc_cost, cost, site, seed):  # type: ignore[no-untyped-def]
    """Where a way to a second site begins: over an arc into the realm of another site."""
    count = len(indptr) - 1
    for here in range(count):
        for arc in range(indptr[here], indptr[here + 1]):
            there = head[arc]
            if arc_cost[arc] == FAR or cost[there] == FAR or site[there] == site[here]:
                continue
            reached = cost[there] + arc_cost[arc]
            seed[here] = min(seed[here], reached)


@njit(types.UniTuple(_MADE, 3)(*[_GIVEN] * 12), cache=True, nogil=True)  # type: ignore[no-untyped-call]
def point_second(  # type: ignore[no-untyped-def]
    indptr,
    head,
    arc_cost,
    arc_time,
    cost,
    site,
    time,
    cost2,
    order2,
    entry_cost,
    entry_site,
    entry_time,
):
    """Second labels, to a site other than the first label's `cost`, `site` and `time`.

    `entry_*` are of a second site's own junctions. Returns (next arc, site, time) as `point`
    does; the head's first label is followed where it leads to that site, its second otherwise.
    """
    count = len(indptr) - 1
    step2 = np.full(count, -2, np.int32)
    site2 = np.full(count, -1, np.int32)
    time2 = np.full(count, FAR, np.int32)
    for here in order2:
        if entry_cost[here] == cost2[here]:
            step2[here] = -1
            site2[here] = entry_site[here]
            time2[here] = entry_time[here]
            continue
        for arc in range(indptr[here], indptr[here + 1]):
            there = head[arc]
            if arc_cost[arc] == FAR:
                continue
            if site[there] != site[here]:
                if cost[there] != FAR and cost[there] + arc_cost[arc] == cost2[here]:
                    step2[here] = arc
                    site2[here] = site[there]
                    time2[here] = time[there] + arc_time[arc]
                    break
            elif cost2[there] != FAR and cost2[there] + arc_cost[arc] == cost2[here]:
                step2[here] = arc
                site2[here] = site2[there]
                time2[here] = time2[there] + arc_time[arc]
                break
    return step2, site2, time2
