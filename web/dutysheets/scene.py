"""What an A3 状況図 shows, in metres, and the frame that it is drawn in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from shapely.geometry.base import BaseGeometry

from web.alertsheets.areamap import AreaMap
from web.frame import Frame, around

UNSURE: Final = "unsure"
"""The sign of a place that is open by the city's plan alone."""
FINE: Final = 2
"""Units of the drawing to a point of paper."""
WIDTH, HEIGHT = 850, 600
"""Points of paper at most."""
_LEAST_M: Final = 800.0


@dataclass(frozen=True, slots=True)
class Ordered:
    """An order's area in metres."""

    level: int
    hazard: str
    area: BaseGeometry


@dataclass(frozen=True, slots=True)
class Placed:
    """A place at metres: `receives` people, `sign` "full", "danger", "unsure" (open by the city's
    plan alone) or ""; `named` is false where
    level 5 stands, and nobody is to be sent there.
    """

    name: str
    x: float
    y: float
    receives: bool
    sign: str
    words: str
    named: bool


@dataclass(frozen=True, slots=True)
class Shut:
    """A street's line in metres: `sure` where a person shut or confirmed it."""

    line: BaseGeometry
    sure: bool
    by_water: bool


@dataclass(frozen=True, slots=True, eq=False)
class Situation:
    """All in metres; `teams`: name, x, y."""

    ground: AreaMap
    orders: Sequence[Ordered]
    waters: Sequence[BaseGeometry]
    shut: Sequence[Shut]
    sites: Sequence[Placed]
    teams: Sequence[tuple[str, float, float]]


def frame_of(outline: BaseGeometry) -> Frame:
    """As large as A3 has room for, whatever the city's shape."""
    points = np.array(outline.bounds).reshape(2, 2)
    shape = HEIGHT / WIDTH
    return around(points, width=WIDTH * FINE, least_m=_LEAST_M, margin=0.02, shape=(shape, shape))


def points(frame: Frame, x: float, y: float) -> list[float]:
    """Metres as points of paper."""
    found: list[float] = (frame.units(np.array([[x, y]]))[0] / FINE).tolist()
    return found
