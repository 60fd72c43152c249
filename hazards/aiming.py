"""Where on the ground a drone's camera looked, how much of it, and how surely.

The outline of the picture is in `hazards/footprint.py`.
"""

import math
from dataclasses import dataclass, replace
from typing import Final

from shapely.geometry import Polygon

from city.position import Position
from hazards.footprint import Lens, outline
from hazards.sightline import (
    FARTHEST_M,
    Camera,
    Ground,
    Vector,
    axes,
    combined,
    slant_m,
    spot,
    unit,
)

_TWO_THIRDS: Final = math.sqrt(math.log(3))
"""Times the root of both variances: two thirds of a round error lie within, more of a long one."""


@dataclass(frozen=True, slots=True)
class Sigmas:
    """One standard deviation of what a camera says of itself.

    `position_m` in each direction: 8 m in 95 of 100 cases (GPS SPS Performance Standard, 2020).
    `yaw`: 0 to 5 degrees nearly always, seldom 20 to 40 (dji-sdk/Onboard-SDK 852, Mobile-SDK
    V5 536). By the project's own reckoning: `height_m` of a barometer, whose 0.25 hPa are 2 m;
    `ground_m`, how far the ground is from where it is taken to be, on a plain; `tilt`, of a gimbal.
    """

    position_m: float = 3.3
    height_m: float = 2.0
    ground_m: float = 5.0
    yaw: float = 5.0
    tilt: float = 1.0


FLAT: Final = Sigmas()
"""Where nothing is known of the ground: in hills it says too little, there give the heights."""
WITH_HEIGHTS: Final = Sigmas(ground_m=1.0)
"""Where an elevation model is known."""


@dataclass(frozen=True, slots=True)
class Aimed:
    """What stands in the middle of a picture.

    `error_m` the radius in which it lies with two thirds' certainty; `footprint` what the picture
    shows, in (lon, lat), None where the lens is unknown.
    """

    target: Position
    slant_m: float
    error_m: float
    footprint: Polygon | None


@dataclass(frozen=True, slots=True)
class NoTarget:
    """Why a picture shows no spot on the ground: for a person to place it."""

    why: str


def aim(
    camera: Camera,
    lens: Lens | None = None,
    *,
    ground: Ground | None = None,
    sigmas: Sigmas | None = None,
) -> Aimed | NoTarget:
    """The ground in the middle of a picture: over heights that are known, or as flat."""
    sigmas = sigmas or (WITH_HEIGHTS if ground else FLAT)
    why = _refused(camera, sigmas)
    if why:
        return NoTarget(why)
    ahead, right, up = axes(camera)
    slant = slant_m(camera, ahead, ground)
    if slant is None or slant > FARTHEST_M:
        return NoTarget(f"写した地点が遠すぎます（no ground within {FARTHEST_M:,.0f} m）")
    if slant == 0:
        return NoTarget("カメラが地面より下です。標高の取り違え？（the ground lies above it）")
    error = _error_m(camera, slant, ground, sigmas)
    if not math.isfinite(error):
        return NoTarget("水平に近すぎ、地点が決まりません（the error has no end）")
    footprint = None
    if lens is not None:
        ring = outline(lens, (ahead, right, up), -ahead[2] * slant)
        footprint = Polygon([(at.lon, at.lat) for at in (spot(camera, *xy) for xy in ring)])
    return Aimed(spot(camera, ahead[0] * slant, ahead[1] * slant), slant, error, footprint)


def above_takeoff(heights: Ground, takeoff: Position) -> Ground | None:
    """Heights above sea as heights above the take-off; None where that one is not known."""
    base = heights(takeoff)
    if base is None:
        return None
    level: float = base

    def relative(position: Position) -> float | None:
        height = heights(position)
        return None if height is None else height - level

    return relative


def _refused(camera: Camera, sigmas: Sigmas) -> str:
    if not all(map(math.isfinite, (camera.height_m, camera.yaw, camera.pitch, camera.roll))):
        return "高さか向きが数ではありません（no finite height or angle）"
    if camera.height_m <= 0:
        return "離陸した地面より高くありません（not above the ground of the take-off）"
    depression = -math.degrees(math.asin(math.sin(math.radians(camera.pitch))))
    if depression <= 0:
        return "水平か上を向いています（it looks at the horizon, or above it）"
    if depression <= sigmas.tilt:
        return "水平に近すぎ、地点が決まりません（too near the horizon）"
    return ""


def _error_m(camera: Camera, slant: float, ground: Ground | None, sigmas: Sigmas) -> float:
    """How far the target moves where each statement is one deviation off: the farther way of two,
    for near the horizon they differ.
    """
    ahead, _, _ = axes(camera)
    level = (math.cos(math.radians(camera.yaw)), -math.sin(math.radians(camera.yaw)), 0.0)
    pitch, yaw, tilt = (math.radians(a) for a in (camera.pitch, sigmas.yaw, sigmas.tilt))
    across = math.hypot(yaw * math.cos(pitch), tilt * math.sin(pitch))
    height = math.hypot(sigmas.height_m, sigmas.ground_m)

    def moved(other: Camera, direction: Vector) -> float:
        there = slant_m(other, direction, ground)
        if there is None:
            return math.inf
        return math.dist(
            (ahead[0] * slant, ahead[1] * slant), (direction[0] * there, direction[1] * there)
        )

    tilted = [replace(camera, pitch=camera.pitch + side * sigmas.tilt) for side in (-1, 1)]
    raised = [max(camera.height_m + side * height, 0.0) for side in (-1, 1)]
    turned = [unit(combined(ahead, 1.0, level, side * math.tan(across))) for side in (-1, 1)]
    moves = (
        max(moved(camera, axes(other)[0]) for other in tilted),
        max(moved(replace(camera, height_m=other), ahead) for other in raised),
        max(moved(camera, direction) for direction in turned),
    )
    return _TWO_THIRDS * math.hypot(*moves, sigmas.position_m, sigmas.position_m)
