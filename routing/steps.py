"""A way as steps that can be read aloud: turn, heading, street, metres."""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from routing.ground import Ground
from routing.roads import Floats, StreetFlag
from routing.way import Stretch, Way


class Turn(StrEnum):
    """What to do where a step begins."""

    DEPART = "depart"
    STRAIGHT = "straight"
    LEFT = "left"
    RIGHT = "right"
    BACK = "back"
    BRIDGE = "bridge"
    STAIRS = "stairs"
    TUNNEL = "tunnel"
    OFF_ROAD = "off_road"
    LEAVE_ROAD = "leave_road"
    ARRIVE = "arrive"


@dataclass(frozen=True, slots=True)
class Step:
    """`heading` counts eighths clockwise from north: 0 north, 2 east; `street` may be empty, and so
    may `street_en`, its name in English.

    `winding`: the road bends away from its heading, and is to be followed wherever it leads.
    """

    turn: Turn
    heading: int
    street: str
    distance_m: float
    winding: bool = False
    street_en: str = ""


OFF_ROAD_M: Final = 50.0
"""A straight line this long between a door and its street is no yard: no path is known there."""

_SHARP = 40.0
_BACK = 150.0
_STRAY_M = 40.0
"""So many metres away from the told heading, by more than an eighth, make a step winding."""
_FEATURES = {
    flags: next(
        turn
        for flag, turn in (
            (StreetFlag.BRIDGE, Turn.BRIDGE),
            (StreetFlag.STEPS, Turn.STAIRS),
            (StreetFlag.TUNNEL, Turn.TUNNEL),
        )
        if flags & flag
    )
    for flags in range(256)
    if flags & (StreetFlag.BRIDGE | StreetFlag.STEPS | StreetFlag.TUNNEL)
}
"""What a street's flags make of a step that leads over it."""


@dataclass(slots=True)
class _Draft:
    turn: Turn
    heading: float
    street: str
    feature: Turn | None
    distance_m: float
    out: float
    sectors: list[float]
    street_en: str = ""


def steps(ground: Ground, way: Way, line: Floats) -> tuple[Step, ...]:
    """Steps from the door to the site, by the way's `line` (n, 2) in degrees (lon, lat).

    The yards at both ends count to the first and last; where no path is known they are steps.
    """
    drafts: list[_Draft] = []
    for stretch in way.stretches:
        _add(drafts, ground, stretch)
    door_m, site_m = way.snap.offset_m, way.site_offset_m
    begin: list[Step] = []
    end: list[Step] = []
    if door_m >= OFF_ROAD_M:
        begin, door_m = [Step(Turn.OFF_ROAD, _heading(ground, line[:2]), "", door_m)], 0.0
    if drafts:
        drafts[0].distance_m += door_m
        door_m = 0.0
    if site_m >= OFF_ROAD_M:
        heading = _heading(ground, line[-2:])
        end, site_m, door_m = [Step(Turn.LEAVE_ROAD, heading, "", door_m + site_m)], 0.0, 0.0
    arrive = Step(Turn.ARRIVE, 0, "", door_m + site_m)
    return (*begin, *(_step(draft) for draft in drafts), *end, arrive)


def off_road_m(way: Way) -> float:
    """Metres of a way on which no path is known."""
    ends = (way.snap.offset_m, way.site_offset_m)
    return sum(metres for metres in ends if metres >= OFF_ROAD_M)


def _heading(ground: Ground, points: Floats) -> int:
    """Eighths clockwise from north between two points in degrees."""
    (west, south), (east, north) = ground.metres.xy(points).tolist()
    return round(math.degrees(math.atan2(east - west, north - south)) / 45) % 8


def _add(drafts: list[_Draft], ground: Ground, stretch: Stretch) -> None:
    """Lengthen the last step, or begin a new one where one has to turn or cross something."""
    enter, leave = _bearings(ground, stretch)
    sectors = _sectors(ground, stretch)
    name, english = (
        ground.roads.street_name(stretch.street),
        ground.roads.street_name_en(stretch.street),
    )
    feature = _FEATURES.get(int(ground.roads.flags[stretch.street]))
    if not drafts:
        draft = (Turn.DEPART, enter, name, feature, stretch.length_m, leave, sectors, english)
        drafts.append(_Draft(*draft))
        return
    last = drafts[-1]
    angle = (enter - last.out + 180) % 360 - 180
    turn = _turn(angle)
    same_street = name == last.street or not name or not last.street
    if feature is last.feature and turn is Turn.STRAIGHT and same_street:
        last.distance_m += stretch.length_m
        last.sectors = [a + b for a, b in zip(last.sectors, sectors, strict=True)]
        last.street, last.street_en = last.street or name, last.street_en or english
        last.out = leave
        return
    if feature is not None and feature is not last.feature:
        turn = feature
    drafts.append(_Draft(turn, enter, name, feature, stretch.length_m, leave, sectors, english))


def _step(draft: _Draft) -> Step:
    heading = round(draft.heading / 45) % 8
    near = (heading - 1) % 8, heading, (heading + 1) % 8
    stray = sum(metres for eighth, metres in enumerate(draft.sectors) if eighth not in near)
    winding, metres = stray >= _STRAY_M, float(draft.distance_m)
    return Step(draft.turn, heading, draft.street, metres, winding, draft.street_en)


def _turn(angle: float) -> Turn:
    if abs(angle) < _SHARP:
        return Turn.STRAIGHT
    if abs(angle) > _BACK:
        return Turn.BACK
    return Turn.RIGHT if angle > 0 else Turn.LEFT


def _bearings(ground: Ground, stretch: Stretch) -> tuple[float, float]:
    """Degrees clockwise from north at the beginning and at the end of a stretch."""
    at_start, at_end = ground.roads.bearing[stretch.street].tolist()
    if stretch.to_m >= stretch.from_m:
        return at_start, at_end
    return (at_end + 180) % 360, (at_start + 180) % 360


def _sectors(ground: Ground, stretch: Stretch) -> list[float]:
    """Metres by eighths of the compass; part of a street takes its share of each."""
    metres: list[float] = ground.roads.sectors[stretch.street].tolist()
    if stretch.to_m < stretch.from_m:
        metres = metres[4:] + metres[:4]
    share = stretch.length_m / float(ground.roads.length_m[stretch.street])
    return [share * one for one in metres] if share < 1 else metres
