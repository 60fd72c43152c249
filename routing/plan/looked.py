"""Which homes lie in what is in force: looked up once for each order and each water seen."""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from hazards.kinds import AlertLevel
from hazards.order import EvacuationOrder
from routing.homes import Bools, Homes


class Looked:
    """Remembers (H,) of every area for as long as it is in force: between two plans little changes.

    Not for two threads at once.
    """

    def __init__(self, homes: Homes) -> None:
        self.homes = homes
        self._known: dict[bytes, Bools] = {}
        self._used: set[bytes] = set()

    def level(self, orders: tuple[EvacuationOrder, ...]) -> NDArray[np.int8]:
        """(H,) the highest level of these orders at each home."""
        level = np.zeros(len(self.homes), np.int8)
        for order in orders:
            np.maximum(level, np.int8(AlertLevel(order.level)), out=level, where=self.under(order))
        return level

    def under(self, order: EvacuationOrder) -> Bools:
        """(H,) which homes an order covers."""
        if order.area is None:
            return np.ones(len(self.homes), bool)
        return self.inside(order.area)

    def inside(self, area: BaseGeometry) -> Bools:
        """(H,) which homes lie in an area (metres) or on its border."""
        key = shapely.to_wkb(area)
        self._used.add(key)
        if key not in self._known:
            self._known[key] = self._look(area)
        return self._known[key]

    def _look(self, area: BaseGeometry) -> Bools:
        """By the area's box first: building a tree of all homes takes longer than a look."""
        x, y = self.homes.xy.T
        west, south, east, north = area.bounds
        near = np.flatnonzero((x >= west) & (x <= east) & (y >= south) & (y <= north))
        shapely.prepare(area)
        here = np.zeros(len(self.homes), bool)
        here[near] = shapely.intersects_xy(area, x[near], y[near])
        return here

    def forget(self) -> None:
        """Let go of all that was not asked for since this was called last."""
        self._known = {key: self._known[key] for key in self._used}
        self._used = set()
