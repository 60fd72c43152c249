"""Who is cut off, and by what: pockets of junctions without a way."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from city.traveller import Profile
from routing.door import hazards_of_junctions
from routing.field import UNREACHED
from routing.leg import overlaps
from routing.roads import Ints, RoadGraph, StreetFlag, islands
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
    """Whether seen or confirmed water cuts off a door without a way (`safety.md` 5).

    It does where there would be a way but for the water, and where the water alone, or with all
    else that is shut, parts the door from the largest part of the network: then no closed site,
    no hazard and no closure farther on makes it less surrounded.
    """
    if not _any_water(version):
        return False
    dry = version.without_water
    if find_ways(dry, conditions, hazards, snaps(dry.ground, dry.bars, x, y))[0] is not None:
        return True
    return any(
        not _joins(wet, x, y, storm=conditions.storm)
        and _joins(wet.without_water, x, y, storm=conditions.storm)
        for wet in (version, version.water_alone)
    )


def _any_water(version: PlanVersion) -> bool:
    picture = version.picture
    return bool(picture.observed) or any(closure.by_water for closure in picture.closures)


def _joins(version: PlanVersion, x: float, y: float, *, storm: bool) -> bool:
    """Whether any street leads the door to the largest part of the network."""
    ground, blocks = version.ground, version.blocks
    closed, main = _closed(version, storm=storm), _main(version, storm=storm)
    return any(
        main[junction]
        and not closed[snap.street]
        and not any(overlaps(blocks.barred, snap.street, *sorted((snap.at_m, metre))))
        for snap in snaps(ground, version.bars, x, y)
        for junction, metre in ground.roads.ends(snap.street)
    )


def _closed(version: PlanVersion, *, storm: bool) -> NDArray[np.bool_]:
    """(S,) streets that nobody enters, whatever the traveller."""
    if not storm:
        return version.blocks.closed
    return version.blocks.closed | version.ground.roads.has(StreetFlag.UNDERPASS)


@lru_cache(maxsize=8)
def _main(version: PlanVersion, *, storm: bool) -> NDArray[np.bool_]:
    """(N,) junctions of the largest part of the network that is not shut."""
    shut = _closed(version, storm=storm) | version.blocks.barred.touched
    return np.asarray(islands(version.ground.roads, ~shut) == 0)


def pockets(version: PlanVersion, profile: Profile) -> list[Pocket]:
    """Connected junctions without a way by day under what counts there, largest first."""
    roads = version.ground.roads
    lost, dry = np.zeros(roads.junction_count, bool), np.zeros(roads.junction_count, bool)
    for hazards, here in hazards_of_junctions(version).items():
        conditions = version.conditions(profile, night=False, hazards=hazards)
        lost |= here & (version.field(conditions, hazards).first.step == UNREACHED)
        if _any_water(version):
            other = version.without_water.field(conditions, hazards)
            dry |= here & (other.first.step != UNREACHED)
    if not lost.any():
        return []
    wet = _parted_by_water(version) | dry
    inside = lost[roads.start] & lost[roads.end] & (wet[roads.start] == wet[roads.end])
    label = islands(roads, inside)
    found = []
    for island in np.unique(label[lost]):
        members = np.flatnonzero((label == island) & lost)
        streets = inside & (label[roads.start] == island)
        middle = _middle(roads, members)
        metres = float(roads.length_m[streets].sum())
        found.append(Pocket(len(members), metres, middle, bool(wet[members].any())))
    return sorted(found, key=lambda pocket: (-pocket.junctions, pocket.junction))


def _parted_by_water(version: PlanVersion) -> NDArray[np.bool_]:
    """(N,) junctions that belong to the largest part of the network but for the water."""
    parted = np.zeros(version.ground.roads.junction_count, bool)
    if _any_water(version):
        for wet in (version, version.water_alone):
            parted |= ~_main(wet, storm=False) & _main(wet.without_water, storm=False)
    return parted


def _middle(roads: RoadGraph, members: Ints | NDArray[np.int64]) -> int:
    xy = roads.junction_xy[members]
    return int(members[np.argmin(np.hypot(*(xy - xy.mean(axis=0)).T))])
