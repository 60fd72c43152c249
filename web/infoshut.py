"""Streets that the city itself has closed, as the page of information tells of them."""

from dataclasses import dataclass
from typing import Final

import shapely
from markupsafe import Markup
from shapely.geometry.base import BaseGeometry

from hazards.closure import Closure
from routing.version import PlanVersion
from web.clock import Clock

REACH_M: Final = 3_000.0
"""How far from a door or an area a closure still concerns it: policy."""
MOST_SHOWN: Final = 8


@dataclass(frozen=True, slots=True)
class ShutRow:
    """A closure: where in Japanese (町丁目, empty outside of them; the street, empty without a
    name), and since when.
    """

    area: str
    street: str
    since: Markup


@dataclass(frozen=True, slots=True)
class Shut:
    """Closures near by, the newest first, then those that are folded; `total` of the whole city."""

    rows: tuple[ShutRow, ...] = ()
    folded: tuple[ShutRow, ...] = ()
    total: int = 0

    @property
    def count(self) -> int:
        """How many are near by."""
        return len(self.rows) + len(self.folded)


def shut_near(version: PlanVersion, around: BaseGeometry | None, clock: Clock) -> Shut:
    """Those near a door or an area in metres, None for the whole city."""
    every = version.picture.closures
    near = [one for one in every if around is None or shapely.distance(around, one.line) <= REACH_M]
    newest = sorted(near, key=lambda one: (one.closed_at, one.id), reverse=True)
    rows = tuple(_row(version, one, clock) for one in newest)
    return Shut(rows[:MOST_SHOWN], rows[MOST_SHOWN:], len(every))


def _row(version: PlanVersion, one: Closure, clock: Clock) -> ShutRow:
    ground = version.ground
    point = one.line.representative_point()
    area = ground.area_at(point.x, point.y)
    names = (name for street in one.all_streets if (name := ground.roads.street_name(street)))
    return ShutRow(area.name if area else "", next(names, ""), clock.time(one.closed_at))
