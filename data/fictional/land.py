"""The land: two rivers, railways, an expressway, hills with valleys, the outline (metres)."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import shapely
from numpy.random import Generator
from shapely import LineString, Polygon
from shapely.affinity import scale
from shapely.geometry.base import BaseGeometry

from data.fictional import courses
from data.fictional.field import Mesh
from data.fictional.frame import WIDTH_M
from data.town.curves import Ripple, curve, ripple
from data.town.frame import Array

AREA_M2: Final = 186e6
MAIN_WIDTH_M: Final = 80.0
BRANCH_WIDTH_M: Final = 34.0
HILL_HEIGHT_M: Final = 300.0
VALLEY_M: Final = 210.0
INCISION_M: Final = 3.0
GROUND: Final = Mesh(25.0)


@dataclass(frozen=True)
class Land:
    """What was there before the streets."""

    main_river: LineString
    branch: LineString
    railways: tuple[LineString, ...]
    expressway: LineString
    valleys: tuple[LineString, ...]
    outline: Polygon
    relief: Ripple
    folds: Ripple

    @cached_property
    def main_channel(self) -> Polygon:
        """Return the surface of the main river within the outline."""
        water = self.main_river.buffer(MAIN_WIDTH_M / 2.0, cap_style="flat")
        return _largest(water.intersection(self.outline))

    @cached_property
    def branch_channel(self) -> Polygon:
        """Return the surface of the branch, down to the main river's bank."""
        water = self.branch.buffer(BRANCH_WIDTH_M / 2.0, cap_style="flat")
        return _largest(water.intersection(self.outline).difference(self.main_channel))

    @cached_property
    def water(self) -> BaseGeometry:
        """Return both channels."""
        return shapely.union(self.main_channel, self.branch_channel)

    @cached_property
    def rails(self) -> BaseGeometry:
        """Return all railway lines."""
        return shapely.MultiLineString(self.railways)

    @cached_property
    def river_distance_m(self) -> Array:
        """Measure from each cell of the ground to the middle of the nearest river."""
        return GROUND.distance_m([self.main_river, self.branch])

    @cached_property
    def hills_m(self) -> Array:
        """Return the rise of the hills above the plain, over the ground's mesh."""
        x_m, y_m = GROUND.middles()
        climb = np.clip((self.foot_m(x_m, y_m) - x_m) / 3600.0, 0.0, 1.0)
        rough = 0.74 + 0.30 * np.clip(self.folds.at(x_m, y_m), -1.0, 1.0)
        near = GROUND.distance_m([*self.valleys, self.main_river])
        valley = 1.0 - 0.86 * np.exp(-((near / VALLEY_M) ** 2))
        rise: Array = HILL_HEIGHT_M * climb**1.35 * rough * valley
        return rise

    def foot_m(self, x_m: Array, y_m: Array) -> Array:
        """Return how far east the hills reach."""
        wave = 420.0 * np.sin(y_m / 1150.0) + 330.0 * self.folds.at(0.5 * x_m, 0.5 * y_m)
        north = 3300.0 * np.clip((y_m - 10_400.0) / 3000.0, 0.0, 1.0) ** 1.5
        foot: Array = 5050.0 + wave + north
        return foot

    @cached_property
    def height_m(self) -> Array:
        """Return the height above the sea over the ground's mesh."""
        x_m, y_m = GROUND.middles()
        plain = 78.0 - 66.0 * np.clip(x_m / WIDTH_M, 0.0, 1.0) ** 0.8
        rolling = 1.1 * self.relief.at(x_m, y_m) + 5.0 * np.clip(
            self.folds.at(0.6 * x_m + 900.0, 0.6 * y_m) - 0.35, 0.0, 0.5
        ) * (self.river_distance_m > 700.0)
        bed = GROUND.covered(self.water) * INCISION_M
        height: Array = plain + rolling + self.hills_m - bed
        return height

    def height_at(self, xy_m: Array) -> Array:
        """Read the height at positions (N, 2)."""
        return GROUND.sample(self.height_m, xy_m[:, 0], xy_m[:, 1])

    def hills_at(self, xy_m: Array) -> Array:
        """Read the rise of the hills at positions (N, 2)."""
        return GROUND.sample(self.hills_m, xy_m[:, 0], xy_m[:, 1])


def lay_land(rng: Generator) -> Land:
    """Lay out the land: its lines are fixed, its relief is drawn."""
    drawn = Polygon(curve(courses.OUTLINE, closed=True))
    factor = float(np.sqrt(AREA_M2 / drawn.area))
    return Land(
        main_river=curve(courses.MAIN_RIVER),
        branch=curve(courses.BRANCH),
        railways=tuple(curve(points) for points in courses.RAILWAYS),
        expressway=curve(courses.EXPRESSWAY),
        valleys=tuple(curve(points) for points in courses.VALLEYS),
        outline=scale(drawn, factor, factor, origin=(4000.0, 7200.0)),
        relief=ripple(rng, 700.0),
        folds=ripple(rng, 1500.0),
    )


def _largest(geometry: BaseGeometry) -> Polygon:
    return Polygon(max(shapely.get_parts(geometry), key=lambda part: float(part.area)))
