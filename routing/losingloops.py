"""The numba loops of a lost street: only what led over it is looked for anew, and undone again.

Ramalingam, G., Reps, T., "An incremental algorithm for a generalization of the shortest-path
problem", 1996: what a pointer leads over the street is affected, and nothing else.
"""

import numpy as np
from numba import int32, int64, njit, types

from routing.kernel import FAR, _push, _sink

_GIVEN = types.Array(int32, 1, "C", readonly=True)
_PAIRS = types.Array(int32, 2, "C", readonly=True)
_INTS = types.Array(int32, 1, "C")
_LONGS = types.Array(int64, 1, "C")
NEVER = 1_000_000_000
"""See `routing.engine.costs`."""
_FIRST, _LATER = 1, 2
"""Marks of a junction that is affected, and of one that is settled anew."""


@njit(_INTS(*[_GIVEN] * 4), cache=True, nogil=True)
def households_behind(head, step, descending, own):  # type: ignore[no-untyped-def]
    """(N,) how many of `own` (N) set out at each junction or lead over it.

    `descending`: the reached junctions, the dearest first.
    """
    total = own.copy()
    for here in descending:
        if step[here] >= 0:
            total[head[step[here]]] += total[here]
    return total


@njit(cache=True, nogil=True, inline="always")
def _entry(entry_start, entry_street, here, street):  # type: ignore[no-untyped-def]
    """The cheapest way from a junction straight into a place by another street, -1 for none."""
    for row in range(entry_start[here], entry_start[here + 1]):
        if entry_street[row] != street:
            return row
    return -1


@njit(cache=True, nogil=True, inline="always")
def _lasting(arc, arcs, street, arc_cost):  # type: ignore[no-untyped-def]
    """Whether an arc is open without the street."""
    return arc != arcs[street, 0] and arc != arcs[street, 1] and arc_cost[arc] != FAR


@njit(cache=True, nogil=True)
def _affected(street, arcs, graph, step, entry_start, entry_street, households, mark, touched):  # type: ignore[no-untyped-def]
    """Mark and list all that leads over a street; how many, 0 where nobody sets out among them."""
    indptr, head, tail, reverse = graph
    found, people = 0, 0
    for side in range(2):
        arc = arcs[street, side]
        here = tail[arc]
        over = step[here] == arc
        if step[here] == -1:
            over = entry_street[entry_start[here]] == street
        if over and mark[here] == 0:
            mark[here] = _FIRST
            touched[found] = here
            found += 1
            people += households[here]
    if people == 0:
        for i in range(found):
            mark[touched[i]] = 0
        return 0
    i = 0
    while i < found:
        here = touched[i]
        i += 1
        for arc in range(indptr[here], indptr[here + 1]):
            there = head[arc]
            if mark[there] == 0 and step[there] == reverse[arc]:
                mark[there] = _FIRST
                touched[found] = there
                found += 1
    return found


@njit(cache=True, nogil=True)
def _begin(street, arcs, graph, arc_cost, entries, mark, affected, cost, time, heap):  # type: ignore[no-untyped-def]
    """Give each affected junction the cost by what is not affected; how many are in the heap."""
    indptr, head, _, _ = graph
    entry_start, entry_cost, _, entry_street = entries
    size = 0
    for here in affected:
        least = np.int64(FAR)
        row = _entry(entry_start, entry_street, here, street)
        if row >= 0:
            least = np.int64(entry_cost[row])
        for arc in range(indptr[here], indptr[here + 1]):
            there = head[arc]
            stands = mark[there] == 0 and cost[there] != FAR
            if stands and _lasting(arc, arcs, street, arc_cost):
                least = min(least, np.int64(cost[there]) + arc_cost[arc])
        cost[here] = least
        time[here] = FAR
        if least != FAR:
            _push(heap, size, (least << 32) | np.int64(here))
            size += 1
    return size


@njit(cache=True, nogil=True, inline="always")
def _time_from(here, street, arcs, graph, arc_cost, arc_time, entries, cost, time):  # type: ignore[no-untyped-def]
    """How long the way takes: straight into a place, or over the lowest arc of least cost."""
    indptr, head, _, _ = graph
    entry_start, entry_cost, entry_time, entry_street = entries
    row = _entry(entry_start, entry_street, here, street)
    if row >= 0 and entry_cost[row] == cost[here]:
        return np.int64(entry_time[row])
    for arc in range(indptr[here], indptr[here + 1]):
        there = head[arc]
        if cost[there] == FAR or not _lasting(arc, arcs, street, arc_cost):
            continue
        if np.int64(cost[there]) + arc_cost[arc] == cost[here]:
            return np.int64(time[there]) + arc_time[arc]
    return np.int64(FAR)


@njit(cache=True, nogil=True)
def _settle(street, arcs, graph, arc_cost, arc_time, entries, mark, cost, time, heap, size):  # type: ignore[no-untyped-def]
    """Dijkstra over the affected junctions alone."""
    indptr, head, _, reverse = graph
    while size > 0:
        here = np.int32(heap[0] & 0xFFFFFFFF)
        size -= 1
        if size > 0:
            _sink(heap, size)
        if mark[here] == _LATER:
            continue
        mark[here] = _LATER
        time[here] = _time_from(here, street, arcs, graph, arc_cost, arc_time, entries, cost, time)
        for arc in range(indptr[here], indptr[here + 1]):
            there = head[arc]
            back = reverse[arc]
            if mark[there] == _FIRST and _lasting(back, arcs, street, arc_cost):
                reached = np.int64(cost[here]) + arc_cost[back]
                if reached < cost[there]:
                    cost[there] = reached
                    _push(heap, size, (reached << 32) | np.int64(there))
                    size += 1


@njit(cache=True, nogil=True)
def _counted(street, affected, homes, first_cost, first_time, cost, time):  # type: ignore[no-untyped-def]
    """Households cut off, those with a dearer way, and what is added to theirs."""
    start, home_street, home_other, leg_here, leg_other, time_here, time_other, here_first = homes
    cut, dearer, added = 0, 0, np.int64(0)
    for here in affected:
        for home in range(start[here], start[here + 1]):
            if home_street[home] == street:
                continue
            by_here, by_other = np.int64(FAR), np.int64(FAR)
            if cost[here] != FAR:
                by_here = np.int64(cost[here]) + leg_here[home]
            other = home_other[home]
            if cost[other] != FAR:
                by_other = np.int64(cost[other]) + leg_other[home]
            least = min(by_here, by_other)
            if least >= NEVER:
                cut += 1
            elif least > np.int64(first_cost[here]) + leg_here[home]:
                dearer += 1
                stays = by_here < by_other or (by_here == by_other and here_first[home] == 1)
                now = np.int64(time_here[home]) + time[here]
                if not stays:
                    now = np.int64(time_other[home]) + time[other]
                added += now - (np.int64(time_here[home]) + first_time[here])
    return cut, dearer, added


_FOUR = types.UniTuple(_GIVEN, 4)  # type: ignore[no-untyped-call]
_EIGHT = types.UniTuple(_GIVEN, 8)  # type: ignore[no-untyped-call]
_FOUND = types.Tuple((_INTS, _INTS, _LONGS))  # type: ignore[no-untyped-call]


@njit(
    _FOUND(*(_GIVEN, _PAIRS, _FOUR, *[_GIVEN] * 5, _FOUR, _EIGHT, _GIVEN)), cache=True, nogil=True
)
def lose(  # type: ignore[no-untyped-def]
    streets, arcs, graph, arc_cost, arc_time, first_cost, first_time, step, entries, homes, behind
):
    """Lose each of `streets` (k) in turn: households cut off, households with a dearer way, and by
    how many tenths of a second theirs get longer together, (k) each.

    `graph`: indptr, head, tail, reverse of the roads. `first_cost`, `first_time`, `step` (N) are
    the field's labels. `entries`: cuts (N+1), cost, time and street of each junction's ways
    straight into places, the cheapest first. `homes`: cuts (N+1) of the homes that set out by each
    junction: their street, its other end, what it costs to get to either end and how long it
    takes, and whether the one is the first of equals. `behind` (N) are the households that set
    out there or lead over it: a street over which nobody's way leads is passed over.
    """
    count = len(graph[0]) - 1
    cost, time = first_cost.copy(), first_time.copy()
    mark = np.zeros(count, np.int8)
    touched = np.empty(count, np.int32)
    heap = np.empty(len(graph[1]) + count, np.int64)
    cut = np.zeros(len(streets), np.int32)
    dearer = np.zeros(len(streets), np.int32)
    added = np.zeros(len(streets), np.int64)
    for turn in range(len(streets)):
        street = streets[turn]
        found = _affected(street, arcs, graph, step, entries[0], entries[3], behind, mark, touched)
        affected = touched[:found]
        size = _begin(street, arcs, graph, arc_cost, entries, mark, affected, cost, time, heap)
        _settle(street, arcs, graph, arc_cost, arc_time, entries, mark, cost, time, heap, size)
        cut[turn], dearer[turn], added[turn] = _counted(
            street, affected, homes, first_cost, first_time, cost, time
        )
        for here in affected:
            mark[here] = 0
            cost[here] = first_cost[here]
            time[here] = first_time[here]
    return cut, dearer, added
