"""Who is cut off, and by what: pockets of junctions without a way."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.field import UNREACHED
from routing.roads import Ints, RoadGraph, islands
from routing.snapping import snaps
from routing.version import Hazards, PlanVersion
from routing.way import find_ways
from routing.weights import Conditions


@dataclass(frozen=True, slots=True)
class Pocket:
    """Junctions that no way leads out of: how many, how much street, and one junction in it."""

    junctions: int
    street_m: float
    junction: int
    by_water: bool


def cut_off_by_water(
    version: PlanVersion, conditions: Conditions, hazards: Hazards, x: float, y: float
) -> bool:
    """Whether a door without a way would have one if no water were seen or confirmed."""
    picture, dry = version.picture, version.without_water
    if len(picture.observed) + len(picture.closures) == (
        len(dry.picture.observed) + len(dry.picture.closures)
    ):
        return False
    joined = snaps(dry.ground, dry.bars, x, y)
    return find_ways(dry, conditions, hazards, joined)[0] is not None


def pockets(version: PlanVersion, conditions: Conditions, hazards: Hazards) -> list[Pocket]:
    """Connected junctions without a way, largest first."""
    roads = version.ground.roads
    lost = version.field(conditions, hazards).first.step == UNREACHED
    if not lost.any():
        return []
    dry = version.without_water.field(conditions, hazards).first.step
    inside = lost[roads.start] & lost[roads.end]
    label = islands(roads, inside)
    found = []
    for island in np.unique(label[lost]):
        members = np.flatnonzero((label == island) & lost)
        streets = inside & (label[roads.start] == island)
        by_water = bool((dry[members] != UNREACHED).any())
        middle = _middle(roads, members)
        metres = float(roads.length_m[streets].sum())
        found.append(Pocket(len(members), metres, middle, by_water))
    return sorted(found, key=lambda pocket: (-pocket.junctions, pocket.junction))


def _middle(roads: RoadGraph, members: Ints | NDArray[np.int64]) -> int:
    xy = roads.junction_xy[members]
    return int(members[np.argmin(np.hypot(*(xy - xy.mean(axis=0)).T))])
