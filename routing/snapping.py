"""Where a point joins the street network: the streets it stands at, part of which counts."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree

from routing.ground import Ground


@dataclass(frozen=True, slots=True)
class Snap:
    """A point on a street: `at_m` metres from its start, `offset_m` away from the point asked,
    `beyond_m` farther than the nearest street.
    """

    street: int
    at_m: float
    offset_m: float
    beyond_m: float = 0.0


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


def snaps(ground: Ground, water: Water, x: float, y: float) -> tuple[Snap, ...]:
    """Streets that a door at (x, y) metres stands at, nearest first.

    The straight line to the street crosses neither a river nor observed water. Only streets up
    to `connector_slack_m` farther than the nearest such one are its own; none at all where there
    is none within `snap_limit_m`.
    """
    door = shapely.Point(x, y)
    limit, slack = ground.rules.snap_limit_m, ground.rules.connector_slack_m
    _, away = ground.tree.query_nearest(
        door, max_distance=limit, return_distance=True, all_matches=False
    )
    if len(away) == 0:
        return ()
    radius = float(away[0]) + slack
    while True:
        radius = min(radius, limit)
        found = _joined(ground, water, door, radius)
        reach = found[0].offset_m + slack if found else 2.5 * radius
        if radius >= min(reach, limit):
            return tuple(snap for snap in found if snap.beyond_m <= slack)
        radius = reach


def _joined(ground: Ground, water: Water, door: shapely.Point, radius: float) -> list[Snap]:
    """Every street within the radius that a straight line over dry land joins the door to."""
    rows = ground.tree.query(door, predicate="dwithin", distance=radius)
    lines = ground.lines[rows]
    at_m = shapely.line_locate_point(lines, door)
    feet = shapely.get_coordinates(shapely.line_interpolate_point(lines, at_m))
    offsets = np.hypot(feet[:, 0] - door.x, feet[:, 1] - door.y)
    dry = _over_dry_land(ground, water, door, feet)
    found = sorted(
        (offset, row, at)
        for offset, row, at, keep in zip(
            offsets.tolist(), rows.tolist(), at_m.tolist(), dry.tolist(), strict=True
        )
        if keep
    )
    return [Snap(row, at, offset, offset - found[0][0]) for offset, row, at in found]


def _over_dry_land(
    ground: Ground, water: Water, door: shapely.Point, feet: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """(n,) whether the straight line to each foot (metres) crosses neither water nor river.

    A door inside a river's surface (a boat, a coarse polygon) may leave it.
    """
    dry = np.ones(len(feet), bool)
    trees = [water.tree] if len(water.polygons) else []
    if len(ground.waterways) and len(ground.waterway_tree.query(door, predicate="intersects")) == 0:
        trees.append(ground.waterway_tree)
    if trees:
        from_door = np.broadcast_to([door.x, door.y], feet.shape)
        links = shapely.linestrings(np.stack([from_door, feet], axis=1))
        for tree in trees:
            dry[tree.query(links, predicate="intersects")[0]] = False
    return dry


def is_near(ground: Ground, x: float, y: float) -> bool:
    """Whether any street lies within `snap_limit_m` of the point: inside the city."""
    rows = ground.tree.query_nearest(
        shapely.Point(x, y), max_distance=ground.rules.snap_limit_m, all_matches=False
    )
    return len(rows) > 0
