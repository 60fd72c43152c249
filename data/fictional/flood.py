"""What the rivers could do: assumed depth, duration, and zones where houses are torn away.

Ranks are those of 国土数値情報 A31b. As in real data, which are traced from a mesh, the rivers' own
channels are empty.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter
from shapely.geometry.base import BaseGeometry

from data.fictional.drawing import Shapes
from data.fictional.field import Mesh, Ranks, quantile_ranks
from data.fictional.land import GROUND, Land
from data.town.frame import Array

MESH: Final = Mesh(10.0)
DEPTH_KM2: Final = (15.6, 8.4, 0.64, 0.19, 0.02)
DURATION_KM2: Final = (11.2, 7.6, 6.2, 1.6)
SMOOTH_M: Final = 11.0
SMALLEST_M2: Final = 250.0
HOLLOWS: Final = (
    (12_900.0, 5000.0, 260.0, 6.0),
    (9750.0, 4950.0, 240.0, 4.4),
    (11_300.0, 7800.0, 220.0, 4.0),
    (6300.0, 5300.0, 200.0, 3.6),
    (14_450.0, 5150.0, 230.0, 4.0),
)
"""Low places near the rivers: x, y, radius and extra depth, all in metres."""
TORRENTS: Final = ((4300.0, 6400.0), (8800.0, 11_700.0), (12_600.0, 14_600.0))
TORRENT_M: Final = 150.0
EROSION_M: Final = 50.0
FLOW, EROSION = 1, 2


@dataclass(frozen=True, slots=True, eq=False)
class Zones:
    """Polygons (metres) and what each states: a rank or a code."""

    shapes: Shapes
    rank: NDArray[np.int64]


@dataclass(frozen=True)
class Flood:
    """The largest flood: a score that says which ground is under more water."""

    land: Land

    @cached_property
    def ground(self) -> NDArray[np.bool_]:
        """Tell which cells are within the city and not in a river."""
        inside = MESH.covered(self.land.outline) & ~MESH.covered(self.land.water)
        found: NDArray[np.bool_] = inside
        return found

    @cached_property
    def depth_score(self) -> Array:
        """Measure how deep each cell could lie; only the order of the numbers counts."""
        x_m, y_m = GROUND.middles()
        reach_m = np.interp(x_m, (0.0, 5000.0, 9000.0, 16_000.0), (150.0, 700.0, 1250.0, 1700.0))
        relief = self.land.relief.at(x_m, y_m)
        near = np.clip(1.0 - self.land.river_distance_m / (reach_m * (1.0 + 0.2 * relief)), -1, 1)
        score = 4.4 * np.sign(near) * np.abs(near) ** 1.2 - 0.5 * self.land.hills_m
        score += 0.55 * self.land.relief.at(2.7 * x_m, 2.7 * y_m) - 0.25 * relief
        score += 0.16 * self.land.relief.at(8.0 * x_m, 8.0 * y_m)
        for at_x_m, at_y_m, radius_m, deeper_m in HOLLOWS:
            away2 = (x_m - at_x_m) ** 2 + (y_m - at_y_m) ** 2
            score += deeper_m * np.exp(-away2 / radius_m**2)
        fine_x, fine_y = MESH.middles()
        sampled: Array = GROUND.sample(score, fine_x, fine_y)
        return sampled

    @cached_property
    def depth_rank(self) -> Ranks:
        """Rank the depth of every cell, 0 where it stays dry."""
        return quantile_ranks(self.depth_score, self.ground, _cells(DEPTH_KM2))

    @cached_property
    def wet(self) -> NDArray[np.bool_]:
        """Tell which cells are under water in the largest flood."""
        return self.depth_rank > 0


def depth_zones(flood: Flood) -> Zones:
    """List the assumed depths (A31b_201)."""
    return traced(MESH, flood.depth_rank, flood.land.water, SMOOTH_M)


def duration_zones(flood: Flood) -> Zones:
    """List how long the water stays (A31b_301), also a little beyond where depth is mapped."""
    wet = maximum_filter(flood.wet, 5) & flood.ground
    x_m, _ = MESH.middles()
    score = flood.depth_score + np.interp(x_m, (0.0, 16_600.0), (-1.0, 1.6))
    share = wet.sum() * MESH.step_m**2 / 1e6 / sum(DURATION_KM2)
    cells = _cells(tuple(km2 * share for km2 in DURATION_KM2))
    return traced(MESH, quantile_ranks(score, wet, cells), flood.land.water, 2.0 * SMOOTH_M)


def collapse_zones(land: Land) -> Zones:
    """List where houses are torn away (A31b_401): by the torrent, and by erosion of the banks.

    Erosion goes on up the valleys, where no flood is mapped.
    """
    rows: list[tuple[BaseGeometry, int]] = []
    for west_m, east_m in TORRENTS:
        reach = shapely.intersection(land.main_river, shapely.box(west_m, 0.0, east_m, 14_600.0))
        rows += [(part, FLOW) for part in _bank(reach.buffer(TORRENT_M), land)]
    for river in (land.main_channel, land.branch_channel):
        rows += [(part, EROSION) for part in _bank(river.buffer(EROSION_M), land)]
    shapes = np.empty(len(rows), dtype=object)
    shapes[:] = [shape for shape, _ in rows]
    return Zones(shapes, np.array([code for _, code in rows]))


def traced(mesh: Mesh, ranks: Ranks, bed: BaseGeometry, smooth_m: float) -> Zones:
    """Trace ranked cells as polygons that leave the rivers' beds out, but reach their banks."""
    over_the_bank = np.where(mesh.covered(bed), maximum_filter(ranks, 5), ranks)
    shapes, rank = mesh.polygons(over_the_bank, smooth_m)
    shapely.prepare(bed)
    wet = shapely.intersects(shapes, bed)
    shapes[wet] = shapely.difference(shapes[wet], bed)
    parts, owner = shapely.get_parts(shapes, return_index=True)
    kept = (shapely.get_type_id(parts) == 3) & (shapely.area(parts) >= SMALLEST_M2)
    return Zones(parts[kept], rank[owner[kept]].astype(np.int64))


def _bank(zone: BaseGeometry, land: Land) -> list[BaseGeometry]:
    plain = zone.intersection(land.outline).simplify(1.5)
    parts = shapely.get_parts(shapely.difference(plain, land.water))
    return [part for part in parts if part.area > SMALLEST_M2]


def _cells(km2: tuple[float, ...]) -> list[int]:
    return [int(each * 1e6 / MESH.step_m**2) for each in km2]
