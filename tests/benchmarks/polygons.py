"""Generated zones, and 10,000 of them laid over every street, beside plain shapely."""

import time

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from hazards.zone import HazardZone, ZoneLayer
from routing.crossings import inside
from routing.exposure import Exposure, pieces
from routing.ground import Ground
from tests.benchmarks.table import Table, over

COUNT = 10_000
SAMPLE = 500
CORNERS = 48
WET_SHARE = 0.2
Polygons = NDArray[np.object_]


def blobs(ground: Ground, count: int) -> Polygons:
    """(count,) star-shaped polygons in metres around random junctions, always the same ones.

    Together they are as large as a fifth of the city, whatever their number.
    """
    rng = np.random.default_rng(count)
    xy = ground.roads.junction_xy
    width, height = np.ptp(xy, axis=0)
    mean_m = np.sqrt(WET_SHARE * width * height / count / np.pi)
    radius_m = mean_m * rng.uniform(0.6, 1.4, (count, CORNERS, 1))
    angle = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
    rays = np.column_stack([np.cos(angle), np.sin(angle)])
    centres = xy[rng.integers(0, len(xy), count)]
    made: Polygons = shapely.polygons(centres[:, None, :] + radius_m * rays)
    return made


def as_zones(ground: Ground, polygons: Polygons) -> tuple[HazardZone, ...]:
    """The polygons as assumed depths of every rank, in degrees."""
    shapes = shapely.transform(polygons, ground.metres.lonlat)
    return tuple(
        HazardZone(ZoneLayer.DEPTH, number % 5 + 1, shape) for number, shape in enumerate(shapes)
    )


def polygon_figures(table: Table, ground: Ground) -> None:
    """10,000 polygons onto every street: which metres of which street lie in which."""
    polygons = blobs(ground, COUNT)
    codes = [Exposure(number % 5 + 1) for number in range(COUNT)]
    table.subject("polygons", f"{COUNT:,} of {CORNERS} corners, {len(ground.lines):,} streets")
    _loop(ground, polygons[:50])
    found = inside(ground.lines, ground.tree, _prepared(polygons[:SAMPLE]))
    ours_m = _summed(found.polygon, found.high - found.low, SAMPLE)
    began = time.perf_counter()
    loop_m = _loop(ground, polygons[:SAMPLE])
    loop_s = (time.perf_counter() - began) * COUNT / SAMPLE
    _is_equal(ours_m, loop_m)
    began = time.perf_counter()
    whole_m = _vectorised(ground, polygons)
    whole_s = time.perf_counter() - began
    _is_equal(ours_m, whole_m[:SAMPLE])
    seconds, cpu = [], time.thread_time()
    for _ in range(3):
        fresh = _unprepared(polygons)
        began = time.perf_counter()
        cut = pieces(ground.lines, ground.tree, fresh, codes)
        seconds.append(time.perf_counter() - began)
    cpu = (time.thread_time() - cpu) / 3
    mine = sorted(seconds)[1]
    note = f"({min(seconds):.2f} to {max(seconds):.2f}; CPU {cpu:.2f}), {len(cut.code):,} stretches"
    table.row("nigemichi: cuts of every street", mine, "s", must=5, stretch=1.5, note=note)
    what = f"shapely STRtree, intersection in a loop ({SAMPLE} scaled)"
    table.row(what, loop_s, "s", ratio=over(mine, loop_s))
    what = "shapely STRtree, one vectorised intersection"
    table.row(what, whole_s, "s", ratio=over(mine, whole_s))
    table.remark(
        f"Equal metres in each of {SAMPLE} polygons; shapely finds shapes, no metre marks."
    )


def _loop(ground: Ground, polygons: Polygons) -> NDArray[np.float64]:
    """(P,) metres of street in each polygon, by the plainest way to write it."""
    tree, metres = STRtree(ground.lines), np.zeros(len(polygons))
    for row, polygon in enumerate(polygons):
        for line in tree.query(polygon, predicate="intersects"):
            metres[row] += ground.lines[line].intersection(polygon).length
    return metres


def _vectorised(ground: Ground, polygons: Polygons) -> NDArray[np.float64]:
    row, line = STRtree(ground.lines).query(polygons, predicate="intersects")
    lengths = shapely.length(shapely.intersection(ground.lines[line], polygons[row]))
    return _summed(row, lengths, len(polygons))


def _summed(row: NDArray[np.int64], metres: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    return np.asarray(np.bincount(row, metres, count), np.float64)


def _is_equal(ours_m: NDArray[np.float64], theirs_m: NDArray[np.float64]) -> None:
    """Raises `AssertionError`: a time of another answer compares nothing."""
    np.testing.assert_allclose(theirs_m, ours_m, rtol=1e-6, atol=0.01)


def _prepared(polygons: Polygons) -> Polygons:
    shapely.prepare(polygons)
    return polygons


def _unprepared(polygons: Polygons) -> list[BaseGeometry]:
    """The same shapes, as no run before has left them."""
    return list(shapely.from_wkb(shapely.to_wkb(polygons)))
