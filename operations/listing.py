"""What is in force, a line each, in the city's time zone: for the officer who lifts or reopens."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
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
from operations.changes import SAME_LINE
from operations.planning import held

UNNAMED: Final = "a street without a name"
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


def _water(connection: Connection, load: Row[Any], row: Row[Any]) -> str:
    waits = row.id in {one.item for one in held.waiting(connection, load.code)}
    said = ", not in force: it waits for a person (nigemichi held list)" if waits else ""
    return f"{row.id}: {row.source} {_at(shapely.point_on_surface(to_shape(row.geom)))}{said}"


def _road(connection: Connection, load: Row[Any], row: Row[Any]) -> str:
    line = to_shape(row.geom)
    name, same = _street(connection, load, line)
    where = _at(line.interpolate(0.5, normalized=True))
    changed = "" if same else ", not on the loaded map as it was"
    return f"{row.id}: {name} {row.reason}, {kind(row.by_water)}{changed} {where}"


def kind(by_water: bool) -> str:
    """Whether a closure counts as confirmed water, in words."""
    return "by water" if by_water else "not by water"


def _street(connection: Connection, load: Row[Any], line: BaseGeometry) -> tuple[str, bool]:
    """The name of the street along a closure on the loaded map, and whether it is that street."""
    row = connection.execute(
        sql(
            "SELECT name, ST_HausdorffDistance(geom, closed) AS apart"
            " FROM street, (SELECT ST_GeomFromWKB(:line, 4326) AS closed) c"
            " WHERE load_id = :load"
            " AND ST_DWithin(geom, ST_LineInterpolatePoint(closed, 0.5), 0.0001)"
            " ORDER BY apart, number LIMIT 1"
        ),
        {"line": shapely.to_wkb(line), "load": load.id},
    ).first()
    name = str(load.street_names[row.name]) if row and row.name >= 0 else UNNAMED
    return name, row is not None and row.apart < SAME_LINE


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
