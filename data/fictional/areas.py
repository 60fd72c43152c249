"""The 町丁目: blocks between thoroughfares, merged until as many are left as there should be."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.random import Generator
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from data.fictional.drawing import Drawing, Indices, Kinds, Shapes, points
from data.fictional.land import Land
from data.fictional.mains import CENTRE
from data.town.frame import Array

COUNT: Final = 199
HOUSEHOLDS: Final = 285_000
PERSONS: Final = 560_000
DIVIDING: Final = ("primary", "secondary", "tertiary")
CENTRE_M: Final = 2600.0
HIGHER: Final = 2.2


@dataclass(frozen=True, slots=True, eq=False)
class Areas:
    """Outlines (metres) that tile the city, and how many live in each."""

    shapes: Shapes
    households: Indices
    persons: Indices

    @property
    def middles(self) -> Array:
        """Return a position inside each (N, 2)."""
        inside: Array = shapely.get_coordinates(shapely.point_on_surface(self.shapes))
        return inside

    def numbers_at(self, xy: Array) -> Indices:
        """Return the number of the area at (or nearest to) each position."""
        return np.asarray(shapely.STRtree(self.shapes).nearest(points(xy)), dtype=np.int64)


def divide(mains: Drawing, land: Land, kinds: Kinds, junctions: Array, rng: Generator) -> Areas:
    """Divide the whole city into areas of about as many junctions each."""
    faces = _faces(mains, land, kinds)
    people = _people_at(faces, junctions)
    group = _merged(faces, 12.0 + people)
    numbers = np.unique(group)
    shapes = np.empty(len(numbers), dtype=object)
    shapes[:] = [shapely.coverage_union_all(faces[group == number]) for number in numbers]
    weight = np.array([people[group == number].sum() for number in numbers])
    weight = (weight + 1.5) * rng.uniform(0.75, 1.25, len(weight))
    households = shared_out(HOUSEHOLDS, weight)
    persons = shared_out(PERSONS, households * rng.uniform(1.65, 2.3, len(weight)))
    return Areas(shapes, households, persons)


def shared_out(total: int, weights: Array) -> Indices:
    """Share a whole number out by weights, so that the parts add up to it exactly."""
    exact = total * weights / weights.sum()
    parts: Indices = np.floor(exact).astype(np.int64)
    missing = total - int(parts.sum())
    parts[np.argsort(parts - exact, kind="stable")[:missing]] += 1
    return parts


def _faces(mains: Drawing, land: Land, kinds: Kinds) -> Shapes:
    divides = np.array([kind.highway in DIVIDING for kind in kinds.each])[mains.kind]
    lines: list[BaseGeometry] = [
        *mains.shapes[divides],
        *(_to_the_border(valley, land.outline) for valley in land.valleys),
        land.main_river,
        land.branch,
    ]
    inside = shapely.intersection(np.array(lines, dtype=object), land.outline)
    whole = shapely.union_all([*inside, land.outline.exterior])
    faces = shapely.get_parts(shapely.polygonize([whole]))
    found: Shapes = faces[shapely.contains(land.outline, shapely.point_on_surface(faces))]
    return found


def _to_the_border(valley: LineString, outline: Polygon) -> BaseGeometry:
    """Lengthen a valley's line beyond the nearest border of the city."""
    end = shapely.get_point(valley, -1)
    border = shapely.shortest_line(end, outline.exterior)
    (x0, y0), (x1, y1) = border.coords
    beyond = (x1 + 0.05 * (x1 - x0), y1 + 0.05 * (y1 - y0))
    return LineString([*valley.coords, beyond])


def _people_at(faces: Shapes, junctions: Array) -> Array:
    """Count junctions in every face; those near the centre count more, houses are high there."""
    point, face = shapely.STRtree(faces).query(points(junctions), predicate="intersects")
    away2 = ((junctions[point] - np.array(CENTRE)) ** 2).sum(axis=1)
    weights = 1.0 + HIGHER * np.exp(-away2 / CENTRE_M**2)
    return np.asarray(np.bincount(face, weights, minlength=len(faces)), dtype=np.float64)


def _merged(faces: Shapes, weights: Array) -> Indices:
    """Merge the lightest face into its best neighbour until `COUNT` groups are left."""
    shared = _borders_m(faces)
    weight = weights.astype(float).tolist()
    group = np.arange(len(faces))
    alive = set(range(len(faces)))
    while len(alive) > COUNT:
        lightest = min(alive, key=lambda i: (weight[i], i))
        beside = shared.pop(lightest)
        target = max(beside, key=lambda i: (beside[i] / weight[i] ** 0.7, i))
        for other, border_m in beside.items():
            del shared[other][lightest]
            if other != target:
                longer = shared[target].get(other, 0.0) + border_m
                shared[target][other] = shared[other][target] = longer
        weight[target] += weight[lightest]
        group[group == lightest] = target
        alive.remove(lightest)
    return group


def _borders_m(faces: Shapes) -> dict[int, dict[int, float]]:
    one, other = shapely.STRtree(faces).query(faces, predicate="intersects")
    one, other = one[one != other], other[one != other]
    lengths = shapely.length(shapely.intersection(faces[one], faces[other]))
    shared: dict[int, dict[int, float]] = {i: {} for i in range(len(faces))}
    rows = zip(one.tolist(), other.tolist(), lengths.tolist(), strict=True)
    for i, j, length_m in sorted(rows):
        if length_m > 0.0:
            shared[i][j] = shared[j][i] = length_m
    return shared
