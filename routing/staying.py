"""屋内安全確保: what must all be known, and hold, before anyone is told to stay (`safety.md` 3)."""

from dataclasses import dataclass
from typing import Final

from city.traveller import Dwelling, Household
from hazards.kinds import HazardKind
from hazards.zone import DEPTH_M, DURATION_H, OTHER_DEPTHS, ZoneLayer
from routing.ground import Ground

STAYABLE: Final = frozenset({HazardKind.FLOOD, HazardKind.LANDSLIDE})
"""Hazards whose zones say enough to plan a stay; landslide only outside every slope's zone."""


@dataclass(frozen=True, slots=True)
class DoorZones:
    """Assumed zones over a door: the rank of each layer, None outside its zones.

    `unknown` layers are not complete: outside their zones nothing is known, and inside them
    another river's may be deeper or longer. `damaged` ones had rows that could not be read.
    `inland`, `surge` and `tsunami` are depths of other water, `forecast` the deepest of any that
    is forecast here.
    """

    depth: int | None
    duration: int | None
    collapse: int | None
    landslide: int | None
    unknown: frozenset[ZoneLayer]
    inland: int | None = None
    surge: int | None = None
    tsunami: int | None = None
    forecast: int | None = None
    damaged: frozenset[ZoneLayer] = frozenset()

    @property
    def may_slide(self) -> bool:
        """Whether a landslide zone covers the door, or nobody knows."""
        return self.landslide is not None or ZoneLayer.LANDSLIDE in self.unknown

    @property
    def hazards(self) -> frozenset[HazardKind]:
        """Every hazard that has an assumed zone over the door; water that is forecast is flood."""
        flood = (self.depth, self.collapse, self.forecast)
        zoned = (
            (HazardKind.FLOOD, any(rank is not None for rank in flood)),
            (HazardKind.LANDSLIDE, self.landslide is not None),
            (HazardKind.INLAND_FLOOD, self.inland is not None),
            (HazardKind.STORM_SURGE, self.surge is not None),
            (HazardKind.TSUNAMI, self.tsunami is not None),
        )
        return frozenset(hazard for hazard, here in zoned if here)

    @property
    def by_the_sea(self) -> bool:
        """Whether a surge or a tsunami is assumed here: its waves break what stands."""
        return self.surge is not None or self.tsunami is not None

    @property
    def deepest(self) -> int | None:
        """The deepest rank of any water, assumed or forecast; None outside all of its zones."""
        water = (self.depth, self.inland, self.surge, self.tsunami, self.forecast)
        return max((rank for rank in water if rank is not None), default=None)


@dataclass(frozen=True, slots=True)
class Fact:
    """One condition of a planned stay: `holds` is None where nobody knows."""

    code: str
    holds: bool | None


def door_zones(ground: Ground, x: float, y: float) -> DoorZones:
    """Look the door up in every layer, at (x, y) metres."""
    ranks = ground.ranks_at(x, y)
    return DoorZones(
        depth=ranks[ZoneLayer.DEPTH],
        duration=ranks[ZoneLayer.DURATION],
        collapse=ranks[ZoneLayer.COLLAPSE],
        landslide=ranks[ZoneLayer.LANDSLIDE],
        unknown=frozenset(layer for layer, zone in ground.zones.items() if not zone.complete),
        inland=ranks[ZoneLayer.INLAND_DEPTH],
        surge=ranks[ZoneLayer.SURGE_DEPTH],
        tsunami=ranks[ZoneLayer.TSUNAMI_DEPTH],
        forecast=ground.forecast_at(x, y),
        damaged=frozenset(layer for layer, zone in ground.zones.items() if zone.damaged),
    )


def stay_facts(
    zones: DoorZones,
    household: Household,
    hazards: frozenset[HazardKind],
    storey_height_m: float,
) -> tuple[Fact, ...]:
    """The conditions of a planned stay. Missing, unmapped or unknown is None, never True."""
    return (
        Fact("stay_hazards", hazards <= STAYABLE and not zones.by_the_sea),
        Fact("stay_sturdy", _sturdy(household)),
        Fact("stay_room", _room_above(zones, household, storey_height_m)),
        Fact("stay_no_collapse", _outside(zones, ZoneLayer.COLLAPSE, zones.collapse)),
        Fact("stay_no_landslide", _outside(zones, ZoneLayer.LANDSLIDE, zones.landslide)),
        Fact("stay_supplies", _supplied(zones, household)),
    )


def _sturdy(household: Household) -> bool | None:
    """How tall it is counts as well as what it is made of; both must be said."""
    if household.dwelling is None:
        return None
    if household.dwelling is not Dwelling.STURDY:
        return False
    return None if household.floors is None else True


def _outside(zones: DoorZones, layer: ZoneLayer, rank: int | None) -> bool | None:
    if rank is not None:
        return False
    return None if layer in zones.unknown else True


def _room_above(zones: DoorZones, household: Household, storey_height_m: float) -> bool | None:
    """Whether the own floor lies above the deepest water of the door's ranks, whosever it is.

    Outside the river's mapped polygons the depth is unmapped, hence unknown; so it is where more
    is forecast than was assumed, or where a zone of other water could not be read.
    """
    rank = zones.deepest
    if household.floor is None or zones.depth is None or rank is None:
        return None
    if ZoneLayer.DEPTH in zones.unknown or zones.damaged.intersection(OTHER_DEPTHS):
        return None
    if zones.forecast is not None and zones.forecast > zones.depth:
        return None
    if household.below_ground:
        return False
    deepest = DEPTH_M[rank][1]
    return deepest is not None and (household.floor - 1) * storey_height_m >= deepest


def _supplied(zones: DoorZones, household: Household) -> bool | None:
    if household.supplies_h is None or zones.duration is None:
        return None
    if ZoneLayer.DURATION in zones.unknown:
        return None
    longest = DURATION_H[zones.duration]
    return longest is not None and household.supplies_h > longest


def may_stay(facts: tuple[Fact, ...]) -> bool:
    """Whether every condition is known and holds."""
    return all(fact.holds is True for fact in facts)
