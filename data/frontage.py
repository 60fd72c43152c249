"""Streets along which homes stand, cut at the outlines of areas."""

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree

from city.position import Metres
from data.network import Network
from routing.roads import StreetFlag

Bools: TypeAlias = NDArray[np.bool_]
Floats: TypeAlias = NDArray[np.float64]
Objects: TypeAlias = NDArray[np.object_]
Rows: TypeAlias = NDArray[np.int64]

LEAST_STREET_M: Final = 0.25
"""Metres of residential street for a household, below which all streets of the area are used."""
_NO_HOME: Final = np.uint8(StreetFlag.BRIDGE | StreetFlag.TUNNEL)


@dataclass(frozen=True, slots=True, eq=False)
class Frontage:
    """Straight pieces of street inside areas, by area: `begin`, `step` (P, 2) in metres, with
    `until_m` (P,) metres summed over all pieces before and including each.

    `scant` (A,): areas with too little residential street, along all of whose streets they run.
    """

    area: Rows
    begin: Floats
    step: Floats
    until_m: Floats
    scant: Bools

    def length_m(self) -> Floats:
        """(A,) metres of street in each area."""
        step_m = np.hypot(self.step[:, 0], self.step[:, 1])
        length_m = np.bincount(self.area, weights=step_m, minlength=len(self.scant))
        return np.asarray(length_m, np.float64)


def frontage(
    outlines: Objects, homes: Rows, network: Network, metres: Metres, residential: Bools
) -> Frontage:
    """The streets along which each area's homes stand."""
    usable = (network.flags & _NO_HOME) == 0
    scant = np.zeros(len(homes), bool)
    first = _clipped(outlines, network, metres, residential & usable, scant)
    scant = (homes > 0) & (first.length_m() < LEAST_STREET_M * homes)
    if not scant.any():
        return first
    wanting = outlines.copy()
    wanting[~scant] = None
    others = _clipped(wanting, network, metres, usable, scant)
    kept = ~scant[first.area]
    area = np.concatenate([first.area[kept], others.area])
    order = np.argsort(area, kind="stable")
    begin = np.concatenate([first.begin[kept], others.begin])
    step = np.concatenate([first.step[kept], others.step])
    return _summed(area[order], begin[order], step[order], scant)


def lines_of(points: Floats, owner: Rows | None = None) -> Objects:
    """Lines through (n, k, 2) points, or through (n, 2) points by their owner (n,)."""
    return np.asarray(shapely.linestrings(points, indices=owner), dtype=object)


def _clipped(
    outlines: Objects, network: Network, metres: Metres, chosen: Bools, scant: Bools
) -> Frontage:
    """The chosen streets (S,), cut at the areas' outlines."""
    points = np.diff(network.shape_start)
    picked = np.repeat(chosen, points)
    owner = np.repeat(np.cumsum(chosen) - 1, points)[picked]
    shapes = network.shape_lonlat[picked]
    if not len(shapes):
        return _summed(np.empty(0, np.int64), np.empty((0, 2)), np.empty((0, 2)), scant)
    lines = lines_of(shapes, owner)
    area, line = STRtree(lines).query(outlines, predicate="intersects")
    order = np.lexsort((line, area))
    area, inside = area[order], lines[line[order]]
    cut = ~shapely.contains(outlines[area], inside)
    inside[cut] = shapely.intersection(inside[cut], outlines[area[cut]])
    parts, of = shapely.get_parts(inside, return_index=True)
    flat = shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING
    return _pieces(parts[flat], area[of[flat]], metres, scant)


def _pieces(parts: Objects, area: Rows, metres: Metres, scant: Bools) -> Frontage:
    lonlat, of = shapely.get_coordinates(parts, return_index=True)
    xy = metres.xy(lonlat)
    step = np.diff(xy, axis=0)
    kept = (of[1:] == of[:-1]) & step.any(axis=1)
    return _summed(area[of[1:][kept]], xy[:-1][kept], step[kept], scant)


def _summed(area: Rows, begin: Floats, step: Floats, scant: Bools) -> Frontage:
    until_m = np.cumsum(np.hypot(step[:, 0], step[:, 1]))
    return Frontage(area, begin, step, until_m, scant)
