"""Assign: from what is in force on the roads to a place for every household."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from city.intent import Intent
from routing.cutoff import any_water, surrounded_junctions
from routing.engine.costs import NEVER, Engine
from routing.homes import Bools, Homes
from routing.plan.assigned import NOWHERE, Assigned, Figures
from routing.plan.book import Longs
from routing.plan.churn import churn
from routing.plan.expected import LEAST_TO_COME, Expected
from routing.plan.looked import Looked
from routing.plan.plan import Costs, Going, Unplaced, make_plan
from routing.plan.reach import Reach, reach
from routing.plan.together import Units, together
from routing.plan.told import GO, hazards_at_homes, in_water, verdicts
from routing.plan.turnout import HUNDREDTHS, demand
from routing.plan.ways import way_numbers
from routing.roads import Floats, Ints
from routing.version import PlanVersion

SEES_TO_ITSELF: Final = frozenset({Intent.KIN, Intent.HOTEL, Intent.CAR, Intent.UPSTAIRS})
"""What a household says that needs no room at a place. It keeps its verdict, and its place."""


@dataclass(frozen=True, slots=True, eq=False)
class _Told:
    """(H,) each: the verdict, who goes to a place, who is told to leave and has no way, demand."""

    verdict: NDArray[np.int8]
    goes: Bools
    stuck: Bools
    demand: Longs


def assign(
    version: PlanVersion,
    looked: Looked,
    engine: Engine,
    expected: Expected,
    before: Assigned | None = None,
    costs: Costs | None = None,
    *,
    found: Reach | None = None,
) -> Assigned:
    """Plan for a whole city; `before` is what its households were told, of the same load.

    Whoever is told to go has a place then, or the reason why not. `found` is where all homes set
    out in this version, for the same night, where somebody has looked already.
    """
    homes, costs = looked.homes, costs or Costs()
    found = found or reach_of(version, looked, engine, night=expected.night)
    told = _told(version, looked, expected, found)
    rows = np.flatnonzero(told.goes)
    matrix, row = found.rows(rows)
    place, walking = _standing(rows, found, expected, before, len(homes))
    found.keep(matrix, row, rows, place, walking)
    _room_is_kept(told.demand, rows, matrix[row, place] < NEVER, walking, expected)
    going = Going(row, told.demand[rows], place, walking)
    free = np.maximum(expected.free, 0)[found.sites] * HUNDREDTHS
    units = together(matrix, going, rows, expected.groups, free)
    price = np.append(before.price[found.sites], 0) if before and before.figures.going else None
    plan = make_plan(
        units.matrix, units.going, free, costs, price, _xy(version, found, rows, units)
    )
    kept = churn(plan.site[units.unit], matrix, going, free)
    gone = _closed_on(rows, place, before)
    site = np.full(len(homes), NOWHERE, np.int32)
    site[rows] = plan.site[units.unit]
    why = np.where(told.stuck, Unplaced.NO_WAY, Unplaced.PLACED).astype(np.int8)
    why[rows] = plan.why[units.unit]
    sites = len(version.ground.sites)
    return Assigned(
        verdict=told.verdict,
        site=_rows_of(found.sites, site),
        why=why,
        demand=told.demand.astype(np.int32),
        way=way_numbers(version, found, site),
        free=expected.free * HUNDREDTHS,
        load=_spread(found.sites, plan.load, sites),
        price=_spread(found.sites, plan.price[:-1], sites),
        figures=Figures(
            cost=plan.cost,
            bound=plan.bound,
            going=len(rows),
            expected=int(told.demand.sum()) // HUNDREDTHS,
            no_way=int((why == Unplaced.NO_WAY).sum()),
            no_room=int((why == Unplaced.NO_ROOM).sum()),
            walking=int(walking.sum()),
            moved=kept.moved + gone,
            least=kept.least + gone,
            parted=units.parted,
            unplaced=costs.none * int(going.demand[plan.site[units.unit] == NOWHERE].sum()),
        ),
    )


def reach_of(version: PlanVersion, looked: Looked, engine: Engine, *, night: bool) -> Reach:
    """Where all homes set out, by the hazards that count at each."""
    sets, which = hazards_at_homes(version, looked)
    return reach(version, engine, looked.homes, sets, which, night=night)


def _told(version: PlanVersion, looked: Looked, expected: Expected, found: Reach) -> _Told:
    homes, orders = looked.homes, version.picture.orders
    wet = in_water(version, looked)
    if any_water(version) and not found.has_way.all():
        wet |= ~found.has_way & _cut_off(version, homes, found)
    some = verdicts(version, looked, found.has_way, wet, needs_time=True) == GO
    verdict = verdicts(version, looked, found.has_way, wet)
    nobody = np.zeros(len(homes), bool)
    leave = verdicts(version, looked, ~nobody, nobody, needs_time=True) == GO if orders else nobody
    share = demand(homes.persons, some, verdict == GO, homes.in_zone, expected.turnout)
    coming = np.rint(share * _to_come(share, expected.arrived)).astype(np.int64)
    _as_said(coming, homes, expected.said, some)
    return _Told(verdict, some, leave & ~some, coming)


def _room_is_kept(
    demand: Longs, rows: NDArray[np.int64], reached: Bools, walking: Bools, expected: Expected
) -> None:
    """Who was sent by staff to a place that is still `reached` has room there already."""
    sent = np.isin(rows, np.fromiter(expected.sent, np.int64, len(expected.sent)))
    demand[rows[sent & walking & reached]] = 0


def _to_come(share: Longs, arrived: int) -> float:
    """The part of all who are expected that is not inside yet; nobody knows which households."""
    total = int(share.sum()) / HUNDREDTHS
    return max(1 - arrived / total, LEAST_TO_COME) if total else 1.0


def _cut_off(version: PlanVersion, homes: Homes, found: Reach) -> Bools:
    """(H,) homes at junctions that water leaves next to nothing of the network."""
    cut = np.zeros(len(homes), bool)
    for number, realm in enumerate(found.realms):
        mine = (found.realm == number) & (found.junction >= 0)
        little = surrounded_junctions(version, realm.weighed.conditions)
        cut[mine] = little[found.junction[mine]]
    return cut


def _as_said(coming: Longs, homes: Homes, said: Mapping[int, Intent], some: Bools) -> None:
    """Put in what households said of themselves: who is fetched surely comes."""
    for home, intent in said.items():
        if not 0 <= home < len(homes) or not some[home]:
            continue
        if intent in SEES_TO_ITSELF:
            coming[home] = 0
        elif intent is Intent.LIFT:
            coming[home] = int(homes.persons[home]) * HUNDREDTHS


def _standing(
    rows: NDArray[np.int64],
    found: Reach,
    expected: Expected,
    before: Assigned | None,
    count: int,
) -> tuple[Ints, Bools]:
    """Of those who go: the place that each was told, a column of the reach, and who walks there.

    Whoever says to be on the way to another place than the one that was told keeps no room there:
    anybody could say so. Of the first plan of a load nobody knows what was told: all are believed.
    """
    site = np.full(count, NOWHERE, np.int32)
    if before is not None:
        site[:] = before.site
    walks = np.zeros(count, bool)
    for home, to in expected.walking.items():
        if 0 <= home < count and (before is None or site[home] == to):
            site[home], walks[home] = to, True
    for home, to in expected.sent.items():
        if 0 <= home < count:
            site[home], walks[home] = to, True
    # One more than there are: `NOWHERE`, -1, finds itself at the end.
    column = np.full(_most(found.sites, site) + 2, NOWHERE, np.int32)
    column[found.sites] = np.arange(len(found.sites), dtype=np.int32)
    place = column[site[rows]]
    return place, walks[rows] & (place != NOWHERE)


def _closed_on(rows: NDArray[np.int64], place: Ints, before: Assigned | None) -> int:
    """How many were told a place before that receives nobody now."""
    return int(((before.site[rows] != NOWHERE) & (place == NOWHERE)).sum()) if before else 0


def _most(sites: Ints, site: Ints) -> int:
    return int(max(sites.max(initial=0), site.max(initial=0)))


def _rows_of(sites: Ints, column: Ints) -> NDArray[np.int16]:
    """(H,) rows of the ground's sites for columns of the reach."""
    return np.append(sites, NOWHERE)[column].astype(np.int16)


def _spread(sites: Ints, values: Longs, count: int) -> Longs:
    """(S,) values of the reach's columns at their sites, 0 elsewhere."""
    spread = np.zeros(count, np.int64)
    spread[sites] = values
    return spread


def _xy(version: PlanVersion, found: Reach, rows: NDArray[np.int64], units: Units) -> Floats:
    """(R, 2) where each row of the matrix sets out."""
    place = np.zeros((len(units.matrix), 2))
    somebody = np.zeros(len(units.going.row), np.int64)
    somebody[units.unit] = rows
    place[units.going.row] = version.ground.roads.junction_xy[found.junction[somebody]]
    return place
