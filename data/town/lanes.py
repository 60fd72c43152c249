"""The small streets: a warped grid in each block of land between the thoroughfares (metres)."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.random import Generator
from shapely import LineString, Polygon

from data.town.curves import Ripple, ripple
from data.town.frame import Array
from data.town.land import Land
from data.town.street import Street
from data.town.thoroughfares import lay_lone_roads

WARP_M = 9.0
OVERSHOOT_M = 3.0
SHORTEST_M = 30.0
BRISTLE_M = 30.0
CLEARING_M = 45.0


@dataclass(frozen=True)
class Texture:
    """How dense a block's streets are (metres between rows and between crossings)."""

    row_m: float
    cross_m: float
    highway: str = "residential"


SHIFTED = 0.2
HILL_NORTH_M = 3050.0
ESTATE_AREA_M2 = 260_000.0
HAMLET_AREA_M2 = 150_000.0

CENTRE = Texture(48.0, 66.0)
HOUSES = Texture(56.0, 82.0)
ESTATE = Texture(50.0, 84.0)
FIELDS = Texture(175.0, 230.0, "unclassified")
FOREST = Texture(260.0, 330.0, "path")


def lay_lanes(thoroughfares: list[Street], land: Land, rng: Generator) -> list[Street]:
    """Fill every block between the thoroughfares with small streets."""
    warp = ripple(rng, 380.0), ripple(rng, 380.0)
    lanes: list[Street] = []
    for block in blocks(thoroughfares, land):
        texture = _texture(block)
        for line in _grid(block, texture, warp, rng):
            lanes.append(Street(line, texture.highway))
    return lanes


def blocks(thoroughfares: list[Street], land: Land) -> list[Polygon]:
    """List the blocks of dry land between thoroughfares, in a fixed order."""
    lines = [street.line for street in thoroughfares] + [land.outline.exterior]
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all(lines)]))
    lone = shapely.union_all([street.line for street in lay_lone_roads()])
    kept_free = [land.brook.buffer(16.0), land.railway.buffer(16.0), lone.buffer(CLEARING_M)]
    closed = shapely.union_all(kept_free)
    dry = [face for face in faces if shapely.intersection(face, land.river).length < 60.0]
    parts = [part for face in dry for part in shapely.get_parts(shapely.difference(face, closed))]
    large = [part for part in parts if part.area > 4_000.0]
    return sorted(large, key=lambda part: (round(part.centroid.x), round(part.centroid.y)))


def _texture(block: Polygon) -> Texture:
    x_m, y_m = block.centroid.x, block.centroid.y
    if y_m > HILL_NORTH_M:
        return ESTATE if block.area < ESTATE_AREA_M2 else FOREST
    if block.area < HAMLET_AREA_M2 and y_m < 1000.0 and x_m > 4000.0:
        return ESTATE
    if np.hypot(x_m - 1750.0, y_m - 2250.0) < 720.0:
        return CENTRE
    if x_m < 440.0 or x_m > 4300.0 or (x_m > 2770.0 and y_m < 1250.0):
        return FIELDS
    if y_m < 780.0 or (y_m > 2730.0 and not 1000.0 < x_m < 2700.0):
        return FIELDS
    return HOUSES


def _grid(
    block: Polygon, texture: Texture, warp: tuple[Ripple, Ripple], rng: Generator
) -> Iterator[LineString]:
    angle = _bearing(block) + rng.normal(0.0, 0.12)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    turned = shapely.get_coordinates(block) @ turn.T
    low, high = turned.min(axis=0) - 2.0 * WARP_M, turned.max(axis=0) + 2.0 * WARP_M
    shell = block.buffer(OVERSHOOT_M)
    for line in _rows_and_crossings(texture, low, high, rng):
        placed = _warped(line @ turn, warp)
        for part in shapely.get_parts(shapely.intersection(LineString(placed), shell)):
            if part.length > SHORTEST_M:
                yield part.simplify(1.2)


def _rows_and_crossings(
    texture: Texture, low: Array, high: Array, rng: Generator
) -> Iterator[Array]:
    rows = _spaced(texture.row_m, float(low[1]), float(high[1]), rng)
    shared = _spaced(texture.cross_m, float(low[0]), float(high[0]), rng)
    for below, above in pairwise(rows):
        yield _line((low[0], below), (high[0], below))
        shifted = rng.random(len(shared)) < SHIFTED
        shifts = rng.uniform(-0.4, 0.4, len(shared)) * texture.cross_m * shifted
        for x_m in (shared + shifts)[rng.random(len(shared)) < 0.9]:
            yield _line((x_m, below - OVERSHOOT_M), (x_m, above + OVERSHOOT_M))


def _spaced(mean_m: float, low_m: float, high_m: float, rng: Generator) -> Array:
    steps = rng.uniform(0.6, 1.5, int((high_m - low_m) / mean_m) + 3) * mean_m
    places: Array = np.cumsum(steps) + low_m - mean_m
    return places


def _line(start: tuple[float, float], end: tuple[float, float]) -> Array:
    count = max(2, int(np.hypot(end[0] - start[0], end[1] - start[1]) / BRISTLE_M) + 1)
    points: Array = np.linspace(start, end, count)
    return points


def _warped(points: Array, warp: tuple[Ripple, Ripple]) -> Array:
    shift = [field.at(points[:, 0], points[:, 1]) for field in warp]
    warped: Array = points + WARP_M * np.column_stack(shift)
    return warped


def _bearing(block: Polygon) -> float:
    corners = shapely.get_coordinates(block.minimum_rotated_rectangle)
    sides = np.diff(corners, axis=0)[:2]
    east, north = max(sides, key=lambda side: float(np.hypot(*side)))
    return float(np.arctan2(north, east))
