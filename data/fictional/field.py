"""Numbers on a square mesh over the city: heights, distances, depths; and polygons out of them."""

from dataclasses import dataclass

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio.features import rasterize, shapes
from scipy.ndimage import distance_transform_edt, map_coordinates
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from data.fictional.frame import HEIGHT_M, WIDTH_M
from data.town.frame import Array

Ranks = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Mesh:
    """A mesh of square cells, `step_m` wide; row 0 is the northernmost as in a GeoTIFF."""

    step_m: float

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return int(HEIGHT_M / self.step_m), int(WIDTH_M / self.step_m)

    @property
    def transform(self) -> Affine:
        """From column and row to metres."""
        return Affine(self.step_m, 0.0, 0.0, 0.0, -self.step_m, self.shape[0] * self.step_m)

    def middles(self) -> tuple[Array, Array]:
        """Return x and y of every cell's middle (metres), each of the mesh's shape."""
        rows, columns = self.shape
        x_m = (np.arange(columns) + 0.5) * self.step_m
        y_m = (rows - np.arange(rows) - 0.5) * self.step_m
        east, north = np.meshgrid(x_m, y_m)
        return east, north

    def covered(self, geometry: BaseGeometry | list[BaseGeometry]) -> NDArray[np.bool_]:
        """Tell which cells a geometry touches (a line) or covers the middle of (a polygon)."""
        each = geometry if isinstance(geometry, list) else [geometry]
        lines = all("Line" in one.geom_type for one in each)
        burnt = rasterize(
            each, self.shape, transform=self.transform, all_touched=lines, dtype="uint8"
        )
        found: NDArray[np.bool_] = burnt.astype(bool)
        return found

    def distance_m(self, geometry: BaseGeometry | list[BaseGeometry]) -> Array:
        """Measure from every cell to a geometry, exact to about a cell."""
        away: Array = distance_transform_edt(~self.covered(geometry)) * self.step_m
        return away

    def sample(self, values: Array, x_m: Array, y_m: Array) -> Array:
        """Read values between the middles of cells."""
        rows = self.shape[0] - y_m / self.step_m - 0.5
        columns = x_m / self.step_m - 0.5
        found: Array = map_coordinates(values, [rows, columns], order=1, mode="nearest")
        return found

    def polygons(self, ranks: Ranks, smooth_m: float) -> tuple[NDArray[np.object_], Ranks]:
        """Trace the parts of equal rank over 0; they go on sharing their smoothed borders."""
        pairs = shapes(ranks, mask=ranks > 0, transform=self.transform)
        traced = [(Polygon(s["coordinates"][0], s["coordinates"][1:]), r) for s, r in pairs]
        outlines = np.array([polygon for polygon, _ in traced], dtype=object)
        smooth = shapely.make_valid(shapely.coverage_simplify(outlines, smooth_m))
        return smooth, np.array([rank for _, rank in traced], dtype=np.uint8)


def quantile_ranks(values: Array, inside: NDArray[np.bool_], cells: list[int]) -> Ranks:
    """Rank the largest values: the last of `cells` counts those of the highest rank.

    `cells[0]` cells get rank 1, `cells[1]` above them rank 2, and so on; all others rank 0.
    """
    numbers = np.flatnonzero(inside)
    lowered = -values.ravel()[numbers]
    wanted = min(sum(cells), len(lowered) - 1)
    last = np.partition(lowered, wanted)[wanted]
    numbers, lowered = numbers[lowered <= last], lowered[lowered <= last]
    order = numbers[np.argsort(lowered, kind="stable")]
    ranks = np.zeros(values.size, dtype=np.uint8)
    end = 0
    for rank in range(len(cells), 0, -1):
        ranks[order[end : end + cells[rank - 1]]] = rank
        end += cells[rank - 1]
    return ranks.reshape(values.shape)
