"""班: the households of a 町丁目 in small groups of neighbours."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

MOST: Final = 15
_SIDE: Final = 1 << 16


def han(xy: NDArray[np.float64], most: int = MOST) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The 班 of each household, from 1, and its place in it, from 1, both (H,).

    `xy` (H, 2) in metres. Neighbours along a Hilbert curve come together, in as few groups of at
    most `most` as there can be, all of them of nearly the same size; the same points give the same.
    """
    count = len(xy)
    if count == 0:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    order = np.argsort(_along_the_curve(xy), kind="stable")
    groups = -(-count // most)
    starts = np.arange(groups) * count // groups
    rank = np.empty(count, np.int64)
    rank[order] = np.arange(count)
    number = np.searchsorted(starts, rank, side="right")
    return number, rank - starts[number - 1] + 1


def _along_the_curve(xy: NDArray[np.float64]) -> NDArray[np.int64]:
    """(H,) how far along a Hilbert curve over their square each point lies."""
    low, high = xy.min(axis=0), xy.max(axis=0)
    cells = (xy - low) / max(float((high - low).max()), 1e-9) * (_SIDE - 1)
    x, y = cells.astype(np.int64).T
    along = np.zeros(len(xy), np.int64)
    step = _SIDE // 2
    while step:
        east, north = (x & step) > 0, (y & step) > 0
        along += step * step * ((3 * east) ^ north)
        x, y = _turned(x, y, east, north)
        step //= 2
    return along


def _turned(
    x: NDArray[np.int64], y: NDArray[np.int64], east: NDArray[np.bool_], north: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The quarter that a point lies in as the curve runs through it."""
    last = _SIDE - 1
    flipped = east & ~north
    x, y = np.where(flipped, last - x, x), np.where(flipped, last - y, y)
    return np.where(north, x, y), np.where(north, y, x)
