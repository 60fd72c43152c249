"""A walk along part of one street: its cost and time, or None where it is shut."""

import math
from dataclasses import dataclass

from routing.exposure import ASSUMED_FLOOD, CODES, HAIR_M, Exposure, Pieces
from routing.ground import Ground
from routing.snapping import Snap
from routing.weights import TENTHS, Roadblocks, Weights, penalty_per_metre


@dataclass(frozen=True, slots=True)
class Leg:
    """Cost and time in tenths of a second."""

    cost: int
    time: int


def walk(
    ground: Ground,
    blocks: Roadblocks,
    weights: Weights,
    street: int,
    from_m: float,
    to_m: float,
    *,
    from_red: bool,
) -> Leg | None:
    """Walk a street from one of its metres to another, by the same rules as whole arcs.

    `from_red`: whoever sets out stands in a special landslide zone, and may leave it.
    """
    low, high = min(from_m, to_m), max(from_m, to_m)
    if weights.street_closed[street] or any(overlaps(blocks.barred, street, low, high)):
        return None
    if high - low < 1e-9:
        return Leg(0, 0)
    if _enters_special_zone(ground.assumed, street, from_m, low, high, from_red=from_red):
        return None
    penalty = float(weights.street_penalty[street]) + _assumed_penalty(ground, street, low, high)
    pace = float(weights.pace[ground.roads.arcs[street, 0 if to_m >= from_m else 1]])
    time = max(math.ceil((high - low) * pace), 1)
    return Leg(time + math.ceil(penalty), time)


def _assumed_penalty(ground: Ground, street: int, low: float, high: float) -> float:
    """Tenths of a second that assumed zones add to [low, high] of a street."""
    if ground.assumed.start[street] == ground.assumed.start[street + 1]:
        return 0.0
    metres = assumed_metres(ground, street, low, high, clear=ground.stands_clear(street))
    per_metre = penalty_per_metre(ground.rules).tolist()
    return float(sum(a * b for a, b in zip(metres, per_metre, strict=True)))


def assumed_metres(
    ground: Ground, street: int, low: float, high: float, *, clear: bool
) -> list[float]:
    """(CODES,) metres of [low, high] of a street in assumed zones; `clear` of assumed water."""
    metres = overlaps(ground.assumed, street, low, high)
    if clear:
        for code in ASSUMED_FLOOD:
            metres[code] = 0.0
    return metres


def yard(ground: Ground, weights: Weights, snap: Snap) -> Leg:
    """From a door to its street, or from the street into a site.

    Its nearest street is a door's own; each metre that another one lies farther is penalised, and
    so is each metre in an assumed zone.
    """
    rules = ground.rules
    speed = rules.speed_m_s[weights.conditions.profile]
    dark = rules.night_factor if weights.conditions.night else 1.0
    time = math.ceil(snap.offset_m * TENTHS / (speed * dark))
    penalty = snap.beyond_m * rules.off_street_s_per_m * TENTHS
    if snap.crossed:
        per_metre = penalty_per_metre(rules)
        penalty += sum(float(per_metre[code]) * metres for code, metres in snap.crossed)
    return Leg(time + math.ceil(penalty), time)


def overlaps(pieces: Pieces, street: int, low: float, high: float) -> list[float]:
    """(CODES,) metres of [low, high] on the street that lie in its stretches, by code.

    A zero-length walk overlaps a stretch by a hair where it stands inside it.
    """
    metres = [0.0] * CODES
    first, end = pieces.start[street : street + 2].tolist()
    for row in range(first, end):
        shared = min(high, float(pieces.to_m[row])) - max(low, float(pieces.from_m[row]))
        if shared > 1e-6 or (high == low and shared >= 0):
            metres[int(pieces.code[row])] += max(shared, 1e-9)
    return metres


def _enters_special_zone(
    pieces: Pieces, street: int, from_m: float, low: float, high: float, *, from_red: bool
) -> bool:
    """Whether the walk leads into a red stretch in which it does not begin."""
    for row in range(int(pieces.start[street]), int(pieces.start[street + 1])):
        if int(pieces.code[row]) != Exposure.LANDSLIDE_SPECIAL:
            continue
        start, end = float(pieces.from_m[row]), float(pieces.to_m[row])
        begins_inside = from_red and start - HAIR_M <= from_m <= end + HAIR_M
        if min(high, end) - max(low, start) > 1e-6 and not begins_inside:
            return True
    return False
