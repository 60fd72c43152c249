"""Heights between the cells of a grid: of a raster, or of a tile of an elevation model."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

LOWEST_M: Final = -500.0
HIGHEST_M: Final = 9_000.0
"""No ground lies outside: what a grid says there is a code for "no data", or another unit."""

_CORNERS: Final = np.array([(0, 0), (0, 1), (1, 0), (1, 1)])


def heights_at(cells: NDArray[np.floating], row: Floats, column: Floats) -> tuple[Floats, Flags]:
    """Metres at N places, and at which of them a height about them was impossible.

    `cells` is (R, C), NaN where unknown; `row` and `column` (N,) count from the middle of the
    first cell. Bilinear where all four cells about a place are known, else the nearest that is
    known, else NaN.
    """
    top, left = np.floor(row), np.floor(column)
    down, right = row - top, column - left
    four = _four(cells, top.astype(np.int64), left.astype(np.int64))
    impossible = ~np.isnan(four) & ~((four >= LOWEST_M) & (four <= HIGHEST_M))
    four[impossible] = np.nan
    away = np.hypot(down - _CORNERS[:, :1], right - _CORNERS[:, 1:])
    away[np.isnan(four)] = np.inf
    nearest = np.take_along_axis(four, away.argmin(axis=0)[np.newaxis], axis=0)[0]
    upper = four[0] * (1 - right) + four[1] * right
    lower = four[2] * (1 - right) + four[3] * right
    between = upper * (1 - down) + lower * down
    beside: Flags = np.any(impossible, axis=0)
    return np.where(np.isnan(between), nearest, between), beside


def _four(cells: NDArray[np.floating], top: NDArray[np.int64], left: NDArray[np.int64]) -> Floats:
    """(4, N) heights of the cells about each place; NaN beyond the grid."""
    rows, columns = top + _CORNERS[:, :1], left + _CORNERS[:, 1:]
    inside = (rows >= 0) & (rows < cells.shape[0]) & (columns >= 0) & (columns < cells.shape[1])
    four = np.full(rows.shape, np.nan)
    four[inside] = cells[rows[inside], columns[inside]]
    return four
