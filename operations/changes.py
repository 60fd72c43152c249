"""What a person changes: orders, observed water, closed roads, open sites.

Each use case is one transaction with one recorded change. What was given is checked against the
loaded city first; a refusal changes nothing.
"""

from collections.abc import Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

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
from data.rows import card_of, current_load, read_sites
from hazards.closure import speaks_of_water
from hazards.errors import LowerThanInForce, NothingInForce
from hazards.kinds import AlertLevel, HazardKind
from operations import given
from operations.errors import Refused
from routing.roads import Access
from shelters.place import EvacuationSite, Opening

SHOWN: Final = 6
DRAWN: Final = frozenset({"地図で示した区域"})
"""What the area of a polygon file is called: no name of a place."""
SAME_LINE: Final = 1e-5
"""Degrees, about a metre: two lines this near all along are of one street."""


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
            highest = max(same, key=lambda row: row.level)
            raise LowerThanInForce(
                f"level {highest.level} stands there: lift it first "
                f"(nigemichi level lift {hazard} --order {highest.id})"
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
    """解除: lift the order for exactly these areas, one by its number, or without either all.

    Orders for drawn polygons have no names: each is lifted by its number.
    """
    with transaction(engine) as connection:
        load = current_load(connection)
        wanted = {folded(name) for name in areas}
        there = [row for row in _orders(connection, load.code) if row.hazard == hazard]
        lifted = [
            row.id
            for row in there
            if (order is None or row.id == order)
            and (not wanted or {folded(name) for name in row.area_names} - DRAWN == wanted)
        ]
        if not lifted:
            which = f" {order}" if order is not None else ""
            exactly = " for exactly these areas" if areas else ""
            numbers = _listed([row.id for row in there])
            raise NothingInForce(
                f"no {hazard} order{which}{exactly} is in force (nigemichi level list): "
                + (f"lift one by its number ({numbers}): --order N" if numbers else "none to lift")
            )
        inforce.end(connection, tables.evacuation_order, lifted)
        inforce.record_change(connection, f"orders lifted: {lifted}")
        return lifted


def observe_water(engine: Engine, path: Path) -> list[int]:
    """Record the polygons of a GeoJSON file as observed water."""
    source = given.line_of(path.name, "name of the file")
    with transaction(engine) as connection:
        load = current_load(connection)
        shapes = given.polygons(connection, load, path)
        numbers = inforce.add_waters(connection, load.code, source, shapes)
        inforce.record_change(connection, f"water observed: {len(numbers)} areas, {path.name}")
        return numbers


def remove_water(engine: Engine, numbers: Sequence[int]) -> list[int]:
    """Headquarters says that observed water is gone; without numbers, all of it."""
    with transaction(engine) as connection:
        load = current_load(connection)
        return _end(connection, load, tables.observed_water, numbers, "water removed")


def close_road(
    engine: Engine, at: Position, reason: str, *, by_water: bool | None = None
) -> tuple[int, str, bool]:
    """Close the street nearest to a position, of those that people walk along.

    Returns the closure's number, the street's name, and whether it is by water (None: as the
    reason says).

    Raises `Refused` where it is closed already; that water closes it too is added to the reason.
    """
    reason = given.line_of(reason, "reason")
    wet = speaks_of_water(reason) if by_water is None else by_water
    with transaction(engine) as connection:
        load = current_load(connection)
        row = connection.execute(
            sql(
                "WITH near AS (SELECT street.*, p.at FROM street,"
                " (SELECT ST_SetSRID(ST_Point(:lon, :lat), 4326) AS at) p"
                " WHERE load_id = :load AND access & :foot > 0 ORDER BY geom <-> p.at LIMIT 50)"
                " SELECT geom, name, ST_Distance(geom::geography, at::geography) AS away,"
                " ST_Y(there) AS lat, ST_X(there) AS lon"
                " FROM near, ST_ClosestPoint(geom, at) AS there ORDER BY away, number LIMIT 1"
            ),
            {"lon": at.lon, "lat": at.lat, "load": load.id, "foot": int(Access.FOOT)},
        ).one()
        if row.away > 50:
            away = f"{row.away:.0f} m" if row.away < 1000 else f"{row.away / 1000:,.0f} km"
            raise NotThere(
                f"no street within 50 m of there (the nearest is {away} away): give a "
                f"point on the street, LAT,LON, such as {row.lat:.5f},{row.lon:.5f}"
            )
        line = shapely.from_wkb(bytes.fromhex(row.geom))
        name = load.street_names[row.name] if row.name >= 0 else ""
        for closed in _closed(connection, load, line):
            if closed.by_water or not wet:
                raise Refused(_is_closed(load, closed, name))
            inforce.end(connection, tables.closure, [closed.id])
            reason = f"{reason}、{closed.reason}"[: given.LONGEST]
        number = inforce.add_closure(connection, load.code, reason, line, by_water=wet)
        inforce.record_change(connection, f"road closed: {number}")
        return number, name, wet


def _closed(connection: Connection, load: Row[Any], line: BaseGeometry) -> list[Row[Any]]:
    """The closures of the street with that very line, in degrees."""
    standing = inforce.standing(connection, tables.closure, load.code)
    return [
        row for row in standing if shapely.hausdorff_distance(to_shape(row.geom), line) < SAME_LINE
    ]


def _is_closed(load: Row[Any], closed: Row[Any], name: str) -> str:
    since = closed.begun_at.astimezone(ZoneInfo(card_of(load).timezone))
    return (
        f"{name or 'a street without a name'} is closed already, nothing was changed: closure "
        f"{closed.id}, {closed.reason}, since {since:%Y-%m-%d %H:%M%z} (nigemichi road list)"
    )


def reopen_road(engine: Engine, numbers: Sequence[int]) -> list[int]:
    """Headquarters reopens closed roads; without numbers, all of them."""
    with transaction(engine) as connection:
        load = current_load(connection)
        return _end(connection, load, tables.closure, numbers, "roads reopened")


def open_site(engine: Engine, site: str, opening: Opening) -> str:
    """Say that a site (its 共通ID or its name) is open or closed; returns its name."""
    with transaction(engine) as connection:
        inforce.wait_for_load(connection)
        load = current_load(connection)
        sites = read_sites(connection, load.id)
        found = [one for one in sites if one.id == site] or [
            one for one in sites if folded(one.name) == folded(site)
        ]
        if len(found) != 1:
            raise NotThere(_which_site(site, found or sites, several=bool(found)))
        inforce.set_opening(connection, load.code, found[0], opening)
        inforce.record_change(connection, f"site {found[0].id}: {opening}")
        return found[0].name


def _which_site(site: str, sites: Sequence[EvacuationSite], *, several: bool) -> str:
    if several:
        ids = ", ".join(one.id for one in sites)
        return f"more than one site has the name {site!r}: say which by its id ({ids})"
    names = "、".join(_likest(site, [one.name for one in sites]))
    return (
        f"no evacuation site has the id or name {site!r} (there are: {names}): "
        "/api/v1/sites lists all, with their ids"
    )


def _likest(name: str, names: Sequence[str]) -> list[str]:
    """The names most like one that nobody has, and how many more there are."""
    likeness = SequenceMatcher(b=folded(name))

    def unlike(other: str) -> float:
        likeness.set_seq1(folded(other))
        return -likeness.ratio()

    shown = sorted(dict.fromkeys(names), key=unlike)
    return [*shown[:SHOWN], *([f"… {len(shown)} in all"] if len(shown) > SHOWN else [])]


def area_of(areas: Sequence[Area], names: Sequence[str]) -> BaseGeometry:
    """The union of all areas of these names in (lon, lat): a 町丁目 may lie in several parts.

    Raises `NotThere` naming those that are unknown.
    """
    by_name: dict[str, list[BaseGeometry]] = {}
    for area in areas:
        by_name.setdefault(folded(area.name), []).append(area.geometry)
    unknown = [name for name in names if folded(name) not in by_name]
    if unknown:
        known = "、".join(_likest(unknown[0], [area.name for area in areas])) or "none"
        what = f"no such area: {'、'.join(unknown)} (there are: {known})"
        raise NotThere(f"{what}: write the whole name of a 町丁目")
    return shapely.union_all([shape for name in names for shape in by_name[folded(name)]])


def _where(
    connection: Connection, load: Row[Any], names: Sequence[str], polygon: Path | None
) -> tuple[BaseGeometry | None, list[str]]:
    if polygon is not None:
        shapes = given.polygons(connection, load, polygon)
        return shapely.union_all(shapes), sorted(DRAWN)
    if not names:
        return None, []
    table = tables.area
    rows = connection.execute(table.select().where(table.c.load_id == load.id)).all()
    if not rows:
        raise NotThere("the city was loaded without areas: use --polygon FILE, or --all")
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
        raise NothingInForce(
            f"not in force: {_listed(unknown) or 'anything of that kind'}"
            f" (in force: {_listed(there) or 'none'})"
        )
    ended = list(numbers) or there
    inforce.end(connection, table, ended)
    inforce.record_change(connection, f"{what}: {ended}")
    return ended


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))
