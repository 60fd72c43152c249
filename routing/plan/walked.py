"""How far and how long households walk to their places, and how far in assumed zones."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from routing.exposure import Exposure
from routing.field import ARRIVED, SiteAccess
from routing.ground import Ground
from routing.homes import Homes
from routing.leg import assumed_metres
from routing.plan.book import Longs
from routing.plan.reach import Reach, Realm
from routing.plan.setout import leg_times
from routing.roads import Floats, Ints
from routing.version import PlanVersion

ASSUMED: Final = tuple(code for code in Exposure if code <= Exposure.LANDSLIDE_SPECIAL)


@dataclass(frozen=True, slots=True, eq=False)
class Walked:
    """(n,) each: `time` in tenths of a second, `metres`, and the `exposed` ones of them.

    From the street at the door to the place's own door, along the way that is planned. Of the last
    street, walked in part, that part of its exposed metres counts.
    """

    time: Longs
    metres: Floats
    exposed: Floats


def walked(
    version: PlanVersion, reach: Reach, homes: Homes, rows: NDArray[np.int64], site: Ints
) -> Walked:
    """Of these households (n,), each on its way to a site (n,), a row of the ground's."""
    time = np.zeros(len(rows), np.int64)
    metres, exposed = np.zeros(len(rows)), np.zeros(len(rows))
    for number, realm in enumerate(reach.realms):
        of_realm = np.flatnonzero(reach.realm[rows] == number)
        for to in np.unique(site[of_realm]).tolist():
            mine = of_realm[site[of_realm] == to]
            totals = _to_site(version, realm, to)
            at = reach.junction[rows[mine]]
            first_m, first_exposed = _first(version.ground, homes, rows[mine], at)
            street = homes.street[rows[mine]]
            time[mine] = totals.time[at] + leg_times(version, realm.weighed, street, first_m)
            metres[mine] = totals.metres[at] + first_m
            exposed[mine] = totals.exposed[at] + first_exposed
    return Walked(time, metres, exposed)


def exposed_metres(ground: Ground) -> Floats:
    """(S,) metres of each street in any assumed zone."""
    metres: Floats = np.minimum(ground.exposed[:, ASSUMED].sum(axis=1), ground.roads.length_m)
    return metres


def _first(
    ground: Ground, homes: Homes, rows: NDArray[np.int64], at: Ints
) -> tuple[Floats, Floats]:
    """(n,) metres along their own street to the junction that they set out by, and exposed ones."""
    near, far = at == homes.junction[rows], at == homes.other[rows]
    metres = np.where(near, homes.at_m[rows], np.where(far, homes.other_m[rows], 0.0))
    street, exposed = homes.street[rows], np.zeros(len(rows))
    for row in np.flatnonzero(ground.assumed.touched[street] & (metres > 0)).tolist():
        mine, length = int(street[row]), float(metres[row])
        whole = float(ground.roads.length_m[mine])
        forward = int(ground.roads.end[mine]) == int(at[row])
        span = (whole - length, whole) if forward else (0.0, length)
        exposed[row] = _exposed_part(ground, mine, *span)
    return metres, exposed


def _exposed_part(ground: Ground, street: int, low: float, high: float) -> float:
    """Metres in any assumed zone of part of a street."""
    by_code = assumed_metres(ground, street, low, high, clear=ground.stands_clear(street))
    return min(sum(by_code[code] for code in ASSUMED), high - low)


def _density(ground: Ground) -> Floats:
    """(S,) exposed metres in a metre of each street."""
    return exposed_metres(ground) / np.maximum(ground.roads.length_m, 0.1)


def _to_site(version: PlanVersion, realm: Realm, site: int) -> Walked:
    """(N,) from every junction to one site's door, along the field's pointers."""
    ground, conditions = version.ground, realm.weighed.conditions
    alone = np.zeros(len(ground.sites), bool)
    alone[site] = True
    labels = version.field_to(conditions, alone).first
    step, count = labels.step, len(labels.step)
    onward = step >= 0
    street = ground.roads.street[np.where(onward, step, 0)]
    metres = np.where(onward, ground.roads.length_m[street], 0.0)
    exposed = np.where(onward, exposed_metres(ground)[street], 0.0)
    last_m, last_exposed = _last(ground, version.access(conditions), site, count)
    arrived = step == ARRIVED
    metres[arrived], exposed[arrived] = last_m[arrived], last_exposed[arrived]
    here = np.arange(count)
    onto = np.where(onward, ground.roads.head[np.where(onward, step, 0)], here)
    return Walked(labels.time.astype(np.int64), *_summed(onto, metres, exposed))


def _summed(onto: NDArray[np.int64], *values: Floats) -> list[Floats]:
    """(N,) sums along pointers, each of them; whatever points at itself is where they end."""
    ends = onto == np.arange(len(onto))
    sums = [np.where(ends, 0.0, value) for value in values]
    while not np.array_equal(further := onto[onto], onto):
        sums = [total + total[onto] for total in sums]  # twice as far in each turn
        onto = further
    return [total + value[onto] for total, value in zip(sums, values, strict=True)]


def _last(ground: Ground, access: SiteAccess, site: int, count: int) -> tuple[Floats, Floats]:
    """(N,) from a junction straight into a site: metres and exposed ones, 0 where none leads."""
    rows = np.flatnonzero(access.site == site)
    keys = (access.from_m[rows], access.gate[rows], access.cost[rows], access.junction[rows])
    rows = rows[np.lexsort(keys)]
    junction, first = np.unique(access.junction[rows], return_index=True)
    row = rows[first]
    gate = access.gate[row]
    along = np.abs(access.from_m[row] - access.gate_at_m[gate])
    metres, exposed = np.zeros(count), np.zeros(count)
    metres[junction] = along + access.gate_offset_m[gate]
    yard = access.gate_crossed[gate][:, ASSUMED].sum(axis=1)
    exposed[junction] = along * _density(ground)[access.gate_street[gate]] + yard
    return metres, exposed
