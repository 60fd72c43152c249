"""Geometries as SVG path data: whole units, relative, nothing twice."""

from collections.abc import Iterable, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from routing.ground import Ground
from web.frame import Frame, Points

SIMPLER: float = 1.5
"""Units that a line may move when it is simplified."""


def line_path(frame: Frame, geometries: Iterable[BaseGeometry]) -> str:
    """Lines in metres as one path, joined where they touch."""
    return _data(_chained(frame, geometries), "")


def area_path(frame: Frame, geometries: Sequence[BaseGeometry]) -> str:
    """Polygons in metres as one path, overlaps drawn once."""
    if not geometries:
        return ""
    whole = shapely.union_all(frame.cut(geometries))
    simple = shapely.simplify(whole, SIMPLER / frame.scale)
    rings = [
        np.asarray(ring.coords)
        for polygon in shapely.get_parts(simple)
        if polygon.geom_type == "Polygon"
        for ring in (polygon.exterior, *polygon.interiors)
    ]
    return _data([_thin(frame.units(ring))[:-1] for ring in rings], "z")


def near(geometries: NDArray[np.object_], frame: Frame) -> list[BaseGeometry]:
    """Those of the geometries in metres that reach into the frame."""
    return [one for one in geometries if one.intersects(frame.box)]


def waters(ground: Ground, frame: Frame) -> tuple[list[BaseGeometry], list[BaseGeometry]]:
    """The rivers in the frame: those known as surfaces, and those known as lines."""
    found = near(ground.waterways, frame)
    surfaces = [one for one in found if one.geom_type.endswith("Polygon")]
    return surfaces, [one for one in found if not one.geom_type.endswith("Polygon")]


def _chained(frame: Frame, geometries: Iterable[BaseGeometry]) -> list[Points]:
    parts = shapely.get_parts(frame.cut(geometries))
    lines = [part for part in parts if part.geom_type == "LineString"]
    merged = shapely.line_merge(shapely.multilinestrings(lines)) if lines else None
    simple = shapely.simplify(shapely.get_parts(merged), SIMPLER / frame.scale) if merged else ()
    return [_thin(frame.units(np.asarray(line.coords))) for line in simple]


def _thin(points: Points) -> Points:
    moved = np.any(np.diff(points, axis=0) != 0, axis=1)
    thin: Points = points[np.concatenate([[True], moved])]
    return thin


def _data(chains: Iterable[Points], end: str) -> str:
    """Relative commands; chains of fewer than two points draw nothing."""
    parts, at = [], np.zeros(2, np.int64)
    for chain in chains:
        if len(chain) < 2:
            continue
        steps = np.diff(np.vstack([at, chain]), axis=0)
        parts.append("m" + "".join(_number(n) for n in steps.ravel().tolist()).lstrip(" ") + end)
        at = chain[0] if end else chain[-1]
    return "M0 0" + "".join(parts) if parts else ""


def _number(value: int) -> str:
    return str(value) if value < 0 else f" {value}"
