"""The picture: all that is in force at one moment, and what it shuts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from hazards.closure import Closure, ObservedWater
from hazards.kinds import RAIN_HAZARDS, AlertLevel, HazardKind
from hazards.order import EvacuationOrder
from routing.exposure import Exposure, pieces
from routing.ground import Ground
from routing.roads import StreetFlag
from routing.weights import Roadblocks
from shelters.place import SiteState


@dataclass(frozen=True, slots=True)
class Picture:
    """Orders, observed water, closures and openings after one recorded change.

    `change` numbers the last change that is in it; `openings` has every site's id.
    """

    change: int
    as_of: datetime
    orders: tuple[EvacuationOrder, ...]
    observed: tuple[ObservedWater, ...]
    closures: tuple[Closure, ...]
    openings: Mapping[str, SiteState]

    def storm(self, rules_close_at: AlertLevel) -> bool:
        """Whether heavy rain is in force anywhere: underpasses close first."""
        return any(
            order.level >= rules_close_at and order.hazard in RAIN_HAZARDS for order in self.orders
        )


def roadblocks(ground: Ground, picture: Picture) -> Roadblocks:
    """What the picture shuts on the ground (`safety.md` 5-7)."""
    closed = np.zeros(ground.roads.street_count, bool)
    closed[[c.street for c in picture.closures if c.street is not None]] = True
    water = [observed.area for observed in picture.observed]
    observed = pieces(ground.lines, ground.tree, water, [Exposure.OBSERVED] * len(water))
    return Roadblocks(closed, observed, _bridges_at_risk(ground, picture))


def _bridges_at_risk(
    ground: Ground, picture: Picture
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """(S,) bridges under a flood order of level 4 or higher."""
    risk = np.zeros(ground.roads.street_count, bool)
    flood = [
        order
        for order in picture.orders
        if order.hazard is HazardKind.FLOOD and order.level >= AlertLevel.ALL_LEAVE
    ]
    for row in np.flatnonzero(ground.roads.has(StreetFlag.BRIDGE)) if flood else ():
        middle = ground.lines[row].interpolate(0.5, normalized=True)
        risk[row] = any(order.covers(middle.x, middle.y) for order in flood)
    return risk
