"""The streets that matter most: every street of the city lost in turn.

Losing a street changes the evacuation field only where pointers lead over it, so the field is
repaired there and undone again; a whole city takes about a second.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from city.traveller import Profile
from routing.engine.costs import NEVER
from routing.field import EvacuationField, SiteAccess
from routing.homes import NO_STREET, Bools, Homes
from routing.plan.book import Longs
from routing.plan.looked import Looked
from routing.plan.setout import leg_times, legs
from routing.plan.told import hazards_at_homes
from routing.roads import Ints
from routing.version import PlanVersion
from routing.weights import FAR, Weights

WORKERS: Final = 2


@dataclass(frozen=True, slots=True, eq=False)
class Lost:
    """Of each street (S), if it were lost: households `cut_off`, those with a `dearer` way, the
    tenths of a second that their walks get longer by together (`added`; walks, without penalties:
    it can be below zero), and households that live `on_it`, counted in none of these.

    `walked` (S): somebody may walk it now; no other street is lost. `households` have a way now.
    """

    walked: Bools
    cut_off: Longs
    dearer: Longs
    added: Longs
    on_it: Longs
    households: int

    def ranked(self, most: int, *, by_time: bool = False) -> NDArray[np.int64]:
        """The streets that matter most: by households cut off, then by what is added (`by_time`:
        the other way round), then by households; none of which nothing follows.
        """
        first, then = (self.added, self.cut_off) if by_time else (self.cut_off, self.added)
        order = np.lexsort((np.arange(len(self.added)), -self.dearer, -then, -first))
        matters = self.walked & ((self.cut_off > 0) | (self.dearer > 0))
        return order[matters[order]][:most]


@dataclass(frozen=True, slots=True, eq=False)
class Homed:
    """Homes (n,) by the junction that they set out by: its number, the other end of their street,
    what either end costs and takes; `here_first` where equal.
    """

    home: NDArray[np.int64]
    here: Ints
    other: Ints
    leg_here: Ints
    leg_other: Ints
    time_here: Ints
    time_other: Ints
    here_first: Ints


def streets_lost(version: PlanVersion, looked: Looked, *, night: bool) -> Lost:
    """Lose every street that adults may walk now, one at a time, on the version's own fields.

    All households count, told to go or not, by the hazards in force at their doors (without an
    order, those mapped there), with today's closures and water, and the plan's prices; each sets
    out by that end of its street from which a place costs less, and by the other one where that is
    better then. Whoever lives on the lost street is counted apart: which end is left nobody knows.
    Whoever lives at a street that is closed by now is not counted: they leave over a yard, if so.
    """
    homes, roads = looked.homes, version.ground.roads
    count = roads.street_count
    walked, total = np.zeros(count, bool), np.zeros((3, count), np.int64)
    on_it, households = np.zeros(count, np.int64), 0
    sets, which = hazards_at_homes(version, looked)
    shared: dict[tuple[int, bytes], list[int]] = {}
    for number, hazards in enumerate(sets):
        conditions = version.conditions(Profile.WALK, night=night, hazards=hazards)
        key = id(version.weights(conditions)), version.suitable(hazards).tobytes()
        shared.setdefault(key, []).append(number)
    for numbers in shared.values():
        hazards = sets[numbers[0]]
        conditions = version.conditions(Profile.WALK, night=night, hazards=hazards)
        weighed, access = version.weights(conditions), version.access(conditions)
        field = version.field(conditions, hazards)
        mine = np.flatnonzero(np.isin(which, numbers) & (homes.street != NO_STREET))
        homed = _homed(version, weighed, field, homes, mine)
        open_ = (weighed.cost[roads.arcs] != FAR).any(axis=1)
        walked |= open_
        on_it += np.bincount(homes.street[homed.home], minlength=count)
        households += len(homed.home)
        entries = _entries(version, access, version.suitable(hazards))
        streets = np.flatnonzero(open_).astype(np.int32)
        for row, part in enumerate(
            _losing(version, weighed, field, entries, homes, homed, streets)
        ):
            total[row, streets] += part
    cut_off, dearer, added = total
    return Lost(walked, cut_off, dearer, added, on_it, households)


def _losing(
    version: PlanVersion,
    weighed: Weights,
    field: EvacuationField,
    entries: tuple[Ints, ...],
    homes: Homes,
    homed: Homed,
    streets: Ints,
) -> Iterator[Longs]:
    """(k,) households cut off, dearer, and what is added, of each of these streets."""
    from routing import losingloops

    roads, first = version.ground.roads, field.first
    order = np.argsort(homed.here, kind="stable")
    here = np.bincount(homed.here, minlength=roads.junction_count)
    start = np.concatenate([[0], np.cumsum(here)]).astype(np.int32)
    reached = np.flatnonzero(first.cost != FAR)
    descending = reached[np.argsort(-first.cost[reached], kind="stable")].astype(np.int32)
    own = here.astype(np.int32)
    behind = losingloops.households_behind(roads.head, first.step, descending, own)
    columns = (getattr(homed, f.name)[order] for f in fields(Homed)[2:])
    given = (
        *(roads.arcs, (roads.indptr, roads.head, roads.tail, roads.reverse)),
        *(weighed.cost, weighed.time, first.cost, first.time, first.step, entries),
        *((start, homes.street[homed.home[order]].astype(np.int32), *columns), behind),
    )
    parts = [np.ascontiguousarray(streets[part::WORKERS]) for part in range(WORKERS)]
    with ThreadPoolExecutor(WORKERS) as pool:
        found = list(pool.map(lambda part: losingloops.lose(part, *given), parts))
    for row in range(3):
        whole = np.zeros(len(streets), np.int64)
        for part, answer in enumerate(found):
            whole[part::WORKERS] = answer[row]
        yield whole


def _homed(
    version: PlanVersion,
    weighed: Weights,
    field: EvacuationField,
    homes: Homes,
    mine: NDArray[np.int64],
) -> Homed:
    """Where these homes set out by this field; those that have no way are left out."""
    best = np.where(field.first.cost == FAR, NEVER, field.first.cost).astype(np.int64)
    near, far, street = homes.junction[mine], homes.other[mine], homes.street[mine]
    to_near, to_far = legs(version, weighed, homes, mine)
    by_near = best[near] + to_near <= best[far] + to_far
    time_near = leg_times(version, weighed, street, homes.at_m[mine])
    time_far = leg_times(version, weighed, street, homes.other_m[mine])
    least = np.minimum(best[near] + to_near, best[far] + to_far)
    chosen = [
        np.where(by_near, one, other)
        for one, other in ((near, far), (far, near), (to_near, to_far), (to_far, to_near))
    ]
    chosen += [np.where(by_near, time_near, time_far), np.where(by_near, time_far, time_near)]
    columns = [np.minimum(column, NEVER).astype(np.int32) for column in (*chosen, by_near)]
    has_way = least < NEVER
    return Homed(mine[has_way], *(column[has_way] for column in columns))


def _entries(version: PlanVersion, access: SiteAccess, suitable: Bools) -> tuple[Ints, ...]:
    """(N+1,) cuts of the ways (E,) from junctions straight into places, the cheapest first, as the
    field begins; their costs with the plan's prices, times and streets.
    """
    rows = np.flatnonzero(suitable[access.site])
    junction, site, gate = access.junction[rows], access.site[rows], access.gate[rows]
    cost = access.cost[rows] + version.begin_at[site]
    order = np.lexsort((access.from_m[rows], gate, site, cost, junction))
    counts = np.bincount(junction, minlength=version.ground.roads.junction_count)
    columns = cost, access.time[rows], access.gate_street[gate]
    start = np.concatenate([[0], np.cumsum(counts)])
    return tuple(np.asarray(one).astype(np.int32) for one in (start, *(c[order] for c in columns)))
