"""Which part of a street its reports shut: a point is no whole street, but more than a point."""

from collections.abc import Iterable
from typing import Any, Final

import shapely
import shapely.ops
from shapely.geometry.base import BaseGeometry

from city.position import Metres
from hazards.observation import ObservationKind

BEYOND_M: Final = 30.0
"""So far beyond its radius of error a report shuts its street, to both sides: policy."""
WHOLE: Final = frozenset({ObservationKind.BRIDGE, ObservationKind.UNDERPASS_FLOODED})
"""Kinds of things that nobody crosses half."""


def stretch(
    metres: Metres,
    line: BaseGeometry,
    reports: Iterable[tuple[ObservationKind, BaseGeometry, float]],
) -> BaseGeometry:
    """The part of a street's line (lon, lat) that reports (what, where, error in metres) shut."""
    whole: Any = _moved(metres, line)
    low, high = whole.length, 0.0
    for kind, shape, error_m in reports:
        if kind in WHOLE:
            return line
        reach = BEYOND_M + error_m if shape.geom_type == "Point" else BEYOND_M
        there = shapely.intersection(whole, _moved(metres, shape).buffer(reach))
        # A street farther off was named all the same: all of it.
        met = shapely.get_coordinates(whole if there.is_empty else there)
        at = shapely.line_locate_point(whole, shapely.points(met))
        low, high = min(low, float(at.min())), max(high, float(at.max()))
    part = shapely.ops.substring(whole, max(low, 0.0), min(high, whole.length))
    return _back(metres, part) if part.length > 0 else line


def _moved(metres: Metres, shape: BaseGeometry) -> BaseGeometry:
    return shapely.transform(shape, metres.xy)


def _back(metres: Metres, shape: BaseGeometry) -> BaseGeometry:
    return shapely.transform(shape, metres.lonlat)
