"""Drawn streets before they are cut at their crossings: lines, and the kind of each (metres)."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from data.town.frame import Array

Indices = NDArray[np.int64]
Shapes = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Kind:
    """What OpenStreetMap would say of a street; `main` streets are never given up."""

    highway: str
    name: str | None = None
    bridge: str | None = None
    tunnel: str | None = None
    layer: int | None = None
    main: bool = False

    @property
    def is_apart(self) -> bool:
        """Tell whether it passes over or under others and meets them only at its two ends."""
        return self.layer is not None


@dataclass
class Kinds:
    """All kinds in use, each with its number."""

    each: list[Kind] = field(default_factory=list)
    numbers: dict[Kind, int] = field(default_factory=dict)

    def number(self, kind: Kind) -> int:
        """Return the number of a kind; a new one is added."""
        if kind not in self.numbers:
            self.numbers[kind] = len(self.each)
            self.each.append(kind)
        return self.numbers[kind]

    def flags(self, which: str) -> NDArray[np.bool_]:
        """Return a property of every kind, as an array to be indexed by kind numbers."""
        return np.array([bool(getattr(kind, which)) for kind in self.each])


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """Lines (shapely) and the number of each line's kind."""

    shapes: Shapes
    kind: Indices

    def plus(self, *others: "Drawing") -> "Drawing":
        """Put drawings together."""
        all_of_them = (self, *others)
        return Drawing(
            np.concatenate([each.shapes for each in all_of_them]),
            np.concatenate([each.kind for each in all_of_them]),
        )

    def where(self, mask: NDArray[np.bool_]) -> "Drawing":
        """Keep some lines."""
        return Drawing(self.shapes[mask], self.kind[mask])

    def within(self, zone: BaseGeometry | Shapes, shortest_m: float) -> "Drawing":
        """Keep what lies within a zone (one for all lines or one each)."""
        return self._parts(shapely.intersection(self.shapes, zone), shortest_m)

    def outside(self, zone: BaseGeometry, shortest_m: float) -> "Drawing":
        """Keep what lies outside a zone."""
        return self._parts(shapely.difference(self.shapes, zone), shortest_m)

    def _parts(self, clipped: Shapes, shortest_m: float) -> "Drawing":
        parts, owner = shapely.get_parts(clipped, return_index=True)
        lines = shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING
        kept = lines & (shapely.length(parts) >= shortest_m)
        return Drawing(parts[kept], self.kind[owner[kept]])


def drawn(lines: Array, owner: Indices) -> Shapes:
    """Draw lines from vertices (N, 2) and the number of the line that each belongs to."""
    return np.asarray(shapely.linestrings(lines, indices=owner), dtype=object)


def straight(start: Array, end: Array) -> Shapes:
    """Draw straight lines between two positions each (N, 2)."""
    return np.asarray(shapely.linestrings(np.stack([start, end], axis=1)), dtype=object)


def points(xy: Array) -> Shapes:
    """Draw points at positions (N, 2)."""
    return np.asarray(shapely.points(xy), dtype=object)


def drawing(lines: Iterable[tuple[BaseGeometry, int]]) -> Drawing:
    """Make a drawing of lines with the numbers of their kinds."""
    rows = list(lines)
    shapes = np.empty(len(rows), dtype=object)
    shapes[:] = [shape for shape, _ in rows]
    return Drawing(shapes, np.array([kind for _, kind in rows], dtype=np.int64))
