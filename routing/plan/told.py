"""Who is told to go: the verdict of every home of a city at once, by the same truth table."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree

from hazards.kinds import AlertLevel, HazardKind
from hazards.order import EvacuationOrder
from hazards.zone import ZoneLayer
from routing.ground import Ground
from routing.roads import Floats
from routing.verdict import Situation, Verdict, decide
from routing.version import PlanVersion

Bools = NDArray[np.bool_]
YES_OR_NO: Final = (False, True)


@dataclass(frozen=True, slots=True, eq=False)
class Homes:
    """Where the households live (H, 2), in metres, and whether each stands in a landslide zone or
    nobody knows (H,).
    """

    xy: Floats
    may_slide: Bools


def homes(ground: Ground, xy: Floats) -> Homes:
    """Look all homes up in the zones: once a ground."""
    slides = ground.zones[ZoneLayer.LANDSLIDE]
    if not slides.complete:
        return Homes(xy, np.ones(len(xy), bool))
    return Homes(xy, _covered(slides.polygons, xy))


def goes(version: PlanVersion, at: Homes, has_way: Bools, *, needs_time: bool = False) -> Bools:
    """(H,) which homes are told to go, of households that have said nothing else of themselves.

    `has_way` (H,): a way to an open, suitable site exists. Whoever is surrounded has none, so that
    here only standing in seen water need be looked at.
    """
    orders = version.picture.orders
    level = _levels(orders, at.xy)
    slides = [order for order in orders if order.hazard is HazardKind.LANDSLIDE]
    landslide_order = _levels(slides, at.xy) >= AlertLevel.ELDERLY_LEAVE
    flooded = _covered(version.water.polygons, at.xy)
    table = np.array([_told(*row, needs_time=needs_time) for row in _ROWS])
    code = level.astype(np.int64)
    for part in (landslide_order, at.may_slide, flooded, has_way):
        code = 2 * code + part
    return np.asarray(table[code])


_ROWS: Final = tuple(product(AlertLevel, YES_OR_NO, YES_OR_NO, YES_OR_NO, YES_OR_NO))
"""Every situation of such a home, in the order of its code."""


def _told(
    level: AlertLevel,
    landslide_order: bool,
    may_slide: bool,
    flooded: bool,
    has_way: bool,
    *,
    needs_time: bool,
) -> bool:
    situation = Situation(
        level=level,
        landslide_order=landslide_order,
        in_landslide_zone=may_slide,
        surrounded=flooded,
        needs_time=needs_time,
        may_stay=False,
        has_way=has_way,
    )
    return decide(situation).verdict is Verdict.GO


def _levels(orders: Sequence[EvacuationOrder], xy: Floats) -> NDArray[np.int8]:
    """(H,) the highest level ordered at each home."""
    level = np.zeros(len(xy), np.int8)
    for order in orders:
        here = order.covers_each(xy)
        level[here] = np.maximum(level[here], int(order.level))
    return level


def _covered(polygons: NDArray[np.object_], xy: Floats) -> Bools:
    """(H,) which points lie in one of the polygons or on its border."""
    inside = np.zeros(len(xy), bool)
    points = STRtree(np.asarray(shapely.points(xy), dtype=object))
    inside[points.query(polygons, predicate="intersects")[1]] = True
    return inside
