"""What the river could do: assumed depth, duration, and zones where houses are torn away.

Ranks are those of 国土数値情報 A31b. Depth: 1 = under 0.5 m, 2 = 0.5–3, 3 = 3–5, 4 = 5–10,
5 = 10–20. Duration: 1 = under 12 h, 2 = 12–24, 3 = 24–72, 4 = 72–168. Collapse: 1 = 氾濫流,
2 = 河岸侵食. As in the real data, which are traced from a mesh, the river's own channel is empty.
"""

from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation
from shapely import MultiPolygon, Polygon

from data.town.frame import HEIGHT_M, WIDTH_M, Array
from data.town.geojson import Feature
from data.town.land import Land

MESH_M = 20.0
SMOOTHING_M = 30.0
BEYOND_TOWN_M = 60.0
DEPTH_BOUNDS_M = (0.08, 0.5, 3.0, 5.0, 10.0)
DURATION_BOUNDS_H = (12.0, 24.0, 72.0)
UNKNOWN_DURATION = (0.0, 0.0, 900.0, 1130.0)
EROSION_M = 48.0
TORRENT_M = 130.0
TORRENTS = ((180.0, 760.0), (1650.0, 2520.0), (3700.0, 4960.0))
CHANNEL_MARGIN_M = 3.0


def depth_zones(land: Land) -> list[Feature]:
    """List the assumed depths, rank by rank."""
    x_m, y_m = _mesh()
    ranks = np.digitize(_depth_m(land, x_m, y_m), DEPTH_BOUNDS_M)
    return [(zone, {"A31b_201": rank}) for rank, zone in _zones(ranks, land)]


def duration_zones(land: Land) -> list[Feature]:
    """List how long the water stays; one corner of the town was never surveyed."""
    x_m, y_m = _mesh()
    wet = binary_dilation(_depth_m(land, x_m, y_m) > DEPTH_BOUNDS_M[0], iterations=2)
    ranks = np.where(wet, 1 + np.digitize(_duration_h(land, x_m, y_m), DURATION_BOUNDS_H), 0)
    west_m, south_m, east_m, north_m = UNKNOWN_DURATION
    corner = (x_m >= west_m) & (x_m <= east_m) & (y_m >= south_m) & (y_m <= north_m)
    return [(zone, {"A31b_301": rank}) for rank, zone in _zones(np.where(corner, 0, ranks), land)]


def collapse_zones(land: Land) -> list[Feature]:
    """List where houses are torn away: by the torrent in the bends, by erosion along the banks."""
    zones: list[Feature] = []
    for west_m, east_m in TORRENTS:
        reach = shapely.intersection(land.river, shapely.box(west_m, 0.0, east_m, HEIGHT_M))
        zones += [(part, {"A31b_401": 1}) for part in _bank(reach.buffer(TORRENT_M), land)]
    erosion = land.channel.buffer(EROSION_M, cap_style="flat")
    zones += [(part, {"A31b_401": 2}) for part in _bank(erosion, land)]
    return zones


def _bank(zone: Polygon | MultiPolygon, land: Land) -> list[Polygon]:
    plain = zone.intersection(land.outline).simplify(1.5)
    return list(shapely.get_parts(shapely.difference(plain, land.channel)))


def _mesh() -> tuple[Array, Array]:
    east = np.arange(-160.0, WIDTH_M + 160.0, MESH_M) + MESH_M / 2.0
    north = np.arange(-100.0, HEIGHT_M, MESH_M) + MESH_M / 2.0
    x_m, y_m = np.meshgrid(east, north)
    return x_m, y_m


def _nearness(land: Land, x_m: Array, y_m: Array) -> Array:
    """Measure from 1 at the river down to 0 where its largest flood ends."""
    right_bank = y_m < np.interp(x_m, *np.array(land.river.coords).T)
    reach_m = np.where(right_bank, 560.0, 790.0) * (1.0 + 0.14 * land.relief.at(x_m, y_m))
    reach_m = reach_m * np.interp(x_m, (0.0, 900.0, 3000.0, 5000.0), (0.6, 0.9, 1.0, 1.12))
    near: Array = np.clip(1.0 - land.river_distance_m(x_m, y_m) / reach_m, 0.0, 1.0)
    return near


def _depth_m(land: Land, x_m: Array, y_m: Array) -> Array:
    peak_m = 7.2 + 6.5 * np.exp(-(((x_m - 4400.0) / 420.0) ** 2))
    depth: Array = peak_m * _nearness(land, x_m, y_m) ** 1.6 - 1.1 * land.rise_m(x_m, y_m)
    return depth


def _duration_h(land: Land, x_m: Array, y_m: Array) -> Array:
    low = np.interp(x_m, (0.0, 5000.0), (0.55, 1.25))
    duration: Array = 7.0 + 130.0 * low * _nearness(land, x_m, y_m) ** 1.5
    return duration


def _zones(ranks: NDArray[np.int64], land: Land) -> Iterator[tuple[int, Polygon]]:
    """Trace the mesh: parts of equal rank become polygons that share their smoothed borders."""
    parts = [
        (rank, part) for rank in range(1, int(ranks.max()) + 1) for part in _parts(ranks, rank)
    ]
    smooth = shapely.coverage_simplify([part for _, part in parts], SMOOTHING_M)
    bed = land.channel.buffer(CHANNEL_MARGIN_M).union(land.brook)
    dry = shapely.difference(land.outline.buffer(BEYOND_TOWN_M), bed)
    for (rank, _), zone in zip(parts, smooth, strict=True):
        for part in shapely.get_parts(shapely.intersection(zone, dry)):
            if part.geom_type == "Polygon" and part.area > MESH_M**2:
                yield rank, part


def _parts(ranks: NDArray[np.int64], rank: int) -> list[Polygon]:
    x_m, y_m = _mesh()
    x_m, y_m = x_m[ranks == rank], y_m[ranks == rank]
    half = MESH_M / 2.0
    cells = shapely.box(x_m - half, y_m - half, x_m + half, y_m + half)
    return list(shapely.get_parts(shapely.coverage_union_all(cells)))
