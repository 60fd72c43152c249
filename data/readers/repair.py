"""Polygons that cross themselves, made valid without taking any ground out of them.

GEOS' own repair loses what has a spike by its "structure" method, and what is wound twice by
"linework" (found by a test, GEOS 3.14); so what is inside is decided here, face by face.
"""

from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LinearRing, LineString, Polygon
from shapely.geometry.base import BaseGeometry

MOST_STEPS: Final = 1_000_000_000
"""Faces times vertices that are looked through, in some 10 s."""


class TooTangled(Exception):
    """A ring crosses itself so often that looking through it would take minutes."""


def repaired(broken: BaseGeometry) -> BaseGeometry:
    """A valid geometry, perhaps empty, of polygons with finite coordinates; raises `TooTangled`.

    Ground is inside a part where its outline winds round it, or encloses it by the even-odd rule;
    but for where a hole encloses it by that rule. Parts that overlap are joined.
    """
    return shapely.union_all([_whole(part) for part in shapely.get_parts(broken)])


def _whole(part: BaseGeometry) -> BaseGeometry:
    outline, *holes = shapely.get_rings(part)
    ground = shapely.union_all(_filled(outline, wound=True))
    gaps = [gap for hole in holes for gap in _filled(hole, wound=False)]
    return shapely.difference(ground, shapely.union_all(gaps)) if gaps else ground


def _filled(ring: LinearRing, *, wound: bool) -> list[BaseGeometry]:
    """The faces inside a ring: by the even-odd rule, and where it winds round them."""
    simple = Polygon(ring)
    if simple.is_valid:
        return [simple]
    xy = shapely.get_coordinates(ring)
    crossed = shapely.unary_union(LineString(xy))
    faces = shapely.get_parts(shapely.polygonize([crossed]))
    if len(faces) * len(xy) > MOST_STEPS:
        raise TooTangled
    points = shapely.get_coordinates(shapely.point_on_surface(faces))
    turns = [_turns(xy, x, y) for x, y in points]
    return [
        face
        for face, (round_, odd) in zip(faces, turns, strict=True)
        if odd or (wound and round_ != 0)
    ]


def _turns(xy: NDArray[np.float64], x: Any, y: Any) -> tuple[int, bool]:
    """How often a ring winds round a point off it, and whether a ray crosses it an odd number of
    times.
    """
    low = xy[:, 1] <= y
    at = np.flatnonzero(low[1:] != low[:-1])
    (ax, ay), (bx, by) = xy[at].T, xy[at + 1].T
    right = ax + (y - ay) / (by - ay) * (bx - ax) > x
    up = low[at[right]]
    return int(2 * up.sum() - len(up)), bool(len(up) % 2)
