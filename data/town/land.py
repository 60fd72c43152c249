"""The land: river and stream, railway, hills, and the outline of the town (all in metres)."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.random import Generator
from shapely import LineString, Polygon

from data.town.curves import Ripple, curve, ripple
from data.town.frame import Array

RIVER_NAME = "浅瀬川"
STREAM_NAME = "小瀬川"
RIVER_WIDTH_M = 50.0
STREAM_WIDTH_M = 12.0
HILL_HEIGHT_M = 112.0
HILL_DEPTH_M = 820.0
TERRACE_M = 9.0

RIVER = (
    (-200, 1370), (0, 1350), (420, 1240), (900, 1130), (1400, 1250), (1900, 1400), (2400, 1420),
    (2900, 1270), (3300, 1240), (3700, 1300), (3950, 1130), (4020, 820), (4230, 560), (4560, 550),
    (4770, 820), (4790, 1130), (4900, 1340), (5050, 1390), (5200, 1400),
)  # fmt: skip
STREAM = (
    (2820, 4080), (2690, 3800), (2720, 3450), (2790, 3020), (2700, 2700), (2740, 2400),
    (2790, 2080), (2710, 1800), (2720, 1600), (2800, 1305),
)  # fmt: skip
RAILWAY = ((-150, 1960), (1000, 2005), (2500, 2085), (4000, 2010), (5150, 1890))
OUTLINE = (
    (0, 60), (900, 0), (1700, 60), (2500, 10), (3400, 60), (4300, 20), (4940, 120), (5000, 1200),
    (4970, 2200), (5000, 3000), (4700, 3520), (4050, 3880), (3300, 3770), (2600, 3960),
    (1900, 3990), (1100, 3960), (620, 3560), (30, 3250), (0, 2000), (20, 1000),
)  # fmt: skip


@dataclass(frozen=True)
class Land:
    """What was there before the streets."""

    river: LineString
    stream: LineString
    railway: LineString
    outline: Polygon
    relief: Ripple

    @cached_property
    def channel(self) -> Polygon:
        """Return the surface of the river."""
        return self.river.buffer(RIVER_WIDTH_M / 2.0, cap_style="flat")

    @cached_property
    def brook(self) -> Polygon:
        """Return the surface of the stream, down to the river's bank."""
        water = self.stream.buffer(STREAM_WIDTH_M / 2.0, cap_style="flat")
        lower = shapely.difference(water, self.channel)
        return Polygon(max(shapely.get_parts(lower), key=shapely.area))

    def river_distance_m(self, x_m: Array, y_m: Array) -> Array:
        """Measure the distance to the middle of the river."""
        shapely.prepare(self.river)
        return np.asarray(shapely.distance(shapely.points(x_m, y_m), self.river), dtype=np.float64)

    def height_m(self, x_m: Array, y_m: Array) -> Array:
        """Measure the height above the sea: a plain that falls eastwards, terrace and hills."""
        plain_m = 9.5 - 4.0 * x_m / 5000.0 + 0.4 * self.relief.at(x_m, y_m)
        height: Array = plain_m + self.rise_m(x_m, y_m)
        return height

    def rise_m(self, x_m: Array, y_m: Array) -> Array:
        """Measure the height above the plain: hills in the north, a terrace in the south."""
        foot_m = 2990.0 + 90.0 * np.sin(x_m / 620.0)
        climb = np.clip((y_m - foot_m) / HILL_DEPTH_M, 0.0, 1.0)
        valley = 1.0 - 0.55 * np.exp(-(((x_m - 2720.0) / 230.0) ** 2))
        rough = 0.84 + 0.16 * np.clip(self.relief.at(x_m, y_m), -1.0, 1.0)
        hills_m = HILL_HEIGHT_M * climb**2 * (3.0 - 2.0 * climb) * rough * valley
        rise: Array = hills_m + self.terrace_m(x_m, y_m)
        return rise

    def terrace_m(self, x_m: Array, y_m: Array) -> Array:
        """Measure the rise of the terrace on the right bank, which no flood reaches."""
        along = np.clip(1.0 - ((x_m - 2780.0) / 560.0) ** 2, 0.0, 1.0)
        across = np.clip(1.0 - ((y_m - 960.0) / 330.0) ** 2, 0.0, 1.0)
        rise: Array = TERRACE_M * np.minimum(1.0, 2.2 * along) * np.minimum(1.0, 4.0 * across)
        return rise


def lay_land(rng: Generator) -> Land:
    """Lay out the land: its lines are fixed, its relief is drawn."""
    return Land(
        river=curve(RIVER),
        stream=curve(STREAM),
        railway=curve(RAILWAY),
        outline=Polygon(curve(OUTLINE, closed=True)),
        relief=ripple(rng, 520.0),
    )
