"""A piece of the city in metres, drawn as whole units with y downwards."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Points = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Frame:
    """`west`, `north` metres of the upper left corner; `scale` units per metre."""

    west: float
    north: float
    scale: float
    width: int
    height: int

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Metres: west, south, east, north."""
        return (
            self.west,
            self.north - self.height / self.scale,
            self.west + self.width / self.scale,
            self.north,
        )

    @property
    def box(self) -> BaseGeometry:
        """The frame as a polygon in metres."""
        return shapely.box(*self.bounds)

    def units(self, xy: NDArray[np.float64]) -> Points:
        """(n, 2) metres to (n, 2) whole units."""
        moved = (xy - (self.west, self.north)) * (self.scale, -self.scale)
        return np.rint(moved).astype(np.int64)

    def holds(self, x: float, y: float, margin: int = 0) -> bool:
        """Whether a point in units lies inside, at least `margin` units from the edge."""
        return margin <= x <= self.width - margin and margin <= y <= self.height - margin

    def cut(self, geometries: Iterable[BaseGeometry], edge: float = 20) -> list[BaseGeometry]:
        """What lies in the frame and `edge` units around it."""
        room = edge / self.scale
        west, south, east, north = self.bounds
        kept = [
            shapely.clip_by_rect(one, west - room, south - room, east + room, north + room)
            for one in geometries
        ]
        return [one for one in kept if not one.is_empty]


def around(
    xy: NDArray[np.float64],
    *,
    width: int,
    least_m: float,
    margin: float,
    shape: tuple[float, float],
) -> Frame:
    """The frame around (n, 2) metres: `margin` is a share of its size on every side, and its
    height over its width lies between the two numbers of `shape`.
    """
    low, high = xy.min(axis=0), xy.max(axis=0)
    wide, tall = np.maximum((high - low) * (1 + 2 * margin), least_m)
    wide = max(wide, tall / shape[1])
    tall = max(tall, wide * shape[0])
    middle = (low + high) / 2
    scale = width / wide
    return Frame(
        west=float(middle[0] - wide / 2),
        north=float(middle[1] + tall / 2),
        scale=float(scale),
        width=width,
        height=round(tall * scale),
    )
