"""Polygons that cross themselves, made valid without taking any ground out of them.

GEOS' own repair loses what has a spike by its "structure" method, and what is wound twice by
"linework" (found by a test, GEOS 3.14); so what is inside is decided here, face by face.
"""

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LinearRing, LineString, Polygon, STRtree
from shapely.geometry.base import BaseGeometry

MOST_STEPS: Final = 500_000_000
"""Steps for one polygon, in some 8 s: the vertices that are looked at for each face."""
MOST_STEPS_OF_A_FILE: Final = 2 * MOST_STEPS
"""Steps for all polygons of one file, in some 16 s."""

_STEPS_A_FACE: Final = 5_000
_STEPS_A_VERTEX: Final = 500
"""What a face and a vertex cost besides."""
_AT_ONCE: Final = 10_000_000


class TooTangled(Exception):
    """A ring crosses itself so often that looking through it would take minutes."""


class TooManyRepairs(Exception):
    """The polygons of a file are tangled so often that repairing them would take minutes."""


@dataclass(slots=True)
class Repairs:
    """What repairs may still take, in steps: of one file, and of the polygon at hand."""

    of_file: int = field(default_factory=lambda: MOST_STEPS_OF_A_FILE)
    of_polygon: int = field(default_factory=lambda: MOST_STEPS)

    def begin(self) -> None:
        """Turn to the next polygon."""
        self.of_polygon = MOST_STEPS

    def spend(self, steps: int) -> None:
        """Count steps before they are taken; raises `TooTangled` or `TooManyRepairs`."""
        if steps > self.of_polygon:
            raise TooTangled
        if steps > self.of_file:
            raise TooManyRepairs
        self.of_polygon -= steps
        self.of_file -= steps


def repaired(broken: BaseGeometry, repairs: Repairs) -> BaseGeometry:
    """A valid geometry, perhaps empty, of polygons with finite coordinates; raises `TooTangled`
    or `TooManyRepairs`.

    Ground is inside a part where its outline winds round it, or encloses it by the even-odd rule;
    but for where just one hole encloses it by that rule, and the outline does so too: in a hole of
    a hole, or where a hole is given twice, files mean ground. Parts that overlap are joined.
    """
    repairs.begin()
    return shapely.union_all([_whole(part, repairs) for part in shapely.get_parts(broken)])


def _whole(part: BaseGeometry, repairs: Repairs) -> BaseGeometry:
    outline, *holes = shapely.get_rings(part)
    odd, wound = _faces(outline, repairs)
    enclosed = shapely.coverage_union_all(odd)
    ground = shapely.coverage_union_all([*odd, *wound])
    if not holes:
        return ground
    gaps = _gaps([shapely.coverage_union_all(_faces(hole, repairs)[0]) for hole in holes], repairs)
    if wound:
        gaps = shapely.intersection(gaps, enclosed)
    return shapely.difference(ground, gaps)


def _gaps(holes: list[BaseGeometry], repairs: Repairs) -> BaseGeometry:
    """What just one of the holes covers."""
    array = np.array(holes, dtype=object)
    one, other = STRtree(array).query(array)
    one, other = one[one < other], other[one < other]
    vertices = shapely.get_num_coordinates(array)
    repairs.spend(int((vertices[one] + vertices[other]).sum()) * _STEPS_A_VERTEX)
    twice = shapely.union_all(shapely.intersection(array[one], array[other]))
    return shapely.difference(shapely.union_all(array), twice)


def _faces(ring: LinearRing, repairs: Repairs) -> tuple[list[BaseGeometry], list[BaseGeometry]]:
    """The faces inside a ring by the even-odd rule, and the others that it winds round."""
    simple = Polygon(ring)
    if simple.is_valid:
        return [simple], []
    xy = shapely.get_coordinates(ring)
    repairs.spend(len(xy) * _STEPS_A_VERTEX)
    _count_crossings(xy, repairs)
    crossed = shapely.unary_union(LineString(xy))
    faces = shapely.get_parts(shapely.polygonize([crossed]))
    repairs.spend(len(faces) * (len(xy) + _STEPS_A_FACE))
    points = shapely.get_coordinates(shapely.point_on_surface(faces))
    turns = [_turns(xy, x, y) for x, y in points]
    known = list(zip(faces, turns, strict=True))
    return (
        [face for face, (_, odd) in known if odd],
        [face for face, (round_, odd) in known if round_ != 0 and not odd],
    )


def _count_crossings(xy: NDArray[np.float64], repairs: Repairs) -> None:
    """Spend what the crossings of a ring will take, before GEOS looks for them."""
    sides = np.asarray(shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1)), dtype=object)
    tree = STRtree(sides)
    step = max(_AT_ONCE // len(sides), 1)
    for start in range(0, len(sides), step):
        some = sides[start : start + step]
        met = tree.query(some, predicate="intersects").shape[1] // 2
        repairs.spend(max(met - 2 * len(some), 0) * _STEPS_A_VERTEX)


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
