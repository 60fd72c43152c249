"""Who is cut off, and by what: doors that water surrounds, pockets of junctions without a way."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from city.traveller import Profile
from routing.door import hazards_of_junctions
from routing.field import UNREACHED
from routing.ground import Ground
from routing.leg import walk
from routing.roads import Floats, Ints, RoadGraph, islands, walked_junctions
from routing.snapping import snaps
from routing.version import Hazards, PlanVersion
from routing.way import find_ways
from routing.weights import FAR, Conditions

KEPT_NETWORKS: Final = 16
"""Networks of which it is remembered how much street hangs together (0.4 MB each in a city)."""


@dataclass(frozen=True, slots=True)
class Pocket:
    """Junctions that no way leads out of: how many, how much street, and one junction in it."""

    junctions: int
    street_m: float
    junction: int
    by_water: bool


def surrounded(version: PlanVersion, conditions: Conditions, x: float, y: float) -> bool:
    """Whether seen or confirmed water leaves a door next to nothing of the network (`safety.md` 5).

    Asked with all that is shut, and of the water alone: no closed site, no hazard and no closure
    farther on makes a door less surrounded.
    """
    return any(
        _is_little(
            version, _street_m_at(wet, kind, x, y), _street_m_at(wet.without_water, kind, x, y)
        )
        for wet, kind in _with_water(version, conditions)
    )


def water_took_the_way(
    version: PlanVersion, conditions: Conditions, hazards: Hazards, x: float, y: float
) -> bool:
    """Whether a door without a way would have one if no water were seen or confirmed."""
    if not any_water(version):
        return False
    dry = version.without_water
    joined = snaps(dry.ground, dry.bars, x, y)
    return find_ways(dry, conditions, hazards, joined)[0] is not None


def _with_water(
    version: PlanVersion, conditions: Conditions
) -> Iterator[tuple[PlanVersion, Conditions]]:
    if any_water(version):
        yield version, conditions
        yield version.water_alone, Conditions()


def any_water(version: PlanVersion) -> bool:
    picture = version.picture
    return bool(picture.observed) or any(closure.by_water for closure in picture.closures)


def _is_little(version: PlanVersion, kept_m: Any, had_m: Any) -> Any:
    """Whether what water leaves is next to nothing of what there was; numbers or arrays."""
    return (kept_m < had_m / 2) & (kept_m <= version.ground.rules.surrounded_street_m)


def _street_m_at(version: PlanVersion, conditions: Conditions, x: float, y: float) -> float:
    """Metres of street that somebody at the door can walk to."""
    ground, blocks, weighed = version.ground, version.blocks, version.weights(conditions)
    street_m = _street_m(version, conditions)
    reached = [
        float(street_m[junction])
        for snap in snaps(ground, version.bars, x, y)
        for junction, metre in ground.roads.ends(snap.street)
        if walk(ground, blocks, weighed, snap.street, snap.at_m, metre, from_red=True)
    ]
    return max(reached, default=0.0)


def _street_m(version: PlanVersion, conditions: Conditions) -> Floats:
    """(N,) metres of street in the part of the network that each junction belongs to."""
    if conditions not in version.street_m:
        ground = version.ground
        passes = (version.weights(conditions).cost[ground.roads.arcs] != FAR).any(axis=1)
        version.street_m[conditions] = _street_m_where(ground)(passes.tobytes())
    return version.street_m[conditions]


@lru_cache(maxsize=2)
def _street_m_where(ground: Ground) -> Callable[[bytes], Floats]:
    """What `_parts_m` found of some networks: without water, most versions have the same one."""
    return lru_cache(maxsize=KEPT_NETWORKS)(partial(_parts_m, ground.roads))


def _parts_m(roads: RoadGraph, passing: bytes) -> Floats:
    """(N,) metres of the streets that `passing`, (S,) of booleans, joins to each junction."""
    passes = np.frombuffer(passing, dtype=bool)
    label = islands(roads, passes)
    of_part = np.zeros(int(label.max()) + 1)
    np.add.at(of_part, label[roads.start[passes]], roads.length_m[passes])
    return np.asarray(of_part[label], dtype=np.float64)


def pockets(version: PlanVersion, profile: Profile) -> list[Pocket]:
    """Connected junctions without a way by day under what counts there, largest first."""
    roads = version.ground.roads
    lost, wet = np.zeros(roads.junction_count, bool), np.zeros(roads.junction_count, bool)
    for hazards, here in hazards_of_junctions(version).items():
        conditions = version.conditions(profile, night=False, hazards=hazards)
        lost |= here & (version.field(conditions, hazards).first.step == UNREACHED)
        if any_water(version):
            dry = version.without_water.field(conditions, hazards).first.step != UNREACHED
            wet |= here & (dry | surrounded_junctions(version, conditions))
    lost &= walked_junctions(roads)
    if not lost.any():
        return []
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


def surrounded_junctions(version: PlanVersion, conditions: Conditions) -> NDArray[np.bool_]:
    """(N,) junctions that water leaves next to nothing of the network."""
    little = np.zeros(version.ground.roads.junction_count, bool)
    for wet, kind in _with_water(version, conditions):
        little |= _is_little(version, _street_m(wet, kind), _street_m(wet.without_water, kind))
    return little


def _middle(roads: RoadGraph, members: Ints | NDArray[np.int64]) -> int:
    xy = roads.junction_xy[members]
    return int(members[np.argmin(np.hypot(*(xy - xy.mean(axis=0)).T))])
