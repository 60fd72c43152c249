"""A map to tap without script: a square box of the city, its pixels, and the steps of zoom."""

import math
from dataclasses import dataclass
from typing import Final

from city.position import Position
from routing.ground import Ground
from web.frame import Frame

SIZE: Final = 288
"""CSS pixels of the map's side: browsers report taps in CSS pixels, and 320 px screens hold it."""

ZOOM: Final = 4.0
CLOSEST_M: Final = 700.0
"""A box of at most this side shows single streets: a tap in it marks the point."""


@dataclass(frozen=True, slots=True)
class Box:
    """A square in the city's metres around (x, y)."""

    x: float
    y: float
    side: float

    @property
    def is_closest(self) -> bool:
        """Whether a tap in this box marks a point."""
        return self.side <= CLOSEST_M

    @property
    def text(self) -> str:
        """The box as it travels in a link."""
        return f"{self.x:.0f},{self.y:.0f},{self.side:.0f}"

    def frame(self, size: int = SIZE) -> Frame:
        """The box drawn `size` units wide."""
        half = self.side / 2
        return Frame(self.x - half, self.y + half, size / self.side, size, size)

    def at(self, px: float, py: float, size: int = SIZE) -> tuple[float, float]:
        """Metres of a pixel counted from the upper left corner."""
        metre = self.side / size
        return self.x + (px - size / 2) * metre, self.y - (py - size / 2) * metre

    def pixel(self, x: float, y: float, size: int = SIZE) -> tuple[float, float]:
        """The pixel of a point in metres."""
        metre = self.side / size
        return size / 2 + (x - self.x) / metre, size / 2 - (y - self.y) / metre

    def closer(self, px: float, py: float, size: int = SIZE) -> "Box":
        """One step of zoom towards a pixel."""
        return Box(*self.at(px, py, size), max(self.side / ZOOM, CLOSEST_M))


def whole(ground: Ground) -> Box:
    """The box that holds every junction of the city."""
    low = ground.roads.junction_xy.min(axis=0)
    high = ground.roads.junction_xy.max(axis=0)
    middle, size = (low + high) / 2, (high - low).max()
    return Box(float(middle[0]), float(middle[1]), max(float(size) * 1.04, CLOSEST_M))


def around_point(ground: Ground, position: Position) -> Box:
    """The closest box with a point in its middle."""
    return Box(*ground.metres.of(position), CLOSEST_M)


def box_of(text: str, ground: Ground) -> Box:
    """The box that a link names; the whole city where it names none that can be drawn."""
    city = whole(ground)
    try:
        x, y, side = (float(part) for part in text.split(","))
    except ValueError:
        return city
    near = math.hypot(x - city.x, y - city.y) <= 2 * city.side
    if not near or not CLOSEST_M / 2 <= side <= 2 * city.side:
        return city
    return Box(x, y, side)


def position_at(ground: Ground, box: Box, px: float, py: float, size: int = SIZE) -> Position:
    """The position of a pixel, in degrees to about 10 cm."""
    at = ground.metres.position(*box.at(px, py, size))
    return Position(round(at.lat, 6), round(at.lon, 6))


def position_of(lat: str, lon: str) -> Position | None:
    """A position from two texts; None where they are none."""
    try:
        return Position(float(lat), float(lon))
    except ValueError:
        return None
