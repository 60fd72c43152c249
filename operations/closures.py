"""Closed streets found again on the loaded map (`safety.md` 6)."""

from collections.abc import Sequence
from typing import Any, Final

import shapely
from geoalchemy2.shape import to_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, Row

from data import inforce, tables
from hazards.closure import BESIDE_M, Closure
from routing.ground import Ground, in_metres

SAME_STREET_M: Final = 1.0
"""A closure is of one street of the network where the two lines lie this near all along."""
ALONG_M: Final = 10.0
"""Where the map has changed, streets this near to its line run along it."""


def read_closures(connection: Connection, city_code: str, ground: Ground) -> tuple[Closure, ...]:
    """The standing closures, on the streets of a ground."""
    rows = inforce.standing(connection, tables.closure, city_code)
    return tuple(_closure(row, ground) for row in rows)


def remark_closures(closures: Sequence[Closure], ground: Ground) -> list[str]:
    """A line for every closure whose street is not on the map as it was."""
    return [
        f"closure {closure.id} ({closure.reason}): its street is not on this map as it was: "
        f"{_shut(closure)} (nigemichi road list)"
        for closure in closures
        if not _is_whole(closure, ground)
    ]


def _shut(closure: Closure) -> str:
    along = f"{len(closure.streets)} streets along it are shut"
    beside = f"what lies within {BESIDE_M:.0f} m of {closure.rest.length:.0f} m of it is shut"
    if closure.rest.is_empty:
        return along
    return f"{along}, and {beside}" if closure.streets else beside


def _is_whole(closure: Closure, ground: Ground) -> bool:
    """Whether it is of one street of the ground, from end to end."""
    if len(closure.streets) != 1:
        return False
    street = ground.lines[closure.streets[0]]
    return bool(shapely.hausdorff_distance(street, closure.line) < SAME_STREET_M)


def _closure(row: Row[Any], ground: Ground) -> Closure:
    line = in_metres([to_shape(row.geom)], ground.metres)[0]
    streets, rest = streets_along(ground, line)
    return Closure(row.id, streets, row.reason, line, rest, row.begun_at, row.by_water)


def streets_along(ground: Ground, line: BaseGeometry) -> tuple[tuple[int, ...], BaseGeometry]:
    """The street of that very line, or all that run along it where the map has changed; and the
    part of the line that none runs along.

    A street that only crosses, or leaves the line's end, shares too little of it.
    """
    near = ground.tree.query(line, predicate="dwithin", distance=ALONG_M)
    lines = ground.lines[near]
    apart = shapely.hausdorff_distance(lines, line)
    if len(near) and apart.min() < SAME_STREET_M:
        return (int(near[apart.argmin()]),), shapely.LineString()
    shared = shapely.length(shapely.intersection(lines, line.buffer(ALONG_M)))
    along = (shared > 3 * ALONG_M) | (shared > 0.7 * shapely.length(lines))
    # A metre more: rounding would leave crumbs of the line at the edge of the same width.
    rest = line.difference(shapely.union_all(shapely.buffer(lines[along], ALONG_M + 1)))
    return tuple(sorted(int(street) for street in near[along])), rest
