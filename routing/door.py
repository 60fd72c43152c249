"""A door: what is asked of it, and all that is in force and mapped there."""

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
from routing.ground import ZONES_THAT_COUNT
from routing.snapping import is_near
from routing.staying import DoorZones, door_zones
from routing.version import Hazards, PlanVersion
from routing.weights import Conditions

NOT_SAID = Household()


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a door. `hazards` and `level` add to what is in force, never take away.

    `told` is the id of the site that whoever asks was told of before.
    """

    position: Position
    at: datetime
    household: Household = NOT_SAID
    hazards: Hazards = frozenset()
    level: AlertLevel = AlertLevel.NONE
    told: str | None = None


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
    counts: dict[HazardKind, NDArray[np.bool_]] = {}
    for order in version.picture.orders:
        here = order.covers_each(xy)
        counts[order.hazard] = counts.get(order.hazard, False) | here
    calm = ~np.logical_or.reduce(list(counts.values())) if counts else np.ones(len(xy), bool)
    counts[HazardKind.FLOOD] = counts.get(HazardKind.FLOOD, False) | calm
    for layer, zoned in zip(ZONES_THAT_COUNT, ground.zoned, strict=True):
        hazard = HAZARD_OF_LAYER[layer]
        if len(ground.zones[layer].polygons):
            counts[hazard] = counts.get(hazard, False) | (calm & zoned)
    kinds, masks = list(counts), np.column_stack(list(counts.values()))
    rows, which = np.unique(masks, axis=0, return_inverse=True)
    return {
        frozenset(kind for kind, here in zip(kinds, row, strict=True) if here): which == number
        for number, row in enumerate(rows)
    }


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
