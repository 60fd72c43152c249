"""Where a point joins the street network: the streets it stands at, part of which counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from hazards.zone import RED, ZoneLayer
from routing.exposure import HAIR_M, Exposure
from routing.ground import Ground, link_exposure

BANK_FACTOR: Final = 1.5
BANK_M: Final = 0.5
"""Whoever stands in a river's polygon leaves it by so little more than the shortest way."""


@dataclass(frozen=True, slots=True)
class Snap:
    """A point on a street: `at_m` metres from its start, `offset_m` away from the point asked,
    `beyond_m` farther than the nearest street.

    `crossed`: (code, metres) of assumed zones between point and street; `from_red`: the point
    stands in a special landslide zone, which may be left.
    """

    street: int
    at_m: float
    offset_m: float
    beyond_m: float = 0.0
    crossed: tuple[tuple[int, float], ...] = ()
    from_red: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Barred:
    """Areas that nobody enters, as polygons in metres, with their tree."""

    polygons: NDArray[np.object_]
    tree: STRtree

    def covers(self, x: float, y: float) -> bool:
        """Whether the point stands in one of them."""
        point = shapely.Point(x, y)
        near = self.polygons[self.tree.query(point)]
        return bool(shapely.intersects(near, point).any())

    def met_by(self, links: NDArray[np.object_]) -> NDArray[np.bool_]:
        """(n,) whether each line meets one of them."""
        met = np.zeros(len(links), bool)
        link, polygon = self.tree.query(links)
        met[link[shapely.intersects(self.polygons[polygon], links[link])]] = True
        return met


def barred(areas: Sequence[BaseGeometry]) -> Barred:
    """Areas (metres), prepared and with an index."""
    polygons = np.empty(len(areas), dtype=object)
    polygons[:] = areas
    shapely.prepare(polygons)
    return Barred(polygons, STRtree(polygons))


def snaps(
    ground: Ground, bars: Barred, x: float, y: float, *, entering: bool = False
) -> tuple[Snap, ...]:
    """Streets that a door at (x, y) metres stands at, nearest first; `entering` for a site's.

    The straight line between them crosses no river, no motorway, nothing barred, and enters no
    special landslide zone. Only streets up to `connector_slack_m` farther than the nearest one are
    its own, or else the first that can be reached; none where there is none within `snap_limit_m`.
    """
    door = shapely.Point(x, y)
    limit, slack = ground.rules.snap_limit_m, ground.rules.connector_slack_m
    _, away = ground.door_tree.query_nearest(
        door, max_distance=limit, return_distance=True, all_matches=False
    )
    if len(away) == 0:
        return ()
    nearest = float(away[0])
    radius = min(nearest + slack, limit)
    while True:
        found = _joined(ground, bars, door, radius, nearest, entering)
        reach = 2.5 * radius
        if found:
            reach = slack + (nearest if found[0].beyond_m <= slack else found[0].offset_m)
        if radius >= min(reach, limit):
            return tuple(snap for snap in found if snap.offset_m <= reach)
        radius = min(reach, limit)


def _joined(
    ground: Ground, bars: Barred, door: shapely.Point, radius: float, nearest: float, entering: bool
) -> list[Snap]:
    """Every street within the radius that a straight line may join the door to."""
    rows = ground.door_tree.query(door, predicate="dwithin", distance=radius)
    lines = ground.lines[rows]
    at_m = shapely.line_locate_point(lines, door)
    feet = shapely.get_coordinates(shapely.line_interpolate_point(lines, at_m))
    offsets = np.hypot(feet[:, 0] - door.x, feet[:, 1] - door.y)
    from_door = np.broadcast_to([door.x, door.y], feet.shape)
    links = np.asarray(shapely.linestrings(np.stack([from_door, feet], axis=1)), dtype=object)
    free = np.flatnonzero(_crosses_nothing(ground, bars, door, links))
    zoned = link_exposure(ground.zones, links[free])
    from_red = not entering and _in_red(ground, door)
    kept = [
        Snap(
            street=int(rows[i]),
            at_m=float(at_m[i]),
            offset_m=float(offsets[i]),
            beyond_m=max(float(offsets[i]) - nearest, 0.0),
            crossed=tuple((int(c), float(metres[c])) for c in np.flatnonzero(metres)),
            from_red=from_red,
        )
        for i, metres in zip(free.tolist(), zoned, strict=True)
        if from_red or metres[Exposure.LANDSLIDE_SPECIAL] <= HAIR_M
    ]
    return sorted(kept, key=lambda snap: (snap.offset_m, snap.street))


def _in_red(ground: Ground, door: shapely.Point) -> bool:
    return ground.zones[ZoneLayer.LANDSLIDE].rank_at(door) == RED


def _crosses_nothing(
    ground: Ground, bars: Barred, door: shapely.Point, links: NDArray[np.object_]
) -> NDArray[np.bool_]:
    """(n,) whether each link crosses nothing barred, no motorway and no river.

    A door inside a river's surface (a boat, a coarse polygon) may leave it, to the nearer bank.
    """
    free = ~bars.met_by(links)
    free[ground.motorway_tree.query(links, predicate="intersects")[0]] = False
    link, river = ground.waterway_tree.query(links, predicate="intersects")
    if len(link) == 0:
        return free
    water = ground.waterways[river]
    bank_m = shapely.distance(shapely.boundary(water), door)
    leaves = shapely.intersects(water, door)
    leaves &= (
        shapely.length(shapely.intersection(links[link], water)) <= BANK_FACTOR * bank_m + BANK_M
    )
    free[link[~leaves]] = False
    return free


def is_near(ground: Ground, x: float, y: float) -> bool:
    """Whether any street lies within `snap_limit_m` of the point: inside the city."""
    rows = ground.tree.query_nearest(
        shapely.Point(x, y), max_distance=ground.rules.snap_limit_m, all_matches=False
    )
    return len(rows) > 0
