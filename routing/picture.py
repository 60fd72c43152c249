"""The picture: all that is in force at one moment, and what it shuts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from hazards.closure import Closure, Doubt, ObservedWater
from hazards.kinds import RAIN_HAZARDS, AlertLevel, HazardKind
from hazards.order import EvacuationOrder
from routing.exposure import Exposure, Pieces, pieces, with_stretches
from routing.ground import Ground
from routing.roads import StreetFlag
from routing.weights import Roadblocks
from shelters.place import SiteState

KEPT_BARS: Final = 4
"""Sets of areas of which it is remembered what they bar: with seen water and without."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Orders, observed water, closures, doubts and openings after one recorded change.

    `change` numbers the last change that is in it; `openings` has every site's id.
    """

    change: int
    as_of: datetime
    orders: tuple[EvacuationOrder, ...]
    observed: tuple[ObservedWater, ...]
    closures: tuple[Closure, ...]
    openings: Mapping[str, SiteState]
    doubts: tuple[Doubt, ...] = ()

    @property
    def level_5(self) -> tuple[BaseGeometry, ...]:
        """Areas (metres) of level 5: nobody is sent into or through them (`safety.md` 4)."""
        worst = (order for order in self.orders if order.level >= AlertLevel.SECURE_NOW)
        return tuple(order.area for order in worst if order.area is not None)

    def without_water(self) -> "Picture":
        """The same night without seen water, and without what water closed."""
        dry = tuple(closure for closure in self.closures if not closure.by_water)
        return replace(self, observed=(), closures=dry)

    def water_alone(self) -> "Picture":
        """The same night with seen water and what water closed, and nothing else in force."""
        wet = tuple(closure for closure in self.closures if closure.by_water)
        return replace(self, orders=(), closures=wet)

    def as_planned(self) -> "Picture":
        """What places are planned by: without closures whose move of people waits for a person."""
        planned = tuple(closure for closure in self.closures if closure.moves)
        return self if len(planned) == len(self.closures) else replace(self, closures=planned)

    def storm(self, rules_close_at: AlertLevel) -> bool:
        """Whether heavy rain is in force anywhere: underpasses close first."""
        return any(
            order.level >= rules_close_at and order.hazard in RAIN_HAZARDS for order in self.orders
        )


def roadblocks(ground: Ground, picture: Picture) -> Roadblocks:
    """What the picture shuts on the ground (`safety.md` 4-7)."""
    risk = _bridges_at_risk(ground, picture, AlertLevel.ALL_LEAVE)
    closed = np.zeros(ground.roads.street_count, bool)
    closed[[street for closure in picture.closures for street in closure.streets]] = True
    closes_at = ground.rules.bridge_closes_at
    if closes_at is not None:
        closed |= _bridges_at_risk(ground, picture, closes_at)
    bars = [
        *((water.area, Exposure.OBSERVED) for water in picture.observed),
        *((area, Exposure.LEVEL_5) for area in picture.level_5),
        *((c.area, Exposure.CLOSED) for c in picture.closures if not c.rest.is_empty),
    ]
    key = tuple((shapely.to_wkb(area), code) for area, code in bars)
    doubted = np.zeros(ground.roads.street_count, bool)
    doubted[[street for doubt in picture.doubts for street in doubt.streets]] = True
    barred = with_stretches(_stretches(ground)(key), _in_part(picture))
    return Roadblocks(closed, barred, risk, doubted)


def _in_part(picture: Picture) -> dict[int, list[tuple[float, float, int]]]:
    """The stretches of streets that closures shut in part."""
    found: dict[int, list[tuple[float, float, int]]] = {}
    for closure in picture.closures:
        for street, low, high in closure.stretches:
            found.setdefault(street, []).append((low, high, Exposure.CLOSED))
    return found


@lru_cache(maxsize=2)
def _stretches(ground: Ground) -> Callable[[tuple[tuple[bytes, Exposure], ...]], Pieces]:
    """Which stretches some areas, in WKB, bar: between two pictures they seldom change."""

    def barred(bars: tuple[tuple[bytes, Exposure], ...]) -> Pieces:
        areas, codes = [shapely.from_wkb(area) for area, _ in bars], [code for _, code in bars]
        return pieces(ground.lines, ground.tree, areas, codes)

    return lru_cache(maxsize=KEPT_BARS)(barred)


def _bridges_at_risk(
    ground: Ground, picture: Picture, level: AlertLevel
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """(S,) bridges in or near the area of a flood order of that level or higher."""
    risk = np.zeros(ground.roads.street_count, bool)
    bridges = np.flatnonzero(ground.roads.has(StreetFlag.BRIDGE))
    margin = ground.rules.bridge_order_margin_m
    for order in picture.orders:
        if order.hazard is not HazardKind.FLOOD or order.level < level:
            continue
        if order.area is None:
            risk[bridges] = True
        else:
            risk[bridges] |= shapely.dwithin(ground.lines[bridges], order.area, margin)
    return risk
