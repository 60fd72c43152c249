"""Where a point joins the street network: the nearest street, part of which counts."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree

from routing.ground import Ground


@dataclass(frozen=True, slots=True)
class Snap:
    """A point on a street: `at_m` metres from its start, `offset_m` away from the point asked."""

    street: int
    at_m: float
    offset_m: float


@dataclass(frozen=True, slots=True, eq=False)
class Water:
    """Observed water as polygons in metres, with their tree."""

    polygons: NDArray[np.object_]
    tree: STRtree

    def covers(self, x: float, y: float) -> bool:
        """Whether the point stands in observed water."""
        return len(self.tree.query(shapely.Point(x, y), predicate="intersects")) > 0


def water_of(areas: list[shapely.Geometry]) -> Water:
    """Observed areas (metres) with an index."""
    polygons = np.empty(len(areas), dtype=object)
    polygons[:] = areas
    return Water(polygons, STRtree(polygons))


def snaps(ground: Ground, water: Water, x: float, y: float) -> Iterator[Snap]:
    """Streets that a door at (x, y) metres stands at, nearest first.

    The straight line to the street crosses neither a river nor observed water. Only streets up
    to `connector_slack_m` farther than the nearest such one are its own. None within
    `snap_limit_m`: nothing is yielded.
    """
    door = shapely.Point(x, y)
    in_river = len(ground.waterway_tree.query(door, predicate="intersects")) > 0
    limit = ground.rules.snap_limit_m
    reach: float | None = None
    seen: set[int] = set()
    radius = 50.0
    while True:
        radius = min(radius, limit)
        rows = ground.tree.query(door, predicate="dwithin", distance=radius)
        away = shapely.distance(ground.lines[rows], door)
        for row, offset in sorted(zip(rows.tolist(), away.tolist(), strict=True), key=_by_distance):
            if row in seen:
                continue
            seen.add(row)
            if reach is not None and offset > reach:
                return
            line = ground.lines[row]
            at_m = float(line.project(door))
            link = shapely.LineString([door, line.interpolate(at_m)])
            if _crosses(water.tree, link) or (
                not in_river and _crosses(ground.waterway_tree, link)
            ):
                continue
            if reach is None:
                reach = offset + ground.rules.connector_slack_m
            yield Snap(row, at_m, float(offset))
        if radius >= limit or (reach is not None and reach <= radius):
            return
        radius *= 2.5


def is_near(ground: Ground, x: float, y: float) -> bool:
    """Whether any street lies within `snap_limit_m` of the point: inside the city."""
    rows = ground.tree.query_nearest(
        shapely.Point(x, y), max_distance=ground.rules.snap_limit_m, all_matches=False
    )
    return len(rows) > 0


def _by_distance(pair: tuple[int, float]) -> tuple[float, int]:
    return pair[1], pair[0]


def _crosses(tree: STRtree, link: shapely.Geometry) -> bool:
    return len(tree.query(link, predicate="intersects")) > 0
