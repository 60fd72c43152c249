"""The zones of a file that can matter to a city: those near it; and those that stand elsewhere."""

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from data.readers.zones import Zones
from data.report import SourceReport

BEYOND_DEG: Final = 3.0
"""About 300 km: no file of a city's zones holds one so far off, unless its place is wrong."""
TOO_FAR: Final = (
    "geometry: 300 km and more from the roads: wrong coordinates?"
    " (of far islands: cut the file to the city)"
)
REACHES: Final = "reaches farther than 300 km from the roads, taken as it is: wrong coordinates?"
LEFT_OUT: Final = "far from every road (over 2 km)"

_Rows = NDArray[np.bool_]


def zones_here(found: Zones, near: _Rows, box: BaseGeometry | None, report: SourceReport) -> Zones:
    """The zones that are `near` the roads, whose box (degrees) is None where there are none.

    The others are dropped. One that stands or reaches beyond any city's surroundings may be one
    of the city's with wrong coordinates: its layer is damaged.
    """
    shapes = np.array([zone.geometry for zone in found.rows], dtype=object)
    apart, reaches = _beyond(shapes, box)
    for why, rows in ((TOO_FAR, apart), (LEFT_OUT, ~near & ~apart)):
        for number, shape in _by_row(found, rows).items():
            report.drop(why, row=number, at=shape)
    for number, shape in _by_row(found, reaches & near).items():
        report.note(REACHES, row=number, at=shape)
    lost = frozenset(found.rows[row].layer for row in np.flatnonzero(reaches))
    kept = np.flatnonzero(near & ~apart).tolist()
    numbers = [found.numbers[row] for row in kept]
    report.kept = len(set(numbers))
    return Zones([found.rows[row] for row in kept], found.damaged | lost, numbers)


def _beyond(shapes: NDArray[np.object_], box: BaseGeometry | None) -> tuple[_Rows, _Rows]:
    """Which shapes stand wholly beyond the surroundings of a box, and which reach there."""
    if box is None or not len(shapes):
        return np.zeros(len(shapes), bool), np.zeros(len(shapes), bool)
    low, high = np.split(np.array(shapely.bounds(box)), 2)
    low, high = low - BEYOND_DEG, high + BEYOND_DEG
    bounds = shapely.bounds(shapes)
    apart = np.any((bounds[:, :2] > high) | (bounds[:, 2:] < low), axis=1)
    reaches = np.any((bounds[:, :2] < low) | (bounds[:, 2:] > high), axis=1)
    return apart, reaches


def _by_row(found: Zones, rows: _Rows) -> dict[int, BaseGeometry]:
    """The number of each row in the file once, however many layers it states, and its shape."""
    return {found.numbers[row]: found.rows[row].geometry for row in np.flatnonzero(rows).tolist()}
