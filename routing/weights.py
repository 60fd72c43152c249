"""What each arc costs one kind of traveller in one picture: an immutable snapshot.

Cost and time are integers of a tenth of a second. Cost is time plus penalties for exposed metres;
it decides the way, and is never shown. A closed arc costs `FAR`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from city.traveller import Profile
from hazards.kinds import AlertLevel
from routing.exposure import CODES, HAIR_M, Exposure, Pieces
from routing.ground import Ground
from routing.roads import Access, Floats, Ints, RoadGraph, StreetFlag
from routing.rules import Rules

TENTHS: Final = 10
FAR: Final = 2**31 - 1
MOST: Final = 10_000_000
"""Dearest single arc: 11 days, in a city where a whole way takes hours."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """For whom and when: the part of a question that changes what a street costs.

    `storm`: the way flees from rain, or an order for a rain hazard stands somewhere in the city.
    `rivers`: the level that is asked about for floods, whatever is ordered.
    """

    profile: Profile = Profile.WALK
    night: bool = False
    storm: bool = False
    rivers: AlertLevel = AlertLevel.NONE


@dataclass(frozen=True, slots=True, eq=False)
class Roadblocks:
    """What is shut in a picture: closed streets (S), and stretches that are barred; and what is
    not, of which somebody says something: bridges (S) of a flood order, `doubted` streets (S).
    """

    closed: NDArray[np.bool_]
    barred: Pieces
    bridges_at_risk: NDArray[np.bool_]
    doubted: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """Per arc (A): `cost`, `time` in tenths of a second, `cost_in` the cost of its twin,
    `pace` in tenths of a second per metre. `street_penalty` (S) is what a street costs once.
    """

    conditions: Conditions
    cost: Ints
    time: Ints
    cost_in: Ints
    pace: NDArray[np.float32]
    street_penalty: Floats
    street_closed: NDArray[np.bool_]


def weights(ground: Ground, blocks: Roadblocks, conditions: Conditions) -> Weights:
    """Weigh every arc: length at the traveller's pace, penalties, closures (`safety.md` 5-8)."""
    roads, rules = ground.roads, ground.rules
    plain = _plain(ground)(conditions.profile, conditions.night)
    street_penalty = _once(roads, blocks, rules, conditions)
    street_closed = _shut(roads, blocks, rules, conditions)
    shut = street_closed | blocks.barred.touched
    penalty = np.ceil(_zone_penalty(ground) + street_penalty)
    cost = np.minimum(plain.time + penalty[roads.street], MOST)
    closed = shut[roads.street] | enters_special_zone(ground)
    cost = np.where(closed, FAR, cost).astype(np.int32)
    return Weights(
        conditions=conditions,
        cost=cost,
        time=plain.time,
        cost_in=cost[roads.reverse],
        pace=plain.pace,
        street_penalty=street_penalty,
        street_closed=street_closed,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Plain:
    """Per arc (A), whatever is in force: `time` in tenths of a second, `pace` of each metre."""

    time: Ints
    pace: NDArray[np.float32]


@lru_cache(maxsize=2)
def _plain(ground: Ground) -> Callable[[Profile, bool], _Plain]:
    """How each profile walks by day and by night: once a ground, kept for two grounds."""
    return lru_cache(maxsize=2 * len(Profile))(partial(_plainly, ground))


def _plainly(ground: Ground, profile: Profile, night: bool) -> _Plain:
    roads = ground.roads
    pace = _pace(roads, ground.rules, profile, night=night)
    time = np.clip(np.ceil(roads.length_m[roads.street] * pace), 1, MOST)
    return _Plain(_kept(time.astype(np.int32)), _kept(pace.astype(np.float32)))


@lru_cache(maxsize=2)
def _zone_penalty(ground: Ground) -> Floats:
    """(S,) what the assumed zones on a street add to it: once a ground."""
    return np.asarray(_kept(ground.exposed @ penalty_per_metre(ground.rules)))


def _kept(array: Any) -> Any:
    """The array, read-only: every version on a ground has the same one."""
    array.setflags(write=False)
    return array


def penalty_per_metre(rules: Rules) -> Floats:
    """(CODES,) tenths of a second that a metre of each exposure adds."""
    per_metre = np.zeros(CODES)
    for code, seconds in rules.penalty_s_per_m.items():
        per_metre[code] = seconds * TENTHS
    return per_metre


def _pace(roads: RoadGraph, rules: Rules, profile: Profile, *, night: bool) -> Floats:
    speed = rules.speed_m_s[profile] * (rules.night_factor if night else 1)
    pace = np.full(len(roads.head), TENTHS / speed)
    pace /= np.where(roads.has(StreetFlag.STEPS)[roads.street], rules.stairs_factor, 1)
    slope = _slope(roads)
    pace /= _slope_factor(slope)
    if profile is Profile.WHEELCHAIR:
        pace *= np.where(np.abs(slope) > rules.slope_wheelchair_limit, 2, 1)
    return pace


def _slope(roads: RoadGraph) -> Floats:
    """(A,) rise over run, 0 where elevation is unknown; short steps are noise of the heights."""
    run = np.maximum(roads.length_m, 10)
    slope = np.clip(np.nan_to_num(roads.rise_m / run), -0.5, 0.5)
    return slope[roads.street] * np.where(roads.forward, 1, -1)


def _slope_factor(slope: Floats) -> Floats:
    """Speed against the flat (Tobler 1993), never faster than on the flat."""
    return np.minimum(np.exp(-3.5 * (np.abs(slope + 0.05) - 0.05)), 1)


def _once(roads: RoadGraph, blocks: Roadblocks, rules: Rules, conditions: Conditions) -> Floats:
    risk = blocks.bridges_at_risk
    if conditions.rivers >= AlertLevel.ALL_LEAVE:
        risk = roads.has(StreetFlag.BRIDGE)
    penalty = risk * (rules.bridge_penalty_s * TENTHS)
    penalty = penalty + blocks.doubted * (rules.doubt_penalty_s * TENTHS)
    if not conditions.storm:
        penalty = penalty + roads.has(StreetFlag.UNDERPASS) * (rules.underpass_penalty_s * TENTHS)
    return np.asarray(penalty, dtype=np.float64)


def _shut(
    roads: RoadGraph, blocks: Roadblocks, rules: Rules, conditions: Conditions
) -> NDArray[np.bool_]:
    shut = blocks.closed | ~roads.admits(Access.FOOT)
    if rules.bridge_closes_at is not None and conditions.rivers >= rules.bridge_closes_at:
        shut |= roads.has(StreetFlag.BRIDGE)
    if conditions.storm:
        shut |= roads.has(StreetFlag.UNDERPASS)
    if conditions.profile is Profile.WHEELCHAIR:
        shut |= roads.has(StreetFlag.STEPS) | ~roads.admits(Access.WHEELS)
    return shut


@lru_cache(maxsize=2)
def enters_special_zone(ground: Ground) -> NDArray[np.bool_]:
    """(A,) arcs that lead into a red zone. Who is inside one may leave it (`safety.md` 8)."""
    roads, assumed = ground.roads, ground.assumed
    red = assumed.code == Exposure.LANDSLIDE_SPECIAL
    street = assumed.street[red]
    low, high = assumed.from_m[red], assumed.to_m[red]
    count = np.bincount(street, minlength=roads.street_count)
    at_start, at_end = np.zeros(roads.street_count, bool), np.zeros(roads.street_count, bool)
    at_start[street[low < HAIR_M]] = True
    at_end[street[high > roads.length_m[street] - HAIR_M]] = True
    leaves = np.where(roads.forward, at_start[roads.street], at_end[roads.street])
    leaves &= ground.in_red[roads.tail]
    here = count[roads.street]
    return np.asarray(_kept((here > 1) | ((here == 1) & ~leaves)))
