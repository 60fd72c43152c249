"""The map of a poster out of the database: the areas, what could come there, no place."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import shapely
from geoalchemy2.shape import to_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, Row

from city.position import Metres
from data.alerts.surroundings import Surroundings, city_shape, surroundings
from data.rows import card_of
from hazards.zone import DEPTH_LAYERS, RED, ZoneKind, ZoneLayer
from web.alertsheets.areamap import AreaMap, frame_around
from web.frame import Frame

_DEPTHS: Final = frozenset(map(str, DEPTH_LAYERS))


def map_of(connection: Connection, load: Row[Any], row: Row[Any]) -> AreaMap | None:
    """The map of a revision (a row of `revisions.get`); None where the city has no areas."""
    where = city_shape(connection, load.id) if row.geom is None else to_shape(row.geom)
    if where is None:
        return None
    metres = Metres(card_of(load).crs)
    outline = _in_metres(metres, where)
    return ground_of(connection, load, outline, frame_around(outline))


def ground_of(
    connection: Connection, load: Row[Any], outline: BaseGeometry, frame: Frame
) -> AreaMap:
    """What lies in a frame, around an outline in metres."""
    metres = Metres(card_of(load).crs)
    west, south, east, north = frame.bounds
    corners = metres.lonlat(np.array([(x, y) for x in (west, east) for y in (south, north)]))
    (left, low), (right, high) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
    found = surroundings(connection, load.id, (left, low, right, high))
    return AreaMap(
        frame,
        outline,
        _by_class(metres, found),
        [(name, _in_metres(metres, shape)) for name, shape in found.waters],
        [_in_metres(metres, shape) for shape in found.streets],
        [(name, _in_metres(metres, shape)) for name, shape in found.areas],
    )


def _by_class(metres: Metres, found: Surroundings) -> dict[str, list[BaseGeometry]]:
    """Zones by the class that draws them (`web/sheets/drawing.py`)."""
    classes: dict[str, list[BaseGeometry]] = defaultdict(list)
    for layer, rank, kind, shape in found.zones:
        for name in _class_of(layer, rank, kind):
            classes[name].append(_in_metres(metres, shape))
    drawn = ("assumed", "forecast", "slide", "special", "collapse")
    return {name: classes[name] for name in drawn if name in classes}


def _class_of(layer: str, rank: int, kind: str) -> Iterable[str]:
    if layer in _DEPTHS:
        yield "forecast" if kind == ZoneKind.FORECAST else "assumed"
    elif layer == ZoneLayer.LANDSLIDE:
        yield "special" if rank == RED else "slide"
    elif layer == ZoneLayer.COLLAPSE:
        yield "collapse"


def _in_metres(metres: Metres, shape: BaseGeometry) -> BaseGeometry:
    return shapely.transform(shape, metres.xy)
