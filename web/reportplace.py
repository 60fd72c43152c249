"""Where a resident's report is: tapped, told by the phone, or somewhere near a name."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import shapely

from city.position import Position
from routing.ground import Ground
from web.search import search
from web.tapmap import position_of

TAPPED_M: Final = 30.0
"""Error of a tap in the closest map: a finger is 10 pixels wide, of 2.4 m each."""
AROUND_M: Final = 150.0
"""Around a landmark, and at least around a 町丁目: such a report names no street."""
FARTHEST_M: Final = 5_000.0
"""A phone that knows its place no better does not know it."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A point and the radius in which it lies; `name` where no more than that is known."""

    at: Position
    error_m: float
    name: str = ""


def near_of(ground: Ground, name: str) -> Spot | None:
    """Somewhere in the 町丁目 of that name, or near the landmark; None for no such name."""
    hit = next((one for one in search(ground, name) if one.name == name), None)
    if hit is None:
        return None
    at = Position(hit.lat, hit.lon)
    return Spot(at, max(AROUND_M, _reach_m(ground, name, at)), name)


def spot_of(ground: Ground, form: Mapping[str, str]) -> Spot | None:
    """The place that a form holds; None where it holds none."""
    if form.get("rough"):
        return near_of(ground, form["rough"])
    at = position_of(form.get("lat", ""), form.get("lon", ""))
    return None if at is None else Spot(at, error_of(form.get("error_m", "")))


def error_of(text: str) -> float:
    """The radius that a phone said, in metres; that of a tap where it said none."""
    try:
        said = float(text)
    except ValueError:
        return TAPPED_M
    return min(max(said, 1.0), FARTHEST_M) if math.isfinite(said) else FARTHEST_M


def _reach_m(ground: Ground, name: str, at: Position) -> float:
    """How far the 町丁目 of that name reaches from a point."""
    row = next((row for row, area in enumerate(ground.areas) if area.name == name), None)
    if row is None:
        return 0.0
    x, y = ground.metres.of(at)
    corners = shapely.get_coordinates(ground.area_polygons[row])
    return max(math.hypot(cx - x, cy - y) for cx, cy in corners.tolist())
