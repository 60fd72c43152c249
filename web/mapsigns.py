"""Signs on the map of a way: marks, the scale, the arrow to the north."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from routing.guidance import Guidance
from web.frame import Frame

STEPS_M: Final = (20, 50, 100, 200, 500, 1000, 2000)


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign on the map, in units."""

    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Scale:
    """The bar of the scale: where it begins, its length in units and in metres."""

    x: int
    units: int
    metres: int


def mark_at(frame: Frame, x: float, y: float) -> Mark:
    """The sign at a point in metres."""
    at_x, at_y = frame.units(np.array([[x, y]]))[0].tolist()
    return Mark(at_x, at_y)


def closure_marks(frame: Frame, guidance: Guidance) -> tuple[Mark, ...]:
    """The middles of the closed streets in the frame."""
    middles = [
        closure.line.interpolate(0.5, normalized=True)
        for closure in guidance.version.picture.closures
        if closure.line.intersects(frame.box)
    ]
    marks = [mark_at(frame, middle.x, middle.y) for middle in middles]
    return tuple(mark for mark in marks if frame.holds(mark.x, mark.y))


def scale_of(frame: Frame, marks: list[Mark]) -> Scale:
    """In the lower corner that no sign stands in, the left one first."""
    room = frame.width / 3 / frame.scale
    metres = max(step for step in STEPS_M if step <= max(room, 20))
    units = round(metres * frame.scale)
    low = [mark.x for mark in marks if mark.y > frame.height - 100]
    left = all(x > units + 80 for x in low) or any(x > frame.width - units - 80 for x in low)
    return Scale(14 if left else frame.width - units - 18, units, metres)


def north_of(frame: Frame, marks: list[Mark]) -> Mark:
    """In the upper corner that no sign stands in, the right one first."""
    high = [mark.x for mark in marks if mark.y < 110]
    left = any(x > frame.width - 110 for x in high) and all(x > 110 for x in high)
    return Mark(36 if left else frame.width - 36, 44)


def furniture(frame: Frame, scale: Scale, north: Mark) -> list[BaseGeometry]:
    """What the scale and the arrow cover, in units."""
    top, end = frame.height - 58, scale.x + scale.units + 20
    return [
        shapely.box(scale.x - 10, top, end, frame.height),
        shapely.box(north.x - 34, north.y - 34, north.x + 34, north.y + 34),
    ]
