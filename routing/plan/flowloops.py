"""The numba loop of flows: everybody walks from the junction to the place along the plan's ways."""

import numpy as np
from numba import njit

FAR = np.int64(1) << 50


@njit(cache=True, nogil=True)
def walked(  # type: ignore[no-untyped-def]
    indptr,
    head,
    arc_cost,
    arc_time,
    costs,
    begins,
    ends,
    door,
    door_cost,
    door_row,
    junction,
    site,
    amount,
    arcs,
):
    """(n,) the tenths of a second that each way takes over arcs, the row of `door_row` by which it
    enters its site, -1 where there is no way, and its first arc, -1 for none; `arcs` (A) are added
    the `amount` (n,) that walks them. The sites (n,) ascend.

    From each junction the lowest arc of those on a least-cost way, as the field's pointers go; see
    `loops.way_numbers`.
    """
    count = len(indptr) - 1
    time = np.zeros(len(junction), np.int64)
    entered = np.full(len(junction), -1, np.int32)
    first = np.full(len(junction), -1, np.int32)
    entry = np.full(count, FAR, np.int64)
    by = np.full(count, -1, np.int32)
    at_site = -1
    for i in range(len(junction)):
        s = site[i]
        if s != at_site:
            if at_site >= 0:
                for k in range(begins[at_site], ends[at_site]):
                    entry[door[k]] = FAR
            for k in range(begins[s], ends[s]):
                if door_cost[k] < entry[door[k]]:
                    entry[door[k]] = door_cost[k]
                    by[door[k]] = door_row[k]
            at_site = s
        here = junction[i]
        for _ in range(count + 1):
            if entry[here] == costs[here, s]:
                entered[i] = by[here]
                break
            arc = -1
            for j in range(indptr[here], indptr[here + 1]):
                step = arc_cost[j]
                if step < 1000000000 and costs[head[j], s] + step == costs[here, s]:
                    arc = j
                    break
            if arc < 0:
                break
            if first[i] < 0:
                first[i] = arc
            arcs[arc] += amount[i]
            time[i] += arc_time[arc]
            here = head[arc]
    return time, entered, first
