"""The plan for a night that has not come: level 4 everywhere, every place open that is meant to be.

Paper is printed on calm days. Who goes where is planned then as it would be that night, so that
slips of one street do not send a whole district to the nearest school.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import shapely
from sqlalchemy import Connection

from data.rows import current_load
from hazards.kinds import AlertLevel, HazardKind
from hazards.order import EvacuationOrder
from hazards.zone import ZoneLayer
from operations.planning.basis import open_basis
from operations.planning.expecting import read_evening
from operations.planning.methods import HIERARCHY
from routing.plan.assign import assign
from routing.plan.assigned import NOWHERE
from routing.version import PlanVersion


def places_if_all_leave(
    connection: Connection,
    folder: Path,
    version: PlanVersion,
    hazards: Iterable[HazardKind],
    now: datetime,
) -> Callable[[int], str | None]:
    """The id of the site of each household (its number) in that plan; None where it has none.

    `folder` is that of the load's ground. A household that is told a place now keeps it. Without
    `hazards`, it is a flood everywhere, and a landslide where slopes may fail.
    """
    basis = open_basis(folder, HIERARCHY)
    load, ground, count = current_load(connection), version.ground, len(basis.homes)
    evening = read_evening(connection, load, ground, now, homes=count, night=True)
    orders = _orders(version, list(hazards), now)
    night = PlanVersion.of(
        version.number, ground, replace(version.picture, orders=(*version.picture.orders, *orders))
    )
    before = version.plan.assigned if version.plan else None
    site = assign(night, basis.looked, basis.engine, evening.expected, before).site

    def place(household: int) -> str | None:
        row = int(site[household]) if household < len(site) else NOWHERE
        return version.planned_site(household) or (None if row == NOWHERE else ground.sites[row].id)

    return place


def _orders(
    version: PlanVersion, hazards: list[HazardKind], now: datetime
) -> list[EvacuationOrder]:
    """Orders of level 4 for all, as if they were in force."""
    level = AlertLevel.ALL_LEAVE
    if hazards:
        return [EvacuationOrder(0, hazard, level, (), None, now) for hazard in hazards]
    orders = [EvacuationOrder(0, HazardKind.FLOOD, level, (), None, now)]
    slopes = version.ground.zones[ZoneLayer.LANDSLIDE].polygons
    if len(slopes):
        area = shapely.union_all(slopes)
        orders.append(EvacuationOrder(0, HazardKind.LANDSLIDE, level, (), area, now))
    return orders
