"""What a person changes: orders, observed water, closed roads, open sites.

Each use case is one transaction with one recorded change. What was given is checked against the
loaded city first; a refusal changes nothing.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import shapely
from geoalchemy2.shape import to_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, Engine, Row
from sqlalchemy import text as sql

from city.area import Area, folded
from city.position import Position
from data import inforce, tables
from data.database import transaction
from data.errors import NotThere
from data.readers.geojson import features
from data.rows import card_of, current_load
from hazards.errors import LowerThanInForce, NothingInForce
from hazards.kinds import LEVEL_WORDS, AlertLevel, HazardKind
from shelters.place import Opening


def set_level(
    engine: Engine,
    hazard: HazardKind,
    level: AlertLevel,
    *,
    areas: Sequence[str] = (),
    polygon: Path | None = None,
) -> int:
    """Set an order for named areas, for a polygon file, or for the whole city.

    A standing order for the same place is raised; only a person's `lift_level` lowers one.
    Raises `LowerThanInForce`, `NotThere`, `BrokenSource`.
    """
    with transaction(engine) as connection:
        load = current_load(connection)
        where, names = _where(connection, load, areas, polygon)
        same = [
            row
            for row in _orders(connection, load.code)
            if row.hazard == hazard and _same_place(row, where, names)
        ]
        if any(row.level > level for row in same):
            raise LowerThanInForce(
                f"level {max(row.level for row in same)} stands there: lift it first "
                f"(nigemichi level lift {hazard})"
            )
        inforce.end(connection, tables.evacuation_order, [row.id for row in same])
        number = inforce.add_order(
            connection, load.code, hazard=hazard, level=level, area_names=names, area=where
        )
        inforce.record_change(connection, f"order {number}: {hazard} level {int(level)}")
        return number


def lift_level(
    engine: Engine, hazard: HazardKind, *, areas: Sequence[str] = (), order: int | None = None
) -> list[int]:
    """解除: lift the orders for a hazard, of one set of areas, or one order by its number."""
    with transaction(engine) as connection:
        load = current_load(connection)
        wanted = {folded(name) for name in areas}
        lifted = [
            row.id
            for row in _orders(connection, load.code)
            if row.hazard == hazard
            and (order is None or row.id == order)
            and (not wanted or {folded(name) for name in row.area_names} == wanted)
        ]
        if not lifted:
            raise NothingInForce(f"no such order for {hazard} is in force (nigemichi level list)")
        inforce.end(connection, tables.evacuation_order, lifted)
        inforce.record_change(connection, f"orders lifted: {lifted}")
        return lifted


def list_levels(engine: Engine) -> list[str]:
    """The standing orders, a line each."""
    with transaction(engine) as connection:
        load = current_load(connection)
        return [
            f"{row.id}: {row.hazard} {row.level} {LEVEL_WORDS[AlertLevel(row.level)]}"
            f" {'、'.join(row.area_names) or '市内全域'} ({row.begun_at:%Y-%m-%d %H:%M%z})"
            for row in _orders(connection, load.code)
        ]


def observe_water(engine: Engine, path: Path) -> list[int]:
    """Record the polygons of a GeoJSON file as observed water."""
    shapes = [shape for _, _, shape in features(path, ("Polygon", "MultiPolygon"))]
    if not shapes:
        raise NotThere(f"{path.name}: no polygon in it")
    with transaction(engine) as connection:
        load = current_load(connection)
        for row, shape in enumerate(shapes, start=1):
            _inside_city(connection, load, shape, f"{path.name}, row {row}")
        numbers = [inforce.add_water(connection, load.code, path.name, shape) for shape in shapes]
        inforce.record_change(connection, f"water observed: {len(numbers)} areas, {path.name}")
        return numbers


def remove_water(engine: Engine, numbers: Sequence[int]) -> list[int]:
    """Headquarters says that observed water is gone; without numbers, all of it."""
    with transaction(engine) as connection:
        load = current_load(connection)
        return _end(connection, load, tables.observed_water, numbers, "water removed")


def close_road(engine: Engine, at: Position, reason: str) -> tuple[int, str]:
    """Close the street nearest to a position; returns the closure's number and its name."""
    with transaction(engine) as connection:
        load = current_load(connection)
        row = connection.execute(
            sql(
                "WITH near AS (SELECT street.*, p.at FROM street,"
                " (SELECT ST_SetSRID(ST_Point(:lon, :lat), 4326) AS at) p"
                " WHERE load_id = :load ORDER BY geom <-> p.at LIMIT 50)"
                " SELECT geom, name, ST_Distance(geom::geography, at::geography) AS away"
                " FROM near ORDER BY away, number LIMIT 1"
            ),
            {"lon": at.lon, "lat": at.lat, "load": load.id},
        ).one()
        if row.away > 50:
            raise NotThere(f"no street within 50 m of there (the nearest is {row.away:.0f} m away)")
        line = shapely.from_wkb(bytes.fromhex(row.geom))
        number = inforce.add_closure(connection, load.code, reason, line)
        inforce.record_change(connection, f"road closed: {number}")
        return number, load.street_names[row.name] if row.name >= 0 else ""


def reopen_road(engine: Engine, numbers: Sequence[int]) -> list[int]:
    """Headquarters reopens closed roads; without numbers, all of them."""
    with transaction(engine) as connection:
        load = current_load(connection)
        return _end(connection, load, tables.closure, numbers, "roads reopened")


def open_site(engine: Engine, site: str, opening: Opening) -> str:
    """Say that a site (its 共通ID or its name) is open or closed; returns its name."""
    with transaction(engine) as connection:
        load = current_load(connection)
        table = tables.evacuation_site
        rows = connection.execute(table.select().where(table.c.load_id == load.id)).all()
        found = [row for row in rows if row.id == site] or [
            row for row in rows if folded(row.name) == folded(site)
        ]
        if len(found) != 1:
            raise NotThere(_which_site(site, [row.id for row in found]))
        inforce.set_opening(connection, load.code, found[0].id, opening)
        inforce.record_change(connection, f"site {found[0].id}: {opening}")
        return str(found[0].name)


def _which_site(site: str, ids: Sequence[str]) -> str:
    if ids:
        return f"more than one site has the name {site!r}: say which by its id ({', '.join(ids)})"
    return f"no evacuation site has the id or name {site!r}: /api/v1/sites lists them"


def area_of(areas: Sequence[Area], names: Sequence[str]) -> BaseGeometry:
    """The union of named areas in (lon, lat); raises `NotThere` naming those that are unknown."""
    by_name = {folded(area.name): area.geometry for area in areas}
    unknown = [name for name in names if folded(name) not in by_name]
    if unknown:
        known = "、".join(area.name for area in areas[:6])
        raise NotThere(f"no such area: {'、'.join(unknown)} (there are: {known} …)")
    return shapely.union_all([by_name[folded(name)] for name in names])


def _where(
    connection: Connection, load: Row[Any], names: Sequence[str], polygon: Path | None
) -> tuple[BaseGeometry | None, list[str]]:
    if polygon is not None:
        shapes = [shape for _, _, shape in features(polygon, ("Polygon", "MultiPolygon"))]
        if not shapes:
            raise NotThere(f"{polygon.name}: no polygon in it")
        _inside_city(connection, load, shapely.union_all(shapes), polygon.name)
        return shapely.union_all(shapes), ["地図で示した区域"]
    if not names:
        return None, []
    table = tables.area
    rows = connection.execute(table.select().where(table.c.load_id == load.id)).all()
    areas = [Area(row.code, row.name, to_shape(row.geom)) for row in rows]
    spelled = {folded(area.name): area.name for area in areas}
    return area_of(areas, names), sorted({spelled[folded(name)] for name in names})


def _orders(connection: Connection, code: str) -> Sequence[Row[Any]]:
    return inforce.standing(connection, tables.evacuation_order, code)


def _same_place(row: Row[Any], where: BaseGeometry | None, names: Sequence[str]) -> bool:
    area = inforce.geometry_of(row)
    if area is None or where is None:
        return area is where
    return sorted(row.area_names) == sorted(names) and bool(shapely.equals(area, where))


def _inside_city(connection: Connection, load: Row[Any], shape: BaseGeometry, where: str) -> None:
    """Refuse what touches no street's surroundings: another place, or swapped coordinates."""
    near = connection.execute(
        sql(
            "SELECT EXISTS (SELECT 1 FROM street WHERE load_id = :load"
            " AND ST_DWithin(geom, ST_GeomFromWKB(:shape, 4326), 0.005))"
        ),
        {"load": load.id, "shape": shapely.to_wkb(shape)},
    ).scalar_one()
    if not near:
        name = card_of(load).name
        raise NotThere(f"{where}: lies outside {name}; are latitude and longitude swapped?")


def _end(
    connection: Connection,
    load: Row[Any],
    table: object,
    numbers: Sequence[int],
    what: str,
) -> list[int]:
    there = [row.id for row in inforce.standing(connection, table, load.code)]
    unknown = sorted(set(numbers) - set(there))
    if unknown or not there:
        raise NothingInForce(f"not in force: {', '.join(map(str, unknown)) or 'anything'}")
    ended = list(numbers) or there
    inforce.end(connection, table, ended)
    inforce.record_change(connection, f"{what}: {ended}")
    return ended
