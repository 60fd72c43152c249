"""A camera's line of sight, and where it meets the ground."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from pyproj import Geod

from city.position import Position

FARTHEST_M: Final = 1_000.0
"""Along the line of sight. What is farther off lies so flat to it that no map tells it."""

Ground = Callable[[Position], float | None]
"""Height of the ground in metres above that of the take-off; None where nobody knows it."""
Vector = tuple[float, float, float]
"""East, north and up."""

_EARTH: Final = Geod(ellps="WGS84")
_STEP_M: Final = 5.0
_HALVINGS: Final = 12


@dataclass(frozen=True, slots=True)
class Camera:
    """Where a camera was and looked; degrees as DJI writes them (north-east-down, yaw-pitch-roll).

    `height_m` above the ground of the take-off. `yaw` clockwise from true north, `pitch` 0 for
    level and -90 for straight down, `roll` with its right side down.
    """

    position: Position
    height_m: float
    yaw: float
    pitch: float
    roll: float = 0.0


def axes(camera: Camera) -> tuple[Vector, Vector, Vector]:
    """Ahead, to the picture's right and up: east, north, up, each of length 1."""
    yaw, pitch, roll = (math.radians(a) for a in (camera.yaw, camera.pitch, camera.roll))
    ahead = (math.sin(yaw) * math.cos(pitch), math.cos(yaw) * math.cos(pitch), math.sin(pitch))
    level = (math.cos(yaw), -math.sin(yaw), 0.0)
    above = (-math.sin(yaw) * math.sin(pitch), -math.cos(yaw) * math.sin(pitch), math.cos(pitch))
    right = combined(level, math.cos(roll), above, -math.sin(roll))
    return ahead, right, combined(above, math.cos(roll), level, math.sin(roll))


def slant_m(camera: Camera, direction: Vector, ground: Ground | None) -> float | None:
    """Metres along a direction to the ground, 0 from below it; None where it meets none that is
    known.
    """
    if direction[2] >= 0:
        return None
    if ground is None:
        return camera.height_m / -direction[2]

    def above(along: float) -> float | None:
        at = spot(camera, direction[0] * along, direction[1] * along)
        level = ground(at)
        return None if level is None else camera.height_m + direction[2] * along - level

    start = above(0.0)
    if start is not None and start <= 0:
        return 0.0
    clear = 0.0
    while clear <= 2 * FARTHEST_M:
        left = above(clear + _STEP_M)
        if left is None or not math.isfinite(left):
            return None
        if left <= 0:
            return _met(above, clear)
        clear += _STEP_M
    return None


def _met(above: Callable[[float], float | None], clear: float) -> float:
    """Where within a step the ground is met, to the millimetre."""
    below = clear + _STEP_M
    for _ in range(_HALVINGS):
        middle = (clear + below) / 2
        if (above(middle) or 0.0) > 0:
            clear = middle
        else:
            below = middle
    return below


def spot(camera: Camera, east_m: float, north_m: float) -> Position:
    """The position so many metres from a camera."""
    lon, lat, _ = _EARTH.fwd(
        camera.position.lon,
        camera.position.lat,
        math.degrees(math.atan2(east_m, north_m)),
        math.hypot(east_m, north_m),
    )
    return Position(float(lat), float(lon))


def combined(one: Vector, times: float, other: Vector, others: float) -> Vector:
    """The sum of two vectors, each times a number."""
    x, y, z = (a * times + b * others for a, b in zip(one, other, strict=True))
    return x, y, z


def unit(vector: Vector) -> Vector:
    """The vector of length 1 in the same direction."""
    length = math.hypot(*vector)
    return vector[0] / length, vector[1] / length, vector[2] / length
