"""Who is cut off, and by what: pockets of junctions without a way."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.field import UNREACHED
from routing.leg import overlaps
from routing.roads import Ints, RoadGraph, islands
from routing.snapping import Snap
from routing.version import Hazards, PlanVersion
from routing.weights import Conditions


@dataclass(frozen=True, slots=True)
class Pocket:
    """Junctions that no way leads out of: how many, how much street, and one junction in it."""

    junctions: int
    street_m: float
    junction: int
    by_water: bool


def cut_off_by_water(version: PlanVersion, hazards: Hazards, snap: Snap | None) -> bool:
    """Whether observed water alone shuts a door off from every suitable site.

    A door that joins no street at all because water lies between (`snap` None) is cut off.
    """
    if len(version.water.polygons) == 0:
        return False
    if snap is None:
        return True
    roads = version.ground.roads
    sites = _site_junctions(version, hazards)
    ends = (int(roads.start[snap.street]), int(roads.end[snap.street]))
    length = float(roads.length_m[snap.street])
    reached = [
        end
        for end, metre in zip(ends, (0.0, length), strict=True)
        if not any(overlaps(version.blocks.observed, snap.street, *sorted((snap.at_m, metre))))
    ]
    everywhere, dry = version.islands(dry=False), version.islands(dry=True)
    on_the_street = snap.street in version.access(Conditions()).street.tolist()
    could = on_the_street or bool(set(everywhere[list(ends)]) & set(everywhere[sites]))
    return could and not set(dry[reached]) & set(dry[sites])


def pockets(version: PlanVersion, conditions: Conditions, hazards: Hazards) -> list[Pocket]:
    """Connected junctions without a way, largest first."""
    roads = version.ground.roads
    lost = version.field(conditions, hazards).first.step == UNREACHED
    if not lost.any():
        return []
    inside = lost[roads.start] & lost[roads.end]
    label = islands(roads, inside)
    found = []
    for island in np.unique(label[lost]):
        members = np.flatnonzero((label == island) & lost)
        streets = inside & (label[roads.start] == island)
        street = int(np.flatnonzero(streets)[0]) if streets.any() else None
        by_water = street is not None and cut_off_by_water(
            version, hazards, _standing_on(version, street)
        )
        middle = _middle(roads, members)
        metres = float(roads.length_m[streets].sum())
        found.append(Pocket(len(members), metres, middle, by_water))
    return sorted(found, key=lambda pocket: (-pocket.junctions, pocket.junction))


def _standing_on(version: PlanVersion, street: int) -> Snap:
    """A door halfway along a street."""
    return Snap(street, float(version.ground.roads.length_m[street]) / 2, 0.0)


def _middle(roads: RoadGraph, members: Ints | NDArray[np.int64]) -> int:
    xy = roads.junction_xy[members]
    return int(members[np.argmin(np.hypot(*(xy - xy.mean(axis=0)).T))])


def _site_junctions(version: PlanVersion, hazards: Hazards) -> Ints:
    """Junctions from which a suitable site is entered."""
    access = version.access(Conditions())
    return access.junction[version.suitable(hazards)[access.site]]
