"""The plain ground of headquarters' map: lines and areas that need neither WebGL nor map tiles."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from hazards.zone import DEPTH_LAYERS, RED, ZoneLayer
from routing.ground import Ground
from web.frame import Frame, around
from web.paths import area_path, line_path, near, waters

WIDTH: Final = 2000
"""Units."""
MOST_STREETS: Final = 15_000
LEAST_UNITS: Final = 6.0
"""Smaller zones are no more than dots."""
_LEAST_M: Final = 1000.0
_MARGIN: Final = 0.03
_SHAPE: Final = (0.3, 2.0)


@lru_cache(maxsize=2)
def plain_ground(ground: Ground) -> dict[str, Any]:
    """SVG path data in units, drawn once for each load; forecast zones are left out.

    `by_degrees` holds x0, x_lon, x_lat, y0, y_lon, y_lat: a position lies at
    x = x0 + x_lon·lon + x_lat·lat, y likewise; over one city that is true to some metres.
    `names`: of each area its name and a spot inside it in degrees.
    """
    frame = _whole(ground)
    rivers, streams = waters(ground, frame)
    return {
        "width": frame.width,
        "height": frame.height,
        "by_degrees": _by_degrees(ground, frame),
        "names": _names(ground),
        "paths": {
            "borders": line_path(frame, [one.boundary for one in ground.area_polygons]),
            "assumed": _zones(ground, frame, DEPTH_LAYERS),
            "yellow": _zones(ground, frame, (ZoneLayer.LANDSLIDE,), red=False),
            "red": _zones(ground, frame, (ZoneLayer.LANDSLIDE,), red=True),
            "collapse": _zones(ground, frame, (ZoneLayer.COLLAPSE,)),
            "rivers": area_path(frame, rivers),
            "streams": line_path(frame, streams),
            "streets": line_path(frame, _streets(ground)),
        },
    }


def _whole(ground: Ground) -> Frame:
    """The city's areas; its streets where it has none."""
    shapes = ground.area_polygons if len(ground.area_polygons) else ground.lines
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    corners = np.array([[west, south], [east, north]])
    return around(corners, width=WIDTH, least_m=_LEAST_M, margin=_MARGIN, shape=_SHAPE)


def _by_degrees(ground: Ground, frame: Frame) -> list[float]:
    west, south, east, north = frame.bounds
    corners = np.array([[west, south], [east, south], [west, north], [east, north]])
    units = (corners - (frame.west, frame.north)) * (frame.scale, -frame.scale)
    ones = np.column_stack([np.ones(len(corners)), ground.metres.lonlat(corners)])
    fitted, *_ = np.linalg.lstsq(ones, units, rcond=None)
    return [float(one) for one in fitted.T.ravel()]


def _names(ground: Ground) -> list[tuple[str, float, float]]:
    if not len(ground.area_polygons):
        return []
    spots = shapely.get_coordinates(shapely.point_on_surface(ground.area_polygons))
    degrees = ground.metres.lonlat(spots).round(5).tolist()
    return [(area.name, lon, lat) for area, (lon, lat) in zip(ground.areas, degrees, strict=True)]


def _zones(
    ground: Ground, frame: Frame, layers: Sequence[ZoneLayer], *, red: bool | None = None
) -> str:
    """Maps of what could be, the largest of them; `red` special landslide zones, or the others."""
    least = (LEAST_UNITS / frame.scale) ** 2
    found: list[BaseGeometry] = []
    for layer in layers:
        zone = ground.zones.get(layer)
        if zone is None:
            continue
        kept = ~zone.forecast
        if red is not None:
            kept &= (zone.ranks == RED) == red
        found += [one for one in near(zone.polygons[kept], frame) if one.area >= least]
    return area_path(frame, found)


def _streets(ground: Ground) -> list[BaseGeometry]:
    """Whole streets by their names, the longest first: pieces of many would look like ruins."""
    roads = ground.roads
    rows = np.arange(len(ground.lines))
    if len(rows) > MOST_STREETS:
        names = np.where(roads.name < 0, len(roads.names) + rows, roads.name)
        _, which = np.unique(names, return_inverse=True)
        metres = np.bincount(which, roads.length_m)[which]
        rows = np.sort(np.argsort(-metres, kind="stable")[:MOST_STREETS])
    return list(ground.lines[rows])
