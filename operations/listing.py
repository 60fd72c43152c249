"""What is in force, a line each, in the city's time zone: for the officer who lifts or reopens."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import shapely
from geoalchemy2.shape import to_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, Engine, Row
from sqlalchemy import text as sql

from data import inforce, tables
from data.database import transaction
from data.rows import card_of, current_load
from hazards.kinds import LEVEL_WORDS, AlertLevel

Say = Callable[[Connection, Row[Any], Row[Any]], str]


def list_levels(engine: Engine) -> list[str]:
    """The standing orders."""
    return _list(engine, tables.evacuation_order, _order)


def list_water(engine: Engine) -> list[str]:
    """The observed water that stands: its source, and a point in it."""
    return _list(engine, tables.observed_water, _water)


def list_roads(engine: Engine) -> list[str]:
    """The closed roads: name, reason, the middle of the street."""
    return _list(engine, tables.closure, _road)


def list_sites(engine: Engine) -> list[str]:
    """The sites of which somebody said that they are open or closed."""
    return _list(engine, tables.site_opening, _site)


def _list(engine: Engine, table: Any, say: Say) -> list[str]:
    with transaction(engine) as connection:
        load = current_load(connection)
        zone = ZoneInfo(card_of(load).timezone)
        return [
            f"{say(connection, load, row)} ({_since(row.begun_at, zone)})"
            for row in inforce.standing(connection, table, load.code)
        ]


def _since(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M%z}"


def _order(_: Connection, __: Row[Any], row: Row[Any]) -> str:
    where = "、".join(row.area_names) or "市内全域"
    return f"{row.id}: {row.hazard} {row.level} {LEVEL_WORDS[AlertLevel(row.level)]} {where}"


def _water(_: Connection, __: Row[Any], row: Row[Any]) -> str:
    return f"{row.id}: {row.source} {_at(shapely.point_on_surface(to_shape(row.geom)))}"


def _road(connection: Connection, load: Row[Any], row: Row[Any]) -> str:
    line = to_shape(row.geom)
    name = _street(connection, load, line) or "a street without a name"
    return f"{row.id}: {name} {row.reason} {_at(line.interpolate(0.5, normalized=True))}"


def _street(connection: Connection, load: Row[Any], line: BaseGeometry) -> str:
    """The name of the street that lies along a closure, as the loaded map has it."""
    number = connection.execute(
        sql(
            "SELECT name FROM street, (SELECT ST_GeomFromWKB(:line, 4326) AS closed) c"
            " WHERE load_id = :load"
            " AND ST_DWithin(geom, ST_LineInterpolatePoint(closed, 0.5), 0.0001)"
            " ORDER BY ST_HausdorffDistance(geom, closed), number LIMIT 1"
        ),
        {"line": shapely.to_wkb(line), "load": load.id},
    ).scalar()
    return "" if number is None or number < 0 else str(load.street_names[number])


def _site(connection: Connection, load: Row[Any], row: Row[Any]) -> str:
    table = tables.evacuation_site
    query = table.select().where(table.c.load_id == load.id, table.c.id == row.site_id)
    site = connection.execute(query).first()
    if site is None:
        name = f"{row.site_name} " if row.site_name else ""
        return f"{row.site_id}: {name}{row.opening}, not among the sites of the loaded city"
    return f"{row.site_id}: {site.name} {row.opening} {_at(to_shape(site.geom))}"


def _at(point: BaseGeometry) -> str:
    """LAT,LON, as `road close --at` takes it."""
    lon, lat = shapely.get_coordinates(point)[0].tolist()
    return f"{lat:.5f},{lon:.5f}"
