"""The outlines of 町丁目 for a map of whom a closure cuts off."""

from typing import Final, TypeAlias

import shapely

from routing.ground import Ground

Rings: TypeAlias = list[list[list[float]]]
SIMPLER_M: Final = 15.0


def cut_off_rings(ground: Ground, names: frozenset[str]) -> dict[str, Rings]:
    """Of each of these 町丁目 its outer lines in (lon, lat), by its name."""
    found: dict[str, Rings] = {}
    for area, polygon in zip(ground.areas, ground.area_polygons, strict=True):
        if area.name in names:
            simple = shapely.simplify(polygon, SIMPLER_M)
            lines = [shapely.get_exterior_ring(part) for part in shapely.get_parts(simple)]
            corners = [ground.metres.lonlat(shapely.get_coordinates(line)) for line in lines]
            found.setdefault(area.name, []).extend(one.round(5).tolist() for one in corners)
    return found
