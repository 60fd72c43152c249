"""Rain that finds no way out (内水), the flood that is forecast, and water already seen."""

from typing import Final

import numpy as np
import shapely

from data.fictional.crossings import THOROUGHFARES
from data.fictional.drawing import Kinds
from data.fictional.field import Mesh
from data.fictional.flood import Flood, Zones, traced
from data.fictional.land import GROUND, Land
from data.fictional.noding import Sections
from data.town.frame import Array

INLAND_KM2: Final = (2.6, 0.7, 0.05)
INLAND: Final = Mesh(20.0)
FORECAST: Final = Mesh(25.0)
STEPS_MIN: Final = (30, 60, 90, 120, 180, 240, 300, 360)
BREACHES: Final = ((9900.0, 5250.0, 20.0), (12_700.0, 5750.0, 75.0))
"""Where the bank is forecast to give way: x and y in metres, minutes after the beginning."""
METRES_A_MINUTE: Final = 13.0
FULL_AFTER_MIN: Final = 150.0
FORECAST_DEPTHS_M: Final = (0.05, 0.5, 3.0, 5.0, 10.0)


def underpass_points(sections: Sections, kinds: Kinds) -> Array:
    """Return the middles of the underpasses of thoroughfares (N, 2)."""
    dips = np.array([bool(k.tunnel) and k.highway in THOROUGHFARES for k in kinds.each])
    shapes = sections.shapes[dips[sections.kind]]
    points = shapely.line_interpolate_point(shapes, 0.5, normalized=True)
    found: Array = shapely.get_coordinates(points)
    return found


def inland_zones(land: Land, dips: Array) -> Zones:
    """List where rain stands: in low spots away from the rivers, and in every underpass."""
    x_m, y_m = INLAND.middles()
    low = -land.relief.at(3.1 * x_m, 3.1 * y_m) - 0.8 * land.folds.at(x_m, y_m)
    low -= 0.2 * GROUND.sample(land.hills_m, x_m, y_m)
    for at_x_m, at_y_m in dips.tolist():
        low += 3.4 * np.exp(-((x_m - at_x_m) ** 2 + (y_m - at_y_m) ** 2) / 75.0**2)
    inside = INLAND.covered(land.outline) & ~INLAND.covered(land.water.buffer(10.0))
    order = np.sort(low[inside])[::-1]
    cells = np.cumsum(np.array(INLAND_KM2[::-1]) * 1e6 / INLAND.step_m**2).astype(int)[::-1]
    ranks = np.zeros(low.shape, dtype=np.uint8)
    for rank, count in enumerate(cells.tolist(), start=1):
        ranks[inside & (low >= order[count])] = rank
    return traced(INLAND, ranks, land.water, 16.0)


def forecast_zones(flood: Flood) -> list[tuple[int, Zones]]:
    """List what is forecast to be under water at each step (minutes after the beginning)."""
    x_m, y_m = FORECAST.middles()
    from_m = np.clip(flood.depth_score - _shallowest(flood), 0.0, None)
    depth_m = FORECAST_DEPTHS_M[0] + 0.9 * _coarse(from_m) ** 1.25
    wet = _coarse(flood.wet.astype(float)) > 0.5
    after_min = _arrival_min(x_m, y_m)
    found = []
    for step in STEPS_MIN:
        share = np.clip((step - after_min) / FULL_AFTER_MIN, 0.0, 1.0) ** 0.6
        ranks = np.digitize(depth_m * share, FORECAST_DEPTHS_M) * (wet & (share > 0.0))
        zones = traced(FORECAST, ranks.astype(np.uint8), flood.land.water, 20.0)
        found.append((step, zones))
    return found


def seen_water(land: Land) -> shapely.Polygon:
    """Draw the water that has been seen at the beginning: on the left bank, in a low place."""
    middle = shapely.Point(9750.0, 5480.0)
    patch = shapely.affinity.scale(middle.buffer(1.0, 12), 330.0, 170.0)
    dry = shapely.difference(shapely.affinity.rotate(patch, -24.0), land.water.buffer(3.0))
    return shapely.Polygon(max(shapely.get_parts(dry), key=shapely.area))


def _arrival_min(x_m: Array, y_m: Array) -> Array:
    arrivals = [
        begins_min + np.hypot(x_m - at_x_m, 1.3 * (y_m - at_y_m)) / METRES_A_MINUTE
        for at_x_m, at_y_m, begins_min in BREACHES
    ]
    earliest: Array = np.minimum.reduce(arrivals)
    return earliest


def _shallowest(flood: Flood) -> float:
    return float(flood.depth_score[flood.wet].min())


def _coarse(values: Array) -> Array:
    """Read a value of the flood's mesh at the middles of the forecast's cells."""
    from data.fictional.flood import MESH

    x_m, y_m = FORECAST.middles()
    return MESH.sample(values, x_m, y_m)
