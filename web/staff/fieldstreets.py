"""The streets around a team, cell by cell: what a page keeps and draws without a network."""

from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from routing.ground import Ground

CELLS_PER_DEGREE: Final = 100
"""A cell is a hundredth of a degree each way: about a square kilometre."""
UNITS: Final = 1000
"""Whole units of a cell's side: a metre each."""
_FINE_M: Final = 1.0


def streets_of(ground: Ground, column: int, row: int) -> dict[str, Any]:
    """Streets and waters that touch a cell, whose south-west corner is at (`column`, `row`) / 100.

    `streets` are [name (index into `names`, -1: none), x, y, x, y, …] in units from that corner,
    y to the north; `waters` the same without a name, closed. Streets go on beyond the cell.
    """
    box = _box(ground, column, row)
    found = np.sort(ground.tree.query(box, predicate="intersects"))
    names = sorted({int(ground.roads.name[street]) for street in found} - {-1})
    index = {name: place for place, name in enumerate(names)}
    lines = shapely.simplify(ground.lines[found], _FINE_M)
    surfaces = ground.waterways[ground.waterway_tree.query(box)]
    waters = shapely.get_parts(shapely.intersection(surfaces, box))
    rings = [one.exterior for one in waters if one.geom_type == "Polygon" and not one.is_empty]

    def units(line: BaseGeometry) -> list[int]:
        lonlat = ground.metres.lonlat(shapely.get_coordinates(line))
        corner = np.array([column, row]) / CELLS_PER_DEGREE
        return _flat((lonlat - corner) * CELLS_PER_DEGREE * UNITS)

    return {
        "names": [ground.roads.names[name] for name in names],
        "streets": [
            [index.get(int(ground.roads.name[street]), -1), *units(line)]
            for street, line in zip(found, lines, strict=True)
        ],
        "waters": [units(ring) for ring in rings],
    }


def _box(ground: Ground, column: int, row: int) -> BaseGeometry:
    """The cell in metres."""
    corners = [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)]
    xy = ground.metres.xy(np.array(corners, dtype=np.float64) / CELLS_PER_DEGREE)
    (west, south), (east, north) = xy.min(axis=0), xy.max(axis=0)
    box: BaseGeometry = shapely.box(west, south, east, north)
    return box


def _flat(units: NDArray[np.float64]) -> list[int]:
    flat: list[int] = np.rint(units).astype(np.int64).ravel().tolist()
    return flat
