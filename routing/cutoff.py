"""Who is cut off, and by what: pockets of junctions without a way."""

from collections.abc import Sequence
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


def cut_off_by_water(version: PlanVersion, hazards: Hazards, joined: Sequence[Snap]) -> bool:
    """Whether observed water alone shuts a door off from every suitable site.

    A door that joins no street at all because water lies between is cut off.
    """
    if len(version.water.polygons) == 0:
        return False
    if not joined:
        return True
    access, sites = version.access(Conditions()), _site_junctions(version, hazards)
    everywhere, dry = version.islands(dry=False), version.islands(dry=True)
    could = {int(everywhere[end]) for snap in joined for end, _ in _ends(version, snap)}
    can = {int(dry[end]) for snap in joined for end in _dry_ends(version, snap)}
    on_its_street = bool(np.isin([snap.street for snap in joined], access.gate_street).any())
    return (on_its_street or bool(could & set(everywhere[sites].tolist()))) and not (
        can & set(dry[sites].tolist())
    )


def _ends(version: PlanVersion, snap: Snap) -> tuple[tuple[int, float], tuple[int, float]]:
    return version.ground.roads.ends(snap.street)


def _dry_ends(version: PlanVersion, snap: Snap) -> list[int]:
    """The ends of a door's street that no observed water lies before."""
    return [
        end
        for end, metre in _ends(version, snap)
        if not any(overlaps(version.blocks.observed, snap.street, *sorted((snap.at_m, metre))))
    ]


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
            version, hazards, [_standing_on(version, street)]
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
