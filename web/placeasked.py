"""Where the page of places is asked from, and what is in force there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Final

import numpy as np
import shapely

from city.area import Area, folded
from city.position import Position
from city.traveller import Household
from hazards.kinds import AlertLevel
from hazards.order import EvacuationOrder
from routing.door import NOT_SAID, Question
from routing.guidance import guide
from routing.verdict import Verdict
from routing.version import Hazards, PlanVersion

TOUCHED_M2: Final = 1.0
"""An order's area that shares no more than this with another only lies beside it."""
_IN_WATER: Final = "まわりに水が来ています"
_LEVEL_5: Final = "緊急安全確保が出ている地域です"


@dataclass(frozen=True, slots=True)
class PlacesAsked:
    """What is asked: from a position, from an area by its name, or of the whole city.

    `start` is the number of the first place on the page; `kept` the question as links carry it.
    """

    position: Position | None = None
    area: str = ""
    household: Household = NOT_SAID
    hazards: Hazards = frozenset()
    level: AlertLevel = AlertLevel.NONE
    start: int = 1
    kept: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Where:
    """`at` is the point that ways begin at, None for the whole city; `area` the one asked for.

    `orders`, `level` and `hazards` are those that count there, with what was asked added;
    `stop`: nobody there is sent anywhere (`safety.md` 4). `joined`: a way can begin at the point;
    where it cannot, that says nothing of the other doors of an area.
    """

    at: Position | None
    area: Area | None
    orders: tuple[EvacuationOrder, ...]
    level: AlertLevel
    asked_level: AlertLevel
    hazards: Hazards
    household: Household
    stop: bool
    joined: bool


def where_of(version: PlanVersion, asked: PlacesAsked, now: datetime) -> Where:
    """Look up what counts where it is asked from; raises `OutsideCity` for a position."""
    row = None if asked.position else _area_row(version, asked.area)
    at = asked.position or (_inside(version, row) if row is not None else None)
    orders = version.picture.orders
    hazards, stop, joined = asked.hazards, False, at is not None
    if at is not None:
        question = Question(at, now, asked.household, asked.hazards, asked.level)
        told = guide(version, question)
        orders = told.orders if row is None else _orders_in(version, row)
        secure = told.verdict is Verdict.SECURE_NOW
        hazards, stop, joined = told.hazards, secure and row is None, not secure
    level = max([asked.level, *(order.level for order in orders)])
    return Where(
        at=at,
        area=version.ground.areas[row] if row is not None else None,
        orders=tuple(sorted(orders, key=lambda one: (-one.level, one.issued_at, one.id))),
        level=level,
        asked_level=asked.level,
        hazards=hazards | {order.hazard for order in orders},
        household=asked.household,
        stop=stop or level >= AlertLevel.SECURE_NOW,
        joined=joined,
    )


@lru_cache(maxsize=4)
def missing_at(
    version: PlanVersion, hazards: Hazards
) -> tuple[tuple[Hazards, ...], tuple[str, ...]]:
    """For each site the hazards that it is not designated for though they count, at the door or
    at the site (`safety.md` 1), and the danger that it stands in itself, in words or empty.
    """
    ground = version.ground
    missing = tuple(
        (hazards | version.hazards_at_site(row, hazards)) - site.designated_for
        for row, site in enumerate(ground.sites)
    )
    level_5 = version.picture.level_5
    danger = []
    for x, y in ground.site_xy.tolist():
        if version.water.covers(x, y):
            danger.append(_IN_WATER)
        elif any(shapely.intersects_xy(area, x, y) for area in level_5):
            danger.append(_LEVEL_5)
        else:
            danger.append("")
    return missing, tuple(danger)


def _area_row(version: PlanVersion, name: str) -> int | None:
    """The area of that name, spelling differences apart; None where there is none."""
    wanted = folded(name)
    found = (row for row, area in enumerate(version.ground.areas) if folded(area.name) == wanted)
    return next(found, None) if wanted else None


def _inside(version: PlanVersion, row: int) -> Position:
    """The junction that is nearest to the middle of an area: a middle may lie on a mountain."""
    ground = version.ground
    middle = ground.area_polygons[row].representative_point()
    away = np.hypot(*(ground.roads.junction_xy - (middle.x, middle.y)).T)
    at = ground.metres.position(*ground.roads.junction_xy[int(away.argmin())].tolist())
    return Position(round(at.lat, 6), round(at.lon, 6))


def _orders_in(version: PlanVersion, row: int) -> tuple[EvacuationOrder, ...]:
    """The orders for any part of an area: whoever lives in it may live there."""
    polygon = version.ground.area_polygons[row]
    return tuple(
        order
        for order in version.picture.orders
        if order.area is None or polygon.intersection(order.area).area > TOUCHED_M2
    )
