"""A door: what is asked of it, and all that is in force and mapped there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from city.daylight import is_night
from city.errors import OutsideCity
from city.position import Position
from city.traveller import Household
from hazards.kinds import AlertLevel, HazardKind
from hazards.order import EvacuationOrder, orders_at
from hazards.zone import HAZARD_OF_LAYER
from routing.ground import ZONES_THAT_COUNT, Ground
from routing.snapping import is_near
from routing.staying import DoorZones, door_zones
from routing.version import Hazards, PlanVersion
from routing.weights import Conditions

NOT_SAID = Household()


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a door. `hazards` and `level` add to what is in force, never take away.

    `told` is the id of the site that whoever asks was told of before, `planned` of the one that the
    plan has for this household; without it that of the home nearest by counts.
    `on_the_way`: it said that it walks to the site that it was told.
    """

    position: Position
    at: datetime
    household: Household = NOT_SAID
    hazards: Hazards = frozenset()
    level: AlertLevel = AlertLevel.NONE
    told: str | None = None
    planned: str | None = None
    on_the_way: bool = False


@dataclass(frozen=True, slots=True)
class Door:
    """`x`, `y` in metres; `hazards`, `level`, `landslide_level` with what was asked added.

    `flooded`: it stands in observed water; `any_site`: an open, suitable site exists at all;
    `source` names the change after which this was true.
    """

    x: float
    y: float
    orders: tuple[EvacuationOrder, ...]
    hazards: Hazards
    level: AlertLevel
    landslide_level: AlertLevel
    conditions: Conditions
    zones: DoorZones
    flooded: bool
    any_site: bool
    source: str


def look_at(version: PlanVersion, question: Question) -> Door:
    """Look the door up; raises `OutsideCity` where no street is within `snap_limit_m`."""
    ground = version.ground
    x, y = ground.metres.of(question.position)
    if not is_near(ground, x, y):
        raise OutsideCity(_outside(version, question.position))
    orders = tuple(orders_at(version.picture.orders, x, y))
    zones = door_zones(ground, x, y)
    hazards = _hazards(orders, question, zones)
    return Door(
        x=x,
        y=y,
        orders=orders,
        hazards=hazards,
        level=max([question.level, *(order.level for order in orders)]),
        landslide_level=_landslide_level(orders, question, hazards),
        conditions=version.conditions(
            question.household.profile,
            night=is_night(question.position, question.at),
            hazards=hazards,
            level=_asked_beyond(orders, question),
        ),
        zones=zones,
        flooded=version.water.covers(x, y),
        any_site=bool(version.suitable(hazards).any()),
        source=f"change:{version.picture.change}",
    )


def _hazards(orders: tuple[EvacuationOrder, ...], question: Question, zones: DoorZones) -> Hazards:
    """In force at the door, or else flood and every hazard zoned there; and those asked."""
    in_force = frozenset(order.hazard for order in orders)
    if not in_force:
        in_force = frozenset({HazardKind.FLOOD}) | zones.hazards
    return in_force | question.hazards


def _asked_beyond(orders: tuple[EvacuationOrder, ...], question: Question) -> AlertLevel:
    """The level asked about, where it is higher than the flood's in force at the door."""
    flood = (order.level for order in orders if order.hazard is HazardKind.FLOOD)
    return question.level if question.level > max(flood, default=0) else AlertLevel.NONE


def hazards_of_junctions(version: PlanVersion) -> dict[Hazards, NDArray[np.bool_]]:
    """The junctions (N,) at which each set of hazards counts, as it does at a door there."""
    ground = version.ground
    xy = ground.roads.junction_xy
    orders = [(order.hazard, order.covers_each(xy)) for order in version.picture.orders]
    sets, which = hazard_sets(ground, orders, ground.zoned)
    return {hazards: which == number for number, hazards in enumerate(sets)}


def hazard_sets(
    ground: Ground,
    orders: Sequence[tuple[HazardKind, NDArray[np.bool_]]],
    zoned: NDArray[np.bool_],
) -> tuple[list[Hazards], NDArray[np.int64]]:
    """The sets of hazards that count at n points, and (n,) which of them at each.

    `orders` are hazards with the points (n,) that they are ordered at, `zoned` (Z, n) as in
    `Ground`.
    """
    bit = {hazard: 1 << number for number, hazard in enumerate(HazardKind)}
    ordered = np.zeros(zoned.shape[1], np.int64)
    for hazard, here in orders:
        ordered |= here * bit[hazard]
    calm = np.full(zoned.shape[1], bit[HazardKind.FLOOD])
    for layer, inside in zip(ZONES_THAT_COUNT, zoned, strict=True):
        if len(ground.zones[layer].polygons):
            calm |= inside * bit[HAZARD_OF_LAYER[layer]]
    codes, which = np.unique(np.where(ordered == 0, calm, ordered), return_inverse=True)
    sets = [frozenset(kind for kind in HazardKind if code & bit[kind]) for code in codes.tolist()]
    return sets, which


def _landslide_level(
    orders: tuple[EvacuationOrder, ...], question: Question, hazards: Hazards
) -> AlertLevel:
    levels = [order.level for order in orders if order.hazard is HazardKind.LANDSLIDE]
    if HazardKind.LANDSLIDE in hazards:
        levels.append(question.level)
    return max(levels, default=AlertLevel.NONE)


def _outside(version: PlanVersion, position: Position) -> str:
    name = version.ground.card.name
    limit = version.ground.rules.snap_limit_m
    text = f"{name}のどの道からも {limit:.0f} m より遠い場所です。市の中の場所を選んでください。"
    other = position.swapped()
    if other is not None and is_near(version.ground, *version.ground.metres.of(other)):
        text += "緯度と経度が逆のようです（lat and lon look swapped）。"
    return text
