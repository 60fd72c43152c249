"""Parts of the loaded city by their names, as somebody types them."""

from collections.abc import Sequence
from typing import Any

import shapely
from geoalchemy2.shape import to_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, Row, select

from city.area import Area, folded
from data import tables
from data.errors import NotThere
from operations.changes import area_of


def area_named(connection: Connection, load: Row[Any], name: str) -> Area:
    """The 町丁目 or district of that name, however it is spelled; raises `NotThere`.

    Several parts of one name bear the code of the first.
    """
    areas = _areas(connection, load)
    geometry = area_of(areas, [name])
    first = next(one for one in areas if folded(one.name) == folded(name))
    return Area(first.code, first.name, geometry)


def areas_named(connection: Connection, load: Row[Any], names: Sequence[str]) -> BaseGeometry:
    """The union of these parts in (lon, lat); raises `NotThere`."""
    return shapely.union_all([area_of(_areas(connection, load), names)])


def _areas(connection: Connection, load: Row[Any]) -> list[Area]:
    table = tables.area
    query = select(table).where(table.c.load_id == load.id).order_by(table.c.number)
    rows = connection.execute(query).all()
    if not rows:
        raise NotThere("この市には町丁目の区域がありません（the city was loaded without areas）")
    return [Area(row.code, row.name, to_shape(row.geom)) for row in rows]
