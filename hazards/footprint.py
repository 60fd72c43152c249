"""What a picture shows of level ground: a lens, and the outline that its corners draw."""

import math
from dataclasses import dataclass
from typing import Final

from hazards.sightline import Vector

FOOTPRINT_M: Final = 1_500.0
"""Ahead of the camera: there a footprint ends whose upper corners see the horizon."""
WIDEST: Final = math.tan(math.radians(75))
"""Of half an angle of view: wider ones are fish-eyes, or a broken tag."""
FILM_MM: Final = math.hypot(36, 24)
"""Diagonal of 35 mm film, by which equivalent focal lengths are reckoned (CIPA DCG-001)."""


@dataclass(frozen=True, slots=True)
class Lens:
    """How far a picture reaches from its middle: tangents of half its angles of view."""

    across: float
    upright: float


def lens_of_film(focal_mm: float, width: float, height: float) -> Lens | None:
    """The lens of a 35 mm equivalent focal length; None for one that no camera has.

    By the diagonal: of a picture that is cut from its sensor's height it says up to a tenth too
    much.
    """
    diagonal = math.hypot(width, height)
    if not (math.isfinite(focal_mm) and focal_mm > 0 and min(width, height) > 0):
        return None
    half = FILM_MM / 2 / focal_mm / diagonal
    return _lens(half * width, half * height)


def lens_of_sensor(
    focal_mm: float, sensor_mm: tuple[float, float], width: float, height: float
) -> Lens | None:
    """The lens before a sensor of that width and height, of which the picture fills one."""
    if not (math.isfinite(focal_mm) and focal_mm > 0 and min(width, height) > 0):
        return None
    pixel = min(sensor_mm[0] / width, sensor_mm[1] / height)
    half = pixel / 2 / focal_mm
    return _lens(half * width, half * height)


def outline(
    lens: Lens, axes: tuple[Vector, Vector, Vector], height_m: float
) -> list[tuple[float, float]]:
    """Corners (east, north) in metres from below the camera, on ground `height_m` below it.

    `axes` ahead, right and up of a camera that looks below the horizon. What lies farther ahead
    than `FOOTPRINT_M` is cut off.
    """
    ahead, right, up = axes
    sides = ((-1, -1), (1, -1), (1, 1), (-1, 1))
    rays = [
        _ray(ahead, right, up, across * lens.across, above * lens.upright)
        for across, above in sides
    ]
    north = math.atan2(ahead[0], ahead[1])

    def beyond(ray: Vector) -> float:
        forward = ray[0] * math.sin(north) + ray[1] * math.cos(north)
        return forward * height_m + ray[2] * FOOTPRINT_M

    return [
        (ray[0] * height_m / -ray[2], ray[1] * height_m / -ray[2])
        for ray in _cut(rays, [beyond(ray) for ray in rays])
    ]


def _cut(rays: list[Vector], beyond: list[float]) -> list[Vector]:
    """The part of a ring of rays that is not beyond (Sutherland and Hodgman, 1974)."""
    kept: list[Vector] = []
    for at, ray in enumerate(rays):
        last, before = rays[at - 1], beyond[at - 1]
        if (before > 0) != (beyond[at] > 0):
            share = before / (before - beyond[at])
            x, y, z = (a + share * (b - a) for a, b in zip(last, ray, strict=True))
            kept.append((x, y, z))
        if beyond[at] <= 0:
            kept.append(ray)
    return kept


def _ray(ahead: Vector, right: Vector, up: Vector, across: float, above: float) -> Vector:
    x, y, z = (a + across * r + above * u for a, r, u in zip(ahead, right, up, strict=True))
    return x, y, z


def _lens(across: float, upright: float) -> Lens | None:
    return Lens(across, upright) if math.hypot(across, upright) <= WIDEST else None
