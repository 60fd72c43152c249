"""What the hills could do: 土砂災害警戒区域 (yellow) and 特別警戒区域 (red).

Codes are those of 国土数値情報 A33: A33_001 1 steep slope, 2 debris flow, 3 landslip.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.random import Generator

from data.fictional.drawing import Indices, Shapes
from data.fictional.land import GROUND, Land
from data.town.frame import Array

STEEP_SLOPE, DEBRIS_FLOW, LANDSLIP = 1, 2, 3
YELLOW, RED = 1, 2
KINDS: Final = (STEEP_SLOPE, DEBRIS_FLOW, LANDSLIP)
SHARES: Final = (0.70, 0.25, 0.05)
LENGTH_M: Final = (70.0, 190.0, 260.0)
WIDTH_M: Final = (55.0, 70.0, 170.0)
COUNT: Final = 430
APART_M: Final = 105.0
STEEP: Final = 0.13
NOT_ABOVE_M: Final = 95.0
CORNERS: Final = 20
RED_SHARE: Final = 0.55
RED_OF_STEEP: Final = 0.85


@dataclass(frozen=True, slots=True, eq=False)
class Slopes:
    """Zones in metres: 現象 (A33_001) and colour (A33_002) of each, and the slope's number."""

    shapes: Shapes
    kind: Indices
    colour: Indices
    number: Indices


def landslide_zones(land: Land, rng: Generator) -> Slopes:
    """List the zones: first all yellow ones, then the red ones that lie in them."""
    xy, downhill = _places(land, rng)
    kind = rng.choice(KINDS, len(xy), p=SHARES)
    size = rng.uniform(0.7, 1.4, (len(xy), 1))
    along = np.array(LENGTH_M)[kind - 1][:, None] * size
    across = np.array(WIDTH_M)[kind - 1][:, None] * size
    spread = rng.uniform(0.78, 1.14, (len(xy), CORNERS))
    red = (rng.random(len(xy)) < RED_OF_STEEP) & (kind != LANDSLIP)
    yellow = _outlines(xy, downhill, along * spread, across * spread)
    uphill = xy - 0.12 * along * np.column_stack([np.cos(downhill), np.sin(downhill)])
    inner = _outlines(uphill, downhill, RED_SHARE * along * spread, RED_SHARE * across * spread)
    number = np.arange(1, len(xy) + 1)
    return Slopes(
        np.concatenate([yellow, inner[red]]),
        np.concatenate([kind, kind[red]]),
        np.concatenate([np.full(len(xy), YELLOW), np.full(int(red.sum()), RED)]),
        np.concatenate([number, number[red]]),
    )


def _places(land: Land, rng: Generator) -> tuple[Array, Array]:
    """Draw the middles of steep slopes near where people live, and which way is downhill."""
    # Row 0 is the northernmost: down the rows is south.
    south = np.asarray(np.gradient(-land.height_m, GROUND.step_m, axis=0))
    east = np.asarray(np.gradient(-land.height_m, GROUND.step_m, axis=1))
    north = -south
    steep = np.hypot(north, east) > STEEP
    low = land.hills_m < NOT_ABOVE_M
    rows, columns = np.nonzero(steep & low & GROUND.covered(land.outline.buffer(-150.0)))
    x_m, y_m = (middle[rows, columns] for middle in GROUND.middles())
    chosen = _apart(np.column_stack([x_m, y_m])[rng.permutation(len(rows))])
    angle = np.arctan2(GROUND.sample(north, *chosen.T), GROUND.sample(east, *chosen.T))
    return chosen, angle


def _apart(xy: Array) -> Array:
    """Keep the first positions that lie apart from each other, on a coarse mesh."""
    cell = np.floor(xy / APART_M).astype(np.int64)
    _, first = np.unique(cell, axis=0, return_index=True)
    kept: Array = xy[np.sort(first)[:COUNT]]
    return kept


def _outlines(xy: Array, bearing: Array, length_m: Array, width_m: Array) -> Shapes:
    angles = np.linspace(0.0, 2.0 * np.pi, CORNERS, endpoint=False)
    squarish = (np.abs(np.cos(angles)) ** 4 + np.abs(np.sin(angles)) ** 4) ** -0.25
    along = squarish * np.cos(angles) * length_m / 2.0
    across = squarish * np.sin(angles) * width_m / 2.0
    cosine, sine = np.cos(bearing)[:, None], np.sin(bearing)[:, None]
    x_m = xy[:, :1] + along * cosine - across * sine
    y_m = xy[:, 1:] + along * sine + across * cosine
    return np.asarray(shapely.polygons(np.stack([x_m, y_m], axis=2)), dtype=object)
