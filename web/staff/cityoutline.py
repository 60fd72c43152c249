"""The outline of a city and of its areas, for a script to put marks on by degrees."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from routing.ground import Ground
from web.frame import around
from web.paths import area_path, line_path

WIDTH: Final = 640
"""Units."""
_LEAST_M: Final = 1000.0
_MARGIN: Final = 0.03
_SHAPE: Final = (0.5, 1.25)


@dataclass(frozen=True, slots=True)
class CityOutline:
    """SVG path data in `width` × `height` units.

    `by_degrees` holds x0, x_lon, x_lat, y0, y_lon, y_lat: a position lies at
    x = x0 + x_lon·lon + x_lat·lat, y likewise; over one city that is true to some metres.
    `names`: of each area its name and a spot inside it, in units.
    """

    width: int
    height: int
    city: str
    borders: str
    by_degrees: tuple[float, ...]
    names: tuple[tuple[str, float, float], ...]


def outline_of(ground: Ground) -> CityOutline | None:
    """None where the city has no areas."""
    if not len(ground.area_polygons):
        return None
    bounds = shapely.total_bounds(ground.area_polygons)
    spots = shapely.get_coordinates(shapely.point_on_surface(ground.area_polygons))
    corners = np.array([bounds[[0, 1]], bounds[[2, 1]], bounds[[0, 3]], bounds[[2, 3]]])
    frame = around(corners, width=WIDTH, least_m=_LEAST_M, margin=_MARGIN, shape=_SHAPE)
    lonlat = ground.metres.lonlat(corners)
    scale = (frame.scale, -frame.scale)
    units = (corners - (frame.west, frame.north)) * scale
    named = ((spots - (frame.west, frame.north)) * scale).round(1).tolist()
    ones = np.column_stack([np.ones(len(lonlat)), lonlat])
    fitted, *_ = np.linalg.lstsq(ones, units, rcond=None)
    return CityOutline(
        width=frame.width,
        height=frame.height,
        city=area_path(frame, list(ground.area_polygons)),
        borders=line_path(frame, [one.boundary for one in ground.area_polygons]),
        by_degrees=tuple(float(one) for one in fitted.T.ravel()),
        names=tuple((area.name, *at) for area, at in zip(ground.areas, named, strict=True)),
    )
