"""避難情報: the mayor's evacuation orders in force."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from hazards.errors import HazardError
from hazards.kinds import AlertLevel, HazardKind

ORDERED = (AlertLevel.ELDERLY_LEAVE, AlertLevel.ALL_LEAVE, AlertLevel.SECURE_NOW)


@dataclass(frozen=True, slots=True)
class EvacuationOrder:
    """One order in force; it stands until a person lifts it (解除).

    `area` is a polygon in the city's metres, or None for the whole city.
    """

    id: int
    hazard: HazardKind
    level: AlertLevel
    area_names: tuple[str, ...]
    area: BaseGeometry | None
    issued_at: datetime

    def __post_init__(self) -> None:
        if self.level not in ORDERED:
            raise HazardError("避難情報は警戒レベル 3・4・5 です（an order has level 3, 4 or 5）")

    def covers(self, x: float, y: float) -> bool:
        """Whether the point, in metres, lies in the order's area or on its border."""
        return bool(self.covers_each(np.array([[x, y]]))[0])

    def covers_each(self, xy: NDArray[np.float64]) -> NDArray[np.bool_]:
        """(n,) the same of each of these points (n, 2)."""
        if self.area is None:
            return np.ones(len(xy), bool)
        return np.asarray(shapely.intersects_xy(self.area, xy[:, 0], xy[:, 1]))


def orders_at(orders: Iterable[EvacuationOrder], x: float, y: float) -> list[EvacuationOrder]:
    """The orders that cover a point in metres, the highest level first."""
    here = [order for order in orders if order.covers(x, y)]
    return sorted(here, key=lambda order: (-order.level, order.issued_at, order.id))
