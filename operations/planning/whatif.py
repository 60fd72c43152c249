"""The plan for a night that has not come: level 4 everywhere, every place open that is meant to be.

Paper is kept for a year. Who goes where is planned as it would be on such a night, so that slips of
one street do not send a whole district to the nearest school; nothing of tonight is in it, unless
it is for tonight.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection

from data.rows import current_load
from hazards.kinds import AlertLevel, HazardKind
from hazards.order import EvacuationOrder
from hazards.zone import HAZARD_OF_LAYER
from operations.errors import Refused
from operations.planning.basis import Basis, open_basis
from operations.planning.expecting import on_a_calm_day, read_evening
from operations.planning.methods import HIERARCHY
from routing.ground import ZONES_THAT_COUNT, Ground
from routing.picture import Picture
from routing.plan.assign import assign
from routing.plan.assigned import NOWHERE
from routing.version import PlanVersion
from shelters.place import Opening, SiteState

SHUT: Final = frozenset({Opening.CLOSED, Opening.ENDANGERED})
"""Said of a place itself: nobody expects it to be open on another night."""


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
    """Plan another night, level 4 everywhere; `folder` is that of the load's ground.

    Nothing of what is in force now counts: no order, no water and what it closed, nobody inside or
    on the way. Every place is open but those that are closed or in danger.
    It is a flood everywhere and each other hazard where it has a zone, as doors take it, and each
    of `hazards` everywhere.
    Raises `Refused` where no household is known.
    """
    basis, ground = _basis(folder), version.ground
    expected = on_a_calm_day(connection, current_load(connection), ground, now)
    asked = PlanVersion.of(version.number, ground, calm(version.picture))
    site = assign(_ordered(asked, hazards, now), basis.looked, basis.engine, expected).site
    return Night(asked, lambda household: _place(ground, site, household))


def if_all_leave_tonight(
    connection: Connection,
    folder: Path,
    version: PlanVersion,
    hazards: Iterable[HazardKind],
    now: datetime,
) -> Night:
    """As `if_all_leave`, with all that is in force, counted and kept now.

    Places that nobody has opened yet count as open. A household that is told a place now keeps it.
    """
    basis, ground = _basis(folder), version.ground
    load, count = current_load(connection), len(basis.homes)
    evening = read_evening(connection, load, ground, now, homes=count, night=True)
    openings = {key: _opened(state) for key, state in version.picture.openings.items()}
    picture = replace(version.picture, openings=openings)
    asked = PlanVersion.of(version.number, ground, picture)
    asked.plan = version.plan
    before = version.plan.assigned if version.plan else None
    night = _ordered(asked, hazards, now)
    site = assign(night, basis.looked, basis.engine, evening.expected, before).site
    return Night(
        asked, lambda household: version.planned_site(household) or _place(ground, site, household)
    )


def calm(picture: Picture) -> Picture:
    """A picture without what tonight alone brought; roads closed for another reason stay closed."""
    openings = {
        key: state if state.opening in SHUT else SiteState(Opening.UNCONFIRMED)
        for key, state in picture.openings.items()
    }
    return replace(picture.without_water(), orders=(), openings=openings)


def _basis(folder: Path) -> Basis:
    basis = open_basis(folder, HIERARCHY)
    if not len(basis.homes):
        raise Refused("the city was loaded without households: there is nobody to print for")
    return basis


def _opened(state: SiteState) -> SiteState:
    """A place as it will be when it is opened; one that was closed or is in danger stays so."""
    waits = (Opening.UNOPENED, Opening.PREPARING)
    return SiteState(Opening.UNCONFIRMED) if state.opening in waits else state


def _place(ground: Ground, site: NDArray[np.int16], household: int) -> str | None:
    row = int(site[household]) if household < len(site) else NOWHERE
    return None if row == NOWHERE else ground.sites[row].id


def _ordered(asked: PlanVersion, hazards: Iterable[HazardKind], now: datetime) -> PlanVersion:
    """The same version with level 4 everywhere."""
    picture, ground = asked.picture, asked.ground
    orders = (*picture.orders, *_orders(ground, list(hazards), now))
    return PlanVersion.of(asked.number, ground, replace(picture, orders=orders))


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
