"""The numba loops of the plan: whole demand onto places, capacity kept, at the least total cost.

Successive shortest paths with prices on the graph of the places: Ahuja, Magnanti, Orlin, "Network
Flows", 1993, chapter 9.7, for a transportation problem with few sinks. Moving somebody from place a
to place b costs what that one's way gets longer by; only the cheapest mover of each pair is kept.
Who is where stands in a `routing.plan.book.Book`.
"""

import numpy as np
from numba import njit

FAR = np.int64(1) << 50


@njit(cache=True, nogil=True)
def cheapest(cost, price):  # type: ignore[no-untyped-def]
    """(origins,) the place of least cost and price, the first of equals."""
    origins, sites = cost.shape
    found = np.empty(origins, np.int32)
    for origin in range(origins):
        best = 0
        least = cost[origin, 0] + price[0]
        for site in range(1, sites):
            here = cost[origin, site] + price[site]
            if here < least:
                least = here
                best = site
        found[origin] = best
    return found


@njit(cache=True, nogil=True)
def _link(book, entry, site):  # type: ignore[no-untyped-def]
    head = book.first[site]
    book.site[entry] = site
    book.after[entry] = head
    book.before[entry] = -1
    if head >= 0:
        book.before[head] = entry
    book.first[site] = entry


@njit(cache=True, nogil=True)
def _unlink(book, entry):  # type: ignore[no-untyped-def]
    before, after = book.before[entry], book.after[entry]
    if before >= 0:
        book.after[before] = after
    else:
        book.first[book.site[entry]] = after
    if after >= 0:
        book.before[after] = before


@njit(cache=True, nogil=True)
def enter(book, own):  # type: ignore[no-untyped-def]
    """Put the first entries, one of each origin, into the places that they chose."""
    for entry in range(len(own)):
        if book.amount[entry] > 0:
            _link(book, entry, own[entry])


@njit(cache=True, nogil=True)
def _part_at(book, origin, site):  # type: ignore[no-untyped-def]
    """The entry of an origin at a place, -1 without one."""
    entry = book.part[origin]
    while entry >= 0 and book.site[entry] != site:
        entry = book.more[entry]
    return entry


@njit(cache=True, nogil=True)
def _split(book, entry, amount):  # type: ignore[no-untyped-def]
    """A new entry with so much of this one, in no place yet."""
    new, origin = book.free[0], book.origin[entry]
    book.free[0] = book.after[new]
    book.free[1] -= 1
    book.amount[entry] -= amount
    book.origin[new] = origin
    book.amount[new] = amount
    book.more[new] = book.part[origin]
    book.part[origin] = new
    return new


@njit(cache=True, nogil=True)
def _join(book, entry, into):  # type: ignore[no-untyped-def]
    """Put an entry, in no place any more, together with another one of its origin."""
    book.amount[into] += book.amount[entry]
    book.amount[entry] = 0
    origin = book.origin[entry]
    if book.part[origin] == entry:
        book.part[origin] = book.more[entry]
    else:
        before = book.part[origin]
        while book.more[before] != entry:
            before = book.more[before]
        book.more[before] = book.more[entry]
    book.after[entry] = book.free[0]
    book.free[0] = entry
    book.free[1] += 1


@njit(cache=True, nogil=True)
def _scan(book, cost, longer, mover, site, to):  # type: ignore[no-untyped-def]
    """Find the cheapest mover from a place to another one anew."""
    least = FAR
    who = np.int32(-1)
    entry = book.first[site]
    while entry >= 0:
        origin = book.origin[entry]
        more = np.int64(cost[origin, to]) - cost[origin, site]
        if more < least:
            least = more
            who = entry
        entry = book.after[entry]
    longer[site, to] = least
    mover[site, to] = who


@njit(cache=True, nogil=True)
def _offer(book, cost, longer, mover, entry):  # type: ignore[no-untyped-def]
    """A new entry of a place may be its cheapest mover to any other."""
    site, origin = book.site[entry], book.origin[entry]
    for to in range(cost.shape[1]):
        more = np.int64(cost[origin, to]) - cost[origin, site]
        if more < longer[site, to]:
            longer[site, to] = more
            mover[site, to] = entry


@njit(cache=True, nogil=True)
def _nearest_room(excess, price, longer, spare, dist, source, done):  # type: ignore[no-untyped-def]
    """Dijkstra over the places, from all that are too full to the nearest that has room; -1: none.

    Reduced lengths are never below zero: `longer` + price there − price here. Where the `spare`
    demand of nobody stays, it moves for nothing.
    """
    sites = len(price)
    for site in range(sites):
        dist[site] = 0 if excess[site] > 0 else FAR
        source[site] = -1
        done[site] = False
    while True:
        here = -1
        least = FAR
        for site in range(sites):
            if not done[site] and dist[site] < least:
                least = dist[site]
                here = site
        if here < 0:
            return -1
        done[here] = True
        if excess[here] < 0:
            return here
        for to in range(sites):
            if done[to]:
                continue
            step = longer[here, to]
            if spare[here] > 0 and step > 0:
                step = np.int64(0)
            if step >= FAR:
                continue
            reached = least + step + price[to] - price[here]
            if reached < dist[to]:
                dist[to] = reached
                source[to] = here


@njit(cache=True, nogil=True)
def _move(book, cost, longer, mover, spare, here, to, amount):  # type: ignore[no-untyped-def]
    """Move so much from a place to the next one on the path."""
    if spare[here] > 0 and longer[here, to] >= 0:
        spare[here] -= amount
        spare[to] += amount
        return
    entry = mover[here, to]
    known = _part_at(book, book.origin[entry], to)
    if book.amount[entry] == amount:
        _unlink(book, entry)
        for column in range(cost.shape[1]):
            if mover[here, column] == entry:
                _scan(book, cost, longer, mover, here, column)
        moved = entry
    elif known >= 0:
        book.amount[entry] -= amount
        book.amount[known] += amount
        return
    else:
        moved = _split(book, entry, amount)
    if known >= 0:
        _join(book, moved, known)
    else:
        _link(book, moved, to)
        _offer(book, cost, longer, mover, moved)


@njit(cache=True, nogil=True)
def _fitting(book, longer, mover, spare, excess, source, gap):  # type: ignore[no-untyped-def]
    """How much can move along the whole path to a gap, and the place at which the path begins."""
    amount, to = -excess[gap], gap
    while source[to] >= 0:
        here = source[to]
        if spare[here] > 0 and longer[here, to] >= 0:
            amount = min(amount, spare[here])
        else:
            amount = min(amount, book.amount[mover[here, to]])
        to = here
    return min(amount, excess[to]), to


@njit(cache=True, nogil=True)
def settle(cost, capacity, price, spare, book, excess):  # type: ignore[no-untyped-def]
    """Move the excess of places to room until there is none; True if all found room.

    `cost` (origins, sites), `capacity`, `price`, `spare` (sites): demand of nobody, which makes
    demand and capacity equal; `excess` (sites) = who is there + `spare` − capacity. `book`,
    `price`, `spare` and `excess` are changed in place. False: `book` has no entries left.
    """
    sites = len(capacity)
    longer = np.full((sites, sites), FAR, np.int64)
    mover = np.full((sites, sites), -1, np.int32)
    for entry in range(cost.shape[0]):
        if book.amount[entry] > 0:
            _offer(book, cost, longer, mover, entry)
    dist = np.empty(sites, np.int64)
    source = np.empty(sites, np.int32)
    done = np.empty(sites, np.bool_)
    while True:
        if book.free[1] < sites:
            return False
        gap = _nearest_room(excess, price, longer, spare, dist, source, done)
        if gap < 0:
            return True
        for site in range(sites):
            if done[site] and dist[site] < dist[gap]:
                price[site] += dist[gap] - dist[site]
        amount, full = _fitting(book, longer, mover, spare, excess, source, gap)
        excess[full] -= amount
        excess[gap] += amount
        # From the end of the path: what has just come to a place is not what moves on.
        to = gap
        while source[to] >= 0:
            here = source[to]
            _move(book, cost, longer, mover, spare, here, to, amount)
            to = here


@njit(cache=True, nogil=True)
def way_numbers(indptr, head, arc_cost, costs, name, cuts, door, door_cost, junction, site):  # type: ignore[no-untyped-def]
    """(n,) a number of the way from each junction to its site; the sites (n,) ascend.

    `costs` (N, sites) are least costs, `name` (sites) is what a site is called in every plan; its
    doors are `door[cuts[s]:cuts[s + 1]]`.
    """
    count = len(indptr) - 1
    number = np.zeros(len(junction), np.uint64)
    known = np.zeros(count, np.uint64)
    known_of = np.full(count, -1, np.int32)
    entry = np.full(count, FAR, np.int64)
    path = np.empty(count + 1, np.int32)
    by = np.empty(count + 1, np.int32)
    at_site = -1
    for i in range(len(junction)):
        s = site[i]
        if s != at_site:
            if at_site >= 0:
                for k in range(cuts[at_site], cuts[at_site + 1]):
                    entry[door[k]] = FAR
            for k in range(cuts[s], cuts[s + 1]):
                entry[door[k]] = min(entry[door[k]], door_cost[k])
            at_site = s
        here = junction[i]
        size = 0
        while known_of[here] != s:
            if entry[here] == costs[here, s]:
                value = (np.uint64(name[s]) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
                value = (value ^ np.uint64(here)) * np.uint64(0xBF58476D1CE4E5B9)
                known[here] = (value ^ np.uint64(entry[here])) * np.uint64(0x94D049BB133111EB)
                known_of[here] = s
                break
            arc = -1
            for j in range(indptr[here], indptr[here + 1]):
                step = arc_cost[j]
                if step < 1000000000 and costs[head[j], s] + step == costs[here, s]:
                    arc = j
                    break
            if arc < 0 or size >= count:
                known[here] = np.uint64(0)
                known_of[here] = s
                break
            path[size] = here
            by[size] = arc
            size += 1
            here = head[arc]
        value = known[here]
        for k in range(size - 1, -1, -1):
            value = (value ^ (np.uint64(by[k]) + np.uint64(1))) * np.uint64(0xBF58476D1CE4E5B9)
            value ^= value >> np.uint64(29)
            known[path[k]] = value
            known_of[path[k]] = s
        number[i] = value
    return number


@njit(cache=True, nogil=True)
def priced(matrix, row, told, none, switch):  # type: ignore[no-untyped-def]
    """(n, sites + 1) what it costs to send each origin to each place, and at the end nowhere.

    An origin is a `row` of the matrix (rows, sites) whose homes were `told` a place, -1 for none:
    every other one costs `switch` more. What costs `none` or more is dearer than no place.
    """
    sites = matrix.shape[1]
    cost = np.empty((len(row), sites + 1), np.int32)
    for origin in range(len(row)):
        anew = switch if told[origin] >= 0 else 0
        for site in range(sites):
            way = np.int64(matrix[row[origin], site])
            if way >= none:
                cost[origin, site] = 2 * none
            else:
                more = anew if site != told[origin] else 0
                cost[origin, site] = min(way + more, none - 1)
        cost[origin, sites] = none
    return cost


@njit(cache=True, nogil=True)
def least_total(cost, price, demand):  # type: ignore[no-untyped-def]
    """What all demand costs, each origin at its place of least cost and price."""
    total = np.int64(0)
    for origin in range(len(cost)):
        least = cost[origin, 0] + price[0]
        for site in range(1, len(price)):
            least = min(least, cost[origin, site] + price[site])
        total += least * demand[origin]
    return total


@njit(cache=True, nogil=True)
def cheapest_move(units, here, origin, demand, cost, price, room, full):  # type: ignore[no-untyped-def]
    """(unit's place in `units`, site) of who loses least by leaving a full site, -1 for nobody.

    `here` (units) are those that are still there, `room` (sites) what each other place has left.
    """
    best, to = -1, -1
    least = np.int64(1) << 62
    for i in range(len(units)):
        if not here[i]:
            continue
        of, brings = origin[units[i]], demand[units[i]]
        own = cost[of, full] + price[full]
        for site in range(len(room)):
            if room[site] >= brings and cost[of, site] + price[site] - own < least:
                least = cost[of, site] + price[site] - own
                best, to = i, site
        if least == 0:
            break
    return best, to
