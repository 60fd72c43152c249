"""A walk along part of one street: its cost and time, or None where it is shut."""

import math
from dataclasses import dataclass

from routing.exposure import ASSUMED_FLOOD, CODES, Exposure, Pieces
from routing.ground import Ground
from routing.roads import StreetFlag
from routing.weights import TENTHS, Roadblocks, Weights, penalty_per_metre


@dataclass(frozen=True, slots=True)
class Leg:
    """Cost and time in tenths of a second."""

    cost: int
    time: int


def walk(
    ground: Ground, blocks: Roadblocks, weights: Weights, street: int, from_m: float, to_m: float
) -> Leg | None:
    """Walk a street from one of its metres to another, by the same rules as whole arcs."""
    low, high = min(from_m, to_m), max(from_m, to_m)
    if weights.street_closed[street] or any(overlaps(blocks.observed, street, low, high)):
        return None
    if high - low < 1e-9:
        return Leg(0, 0)
    penalty = float(weights.street_penalty[street])
    per_metre = penalty_per_metre(ground.rules).tolist()
    metres = overlaps(ground.assumed, street, low, high)
    if _enters_special_zone(ground.assumed, street, from_m, low, high):
        return None
    if ground.roads.flags[street] & StreetFlag.ABOVE_WATER:
        for code in ASSUMED_FLOOD:
            metres[code] = 0.0
    penalty += sum(a * b for a, b in zip(metres, per_metre, strict=True))
    pace = float(weights.pace[ground.roads.arcs[street, 0 if to_m >= from_m else 1]])
    time = max(math.ceil((high - low) * pace), 1)
    return Leg(time + math.ceil(penalty), time)


def connector(ground: Ground, weights: Weights, offset_m: float) -> int:
    """Tenths of a second from a door to its street, or from the street into a site."""
    speed = ground.rules.speed_m_s[weights.conditions.profile]
    dark = ground.rules.night_factor if weights.conditions.night else 1.0
    return math.ceil(offset_m * TENTHS / (speed * dark))


def overlaps(pieces: Pieces, street: int, low: float, high: float) -> list[float]:
    """(CODES,) metres of [low, high] on the street that lie in its stretches, by code.

    A zero-length walk overlaps a stretch by a hair where it stands inside it.
    """
    metres = [0.0] * CODES
    for row in range(int(pieces.start[street]), int(pieces.start[street + 1])):
        shared = min(high, float(pieces.to_m[row])) - max(low, float(pieces.from_m[row]))
        if shared > 1e-6 or (high == low and shared >= 0):
            metres[int(pieces.code[row])] += max(shared, 1e-9)
    return metres


def _enters_special_zone(
    pieces: Pieces, street: int, from_m: float, low: float, high: float
) -> bool:
    """Whether the walk leads into a red stretch in which it does not begin."""
    for row in range(int(pieces.start[street]), int(pieces.start[street + 1])):
        if int(pieces.code[row]) != Exposure.LANDSLIDE_SPECIAL:
            continue
        start, end = float(pieces.from_m[row]), float(pieces.to_m[row])
        if min(high, end) - max(low, start) > 1e-6 and not start <= from_m <= end:
            return True
    return False
