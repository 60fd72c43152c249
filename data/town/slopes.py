"""What the hills could do: 土砂災害警戒区域 (yellow) and 特別警戒区域 (red).

Codes are those of 国土数値情報 A33.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from shapely import Polygon

from data.town.frame import Array
from data.town.geojson import Feature

STEEP_SLOPE, DEBRIS_FLOW, LANDSLIP = 1, 2, 3
YELLOW, RED = 1, 2
LETTERS = {STEEP_SLOPE: "K", DEBRIS_FLOW: "D", LANDSLIP: "J"}
CORNERS = 22
RED_SHARE = 0.56
RED_UPHILL_M = 10.0


@dataclass(frozen=True)
class Slope:
    """A slope that may come down: its middle and size in metres, its bearing in degrees."""

    kind: int
    x_m: float
    y_m: float
    length_m: float
    width_m: float
    bearing_deg: float = 0.0
    red: bool = True


SLOPES = (
    Slope(STEEP_SLOPE, 250.0, 3040.0, 220.0, 100.0, 12.0, red=False),
    Slope(STEEP_SLOPE, 640.0, 3075.0, 260.0, 110.0, 6.0),
    Slope(STEEP_SLOPE, 1140.0, 3090.0, 240.0, 120.0, 0.0),
    Slope(STEEP_SLOPE, 1620.0, 3030.0, 260.0, 130.0, -8.0),
    Slope(STEEP_SLOPE, 2060.0, 2985.0, 220.0, 120.0, -6.0),
    Slope(STEEP_SLOPE, 2430.0, 2985.0, 230.0, 110.0, 0.0, red=False),
    Slope(STEEP_SLOPE, 3120.0, 3030.0, 220.0, 120.0, 8.0),
    Slope(STEEP_SLOPE, 3650.0, 3070.0, 260.0, 130.0, 4.0),
    Slope(STEEP_SLOPE, 4160.0, 3060.0, 240.0, 110.0, -4.0, red=False),
    Slope(STEEP_SLOPE, 4700.0, 3030.0, 240.0, 110.0, -8.0),
    Slope(STEEP_SLOPE, 1350.0, 3330.0, 230.0, 130.0, 30.0),
    Slope(STEEP_SLOPE, 3450.0, 3230.0, 200.0, 130.0, 60.0),
    Slope(STEEP_SLOPE, 4330.0, 3270.0, 220.0, 120.0, -55.0, red=False),
    Slope(DEBRIS_FLOW, 900.0, 3130.0, 380.0, 110.0, 88.0),
    Slope(DEBRIS_FLOW, 2730.0, 3110.0, 620.0, 190.0, 98.0),
    Slope(LANDSLIP, 4480.0, 3560.0, 360.0, 240.0, 25.0, red=False),
)


def landslide_zones(rng: Generator) -> list[Feature]:
    """List the zones, each red one after the yellow one that it lies in."""
    zones: list[Feature] = []
    for number, slope in enumerate(SLOPES, start=1):
        spread = rng.uniform(0.76, 1.14, CORNERS)
        zones.append((_outline(slope, spread), _properties(slope, YELLOW, number)))
        if slope.red:
            inner = _outline(slope, RED_SHARE * spread, RED_UPHILL_M)
            zones.append((inner, _properties(slope, RED, number)))
    return zones


def _outline(slope: Slope, spread: Array, uphill_m: float = 0.0) -> Polygon:
    angles = np.linspace(0.0, 2.0 * np.pi, CORNERS, endpoint=False)
    squarish = (np.abs(np.cos(angles)) ** 4 + np.abs(np.sin(angles)) ** 4) ** -0.25 * spread
    along = squarish * np.cos(angles) * slope.length_m / 2.0
    across = squarish * np.sin(angles) * slope.width_m / 2.0
    bearing = np.radians(slope.bearing_deg)
    x_m = slope.x_m + along * np.cos(bearing) - across * np.sin(bearing)
    y_m = slope.y_m + along * np.sin(bearing) + across * np.cos(bearing) + uphill_m
    return Polygon(np.column_stack([x_m, y_m]))


def _properties(slope: Slope, colour: int, number: int) -> dict[str, str | int | float | None]:
    return {
        "A33_001": slope.kind,
        "A33_002": colour,
        "A33_003": "99",
        "A33_004": f"99901-{LETTERS[slope.kind]}-{number:03d}",
        "A33_005": f"浅瀬{number}号",
        "A33_006": "浅瀬市（架空）",
        "A33_008": 0 if slope.red else 1,
    }
