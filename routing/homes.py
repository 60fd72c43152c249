"""The households of a city on its ground: where each lives, and where it joins the streets."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree

from hazards.zone import ZoneLayer
from routing.ground import ZONES_THAT_COUNT, Ground
from routing.roads import Floats, Ints

Bools = NDArray[np.bool_]
NO_STREET: Final = -1


@dataclass(frozen=True, slots=True, eq=False)
class Homes:
    """H households in the order of their numbers, (H,) each, in metres.

    `xy` (H, 2), `persons`, `area` (row of the ground's areas, -1 for none). `street` is the nearest
    at which a door can stand (`NO_STREET` beyond the snap limit), `junction` its nearer end and
    `other` its farther one, `at_m` and `other_m` metres away along it. `may_slide`: in a landslide
    zone, or nobody knows; `zoned` (Z, H): in a zone of each layer of `ZONES_THAT_COUNT`; `in_zone`:
    in any zone that a walk avoids.
    """

    xy: Floats
    persons: NDArray[np.int16]
    area: Ints
    street: Ints
    junction: Ints
    other: Ints
    at_m: Floats
    other_m: Floats
    may_slide: Bools
    zoned: Bools
    in_zone: Bools

    def __len__(self) -> int:
        return len(self.persons)


def homes(ground: Ground, xy: Floats, persons: NDArray[np.int16], area: Ints) -> Homes:
    """Look all households up on the ground: once a load, some seconds for a large city."""
    count = len(persons)
    points = np.asarray(shapely.points(xy), dtype=object)
    zones: dict[ZoneLayer, Bools] = {
        layer: covered(ground.zones[layer].polygons, points)
        for layer in ZoneLayer
        if layer is not ZoneLayer.DURATION
    }
    slides = ground.zones[ZoneLayer.LANDSLIDE]
    street = _streets(ground, points)
    junction, other, at_m, other_m = _ends(ground, points, street)
    return Homes(
        xy=xy,
        persons=persons,
        area=area,
        street=street,
        junction=junction,
        other=other,
        at_m=at_m,
        other_m=other_m,
        may_slide=zones[ZoneLayer.LANDSLIDE] if slides.complete else np.ones(count, bool),
        zoned=np.array([zones[layer] for layer in ZONES_THAT_COUNT], dtype=bool),
        in_zone=np.logical_or.reduce(list(zones.values())),
    )


def covered(polygons: NDArray[np.object_], points: NDArray[np.object_]) -> Bools:
    """(n,) which points lie in one of the polygons or on its border."""
    inside = np.zeros(len(points), bool)
    if len(polygons) and len(points):
        inside[STRtree(points).query(polygons, predicate="intersects")[1]] = True
    return inside


def _streets(ground: Ground, points: NDArray[np.object_]) -> Ints:
    """(H,) the nearest street that a door can stand at; of equals the lowest."""
    street = np.full(len(points), NO_STREET, np.int32)
    if len(points):
        limit = ground.rules.snap_limit_m
        at, found = ground.door_tree.query_nearest(points, max_distance=limit)
        order = np.lexsort((-found, at))
        street[at[order]] = found[order]
    return street


def _ends(
    ground: Ground, points: NDArray[np.object_], street: Ints
) -> tuple[Ints, Ints, Floats, Floats]:
    """(H,) the nearer and the farther end of each home's street and the metres to them; without a
    street -1, and no metre.
    """
    roads, there = ground.roads, np.flatnonzero(street != NO_STREET)
    near, far = np.full((2, len(points)), -1, np.int32)
    near_m, far_m = np.zeros((2, len(points)))
    mine = street[there]
    at_m = shapely.line_locate_point(ground.lines[mine], points[there])
    rest_m = np.maximum(roads.length_m[mine] - at_m, 0)
    first = at_m <= rest_m
    near[there] = np.where(first, roads.start[mine], roads.end[mine])
    far[there] = np.where(first, roads.end[mine], roads.start[mine])
    near_m[there], far_m[there] = np.minimum(at_m, rest_m), np.maximum(at_m, rest_m)
    return near, far, near_m, far_m
