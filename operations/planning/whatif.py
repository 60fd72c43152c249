"""The plan for a night that has not come: level 4 everywhere, every place open that is meant to be.

Paper is printed on calm days. Who goes where is planned then as it would be that night, so that
slips of one street do not send a whole district to the nearest school.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection

from data.rows import current_load
from hazards.kinds import AlertLevel, HazardKind
from hazards.order import EvacuationOrder
from hazards.zone import HAZARD_OF_LAYER
from operations.errors import Refused
from operations.planning.basis import open_basis
from operations.planning.expecting import read_evening
from operations.planning.methods import HIERARCHY
from routing.ground import ZONES_THAT_COUNT, Ground
from routing.plan.assign import assign
from routing.plan.assigned import NOWHERE
from routing.version import PlanVersion
from shelters.place import Opening, SiteState


@dataclass(frozen=True, slots=True, eq=False)
class Night:
    """That night: the `version` that doors are asked of, and the `place` (the id of a site) of each
    household by its number; None where it has none.
    """

    version: PlanVersion
    place: Callable[[int], str | None]


def if_all_leave(
    connection: Connection,
    folder: Path,
    version: PlanVersion,
    hazards: Iterable[HazardKind],
    now: datetime,
) -> Night:
    """Plan for level 4 everywhere; `folder` is that of the load's ground.

    Places that nobody has opened yet count as open. A household that is told a place now keeps it.
    It is a flood everywhere and each other hazard where it has a zone, as doors take it, and each
    of `hazards` everywhere.
    Raises `Refused` where no household is known.
    """
    basis = open_basis(folder, HIERARCHY)
    load, ground, count = current_load(connection), version.ground, len(basis.homes)
    if not count:
        raise Refused("the city was loaded without households: there is nobody to print for")
    evening = read_evening(connection, load, ground, now, homes=count, night=True)
    openings = {key: _opened(state) for key, state in version.picture.openings.items()}
    picture = replace(version.picture, openings=openings)
    orders = (*picture.orders, *_orders(ground, list(hazards), now))
    night = PlanVersion.of(version.number, ground, replace(picture, orders=orders))
    before = version.plan.assigned if version.plan else None
    site = assign(night, basis.looked, basis.engine, evening.expected, before).site

    def place(household: int) -> str | None:
        row = int(site[household]) if household < len(site) else NOWHERE
        return version.planned_site(household) or (None if row == NOWHERE else ground.sites[row].id)

    asked = PlanVersion.of(version.number, ground, picture)
    asked.plan = version.plan
    return Night(asked, place)


def _opened(state: SiteState) -> SiteState:
    """A place as it will be when it is opened; one that was closed or is in danger stays so."""
    waits = (Opening.UNOPENED, Opening.PREPARING)
    return SiteState(Opening.UNCONFIRMED) if state.opening in waits else state


def _orders(ground: Ground, hazards: list[HazardKind], now: datetime) -> list[EvacuationOrder]:
    """Orders of level 4, as if they were in force; those that a door asks about are for all."""
    everywhere = dict.fromkeys((HazardKind.FLOOD, *hazards))
    areas: list[tuple[HazardKind, BaseGeometry | None]] = [(one, None) for one in everywhere]
    for layer in ZONES_THAT_COUNT:
        zones = ground.zones[layer].polygons
        if len(zones) and HAZARD_OF_LAYER[layer] not in everywhere:
            areas.append((HAZARD_OF_LAYER[layer], shapely.union_all(zones)))
    return [
        EvacuationOrder(0, hazard, AlertLevel.ALL_LEAVE, (), area, now) for hazard, area in areas
    ]
