"""Closed streets found again on the loaded map (`safety.md` 6)."""

from collections.abc import Sequence
from typing import Any, Final

import shapely
import shapely.ops
from geoalchemy2.shape import to_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, Row

from data import inforce, tables
from data.observing import observations
from data.observing.observations import MOVES
from hazards.closure import BESIDE_M, Closure, ClosureBasis, Doubt
from hazards.observation import KIND_WORDS, ObservationKind
from routing.ground import Ground, in_metres

SAME_STREET_M: Final = 1.0
"""A closure is of one street of the network where the two lines lie this near all along."""
ALONG_M: Final = 10.0
"""Where the map has changed, streets this near to its line run along it."""


def read_closures(connection: Connection, city_code: str, ground: Ground) -> tuple[Closure, ...]:
    """The standing closures, on the streets of a ground."""
    rows = inforce.standing(connection, tables.closure, city_code)
    behind = observations.behind(connection, [row.street for row in rows if row.street])
    return tuple(_closure(row, ground, tuple(behind.get(row.street, ()))) for row in rows)


def read_doubts(connection: Connection, city_code: str, ground: Ground) -> tuple[Doubt, ...]:
    """Streets that reports name and that nothing closes, on the streets of a ground."""
    doubts = []
    for row in observations.doubted(connection, city_code):
        line = in_metres([to_shape(row.geom)], ground.metres)[0]
        ids = tuple(map(str, row.ids[: observations.NAMED]))
        reason = KIND_WORDS[ObservationKind(row.kind)]
        doubts.append(Doubt(row.street, streets_along(ground, line)[0], ids, reason, row.since))
    return tuple(doubts)


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
    """Whether it is of one street of the ground, from end to end or a part of it."""
    if closure.stretches:
        return True
    if len(closure.streets) != 1:
        return False
    street = ground.lines[closure.streets[0]]
    return bool(shapely.hausdorff_distance(street, closure.line) < SAME_STREET_M)


def _closure(row: Row[Any], ground: Ground, behind: tuple[str, ...]) -> Closure:
    line = in_metres([to_shape(row.geom)], ground.metres)[0]
    stretches = () if row.basis == ClosureBasis.ORDER else stretches_on(ground, line)
    streets, rest = ((), shapely.LineString()) if stretches else streets_along(ground, line)
    return Closure(
        row.id,
        streets,
        row.reason,
        line,
        rest,
        row.begun_at,
        row.by_water,
        basis=ClosureBasis(row.basis),
        observations=behind,
        moves=row.moving == MOVES or (row.basis == ClosureBasis.ORDER and row.moving is None),
        stretches=stretches,
    )


def stretches_on(ground: Ground, line: BaseGeometry) -> tuple[tuple[int, float, float], ...]:
    """The metres of the one street that a line is a part of; none where it is the whole street, or
    of no street of this map: then whatever runs along it is shut.
    """
    near = ground.tree.query(line, predicate="dwithin", distance=SAME_STREET_M)
    for street in sorted(near.tolist()):
        whole = ground.lines[street]
        ends = shapely.line_locate_point(
            whole, shapely.points(line.coords[:: len(line.coords) - 1])
        )
        low, high = float(ends.min()), float(ends.max())
        part = shapely.ops.substring(whole, low, high)
        if high - low > 0 and shapely.hausdorff_distance(part, line) < SAME_STREET_M:
            if high - low > whole.length - SAME_STREET_M:
                return ()
            return ((int(street), low, high),)
    return ()


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
