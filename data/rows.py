"""A city's rows into PostGIS and out again."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import numpy as np
import shapely
from psycopg import sql
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, Row, delete, insert, select, update

from city.area import Area
from city.position import Position
from data import tables
from data.cityfile import CityFile
from data.errors import NoCity
from data.network import Network
from data.report import LoadReport
from data.sources import CityRows
from hazards.kinds import HazardKind
from hazards.zone import HazardZone, ZoneLayer
from routing.ground import CityCard
from shelters.place import EvacuationSite, Shelter


def replace_city(connection: Connection, file: CityFile, rows: CityRows, digest: str) -> int:
    """Write a city and make it the current one; the one before goes. Returns the load's id.

    Nothing of it is seen by anyone before the caller's transaction commits.
    """
    connection.execute(update(tables.city_load).values(current=False))
    load_id: int = connection.execute(
        insert(tables.city_load)
        .values(
            code=file.city.code,
            card=asdict(file.card),
            settings=file.settings,
            assume=file.sites.assume,
            street_names=list(rows.network.names),
            report={},
            digest=digest,
            current=True,
        )
        .returning(tables.city_load.c.id)
    ).scalar_one()
    _write_network(connection, load_id, rows.network)
    _write_places(connection, load_id, rows)
    _write_polygons(connection, load_id, rows)
    connection.execute(delete(tables.city_load).where(~tables.city_load.c.current))
    return load_id


def keep_report(connection: Connection, load_id: int, report: LoadReport) -> None:
    """Write a load's report beside it."""
    table = tables.city_load
    connection.execute(update(table).where(table.c.id == load_id).values(report=report.as_dict()))


def _copy(
    connection: Connection, table: str, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]
) -> None:
    """PostgreSQL's COPY: ten times faster than INSERT."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    driver = connection.connection.driver_connection
    if driver is None:
        raise NoCity("the connection is closed")
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _hex(geometries: Any) -> list[str]:
    array = np.asarray(geometries, dtype=object)
    stamped = shapely.set_srid(array, 4326)
    found: list[str] = shapely.to_wkb(stamped, hex=True, include_srid=True).tolist()
    return found


def _write_network(connection: Connection, load_id: int, network: Network) -> None:
    points = _hex(shapely.points(network.junction_lonlat))
    heights = [None if np.isnan(h) else float(h) for h in network.elevation_m]
    _copy(
        connection,
        "junction",
        ("load_id", "number", "osm_id", "elevation_m", "geom"),
        (
            (load_id, number, int(osm_id), height, point)
            for number, (osm_id, height, point) in enumerate(
                zip(network.osm_id, heights, points, strict=True)
            )
        ),
    )
    owner = np.repeat(np.arange(len(network.start)), np.diff(network.shape_start))
    lines = _hex(shapely.linestrings(network.shape_lonlat, indices=owner))
    columns = (network.start, network.end, network.flags, network.layer, network.name)
    _copy(
        connection,
        "street",
        (
            *("load_id", "number", "start_junction", "end_junction"),
            *("flags", "layer", "name", "geom"),
        ),
        (
            (load_id, number, *row)
            for number, row in enumerate(
                zip(*(column.tolist() for column in columns), lines, strict=True)
            )
        ),
    )


def _write_places(connection: Connection, load_id: int, rows: CityRows) -> None:
    _copy(
        connection,
        "evacuation_site",
        ("load_id", "number", "id", "name", "address", "designated_for", "note", "geom"),
        (
            (
                load_id,
                i,
                s.id,
                s.name,
                s.address,
                sorted(s.designated_for),
                s.note,
                _point(s.position),
            )
            for i, s in enumerate(rows.sites)
        ),
    )
    _copy(
        connection,
        "shelter",
        ("load_id", "number", "id", "name", "address", "also_evacuation_site", "note", "geom"),
        (
            (
                load_id,
                i,
                s.id,
                s.name,
                s.address,
                s.also_evacuation_site,
                s.note,
                _point(s.position),
            )
            for i, s in enumerate(rows.shelters)
        ),
    )


def _write_polygons(connection: Connection, load_id: int, rows: CityRows) -> None:
    numbered: dict[str, tuple[tuple[str, ...], list[tuple[Any, ...]]]] = {
        "hazard_zone": (("layer", "rank"), [(z.layer, z.rank, z.geometry) for z in rows.zones]),
        "area": (("code", "name"), [(a.code, a.name, a.geometry) for a in rows.areas]),
        "waterway": (("name",), list(rows.waterways)),
    }
    for table, (columns, items) in numbered.items():
        shapes = _hex([item[-1] for item in items]) if items else []
        _copy(
            connection,
            table,
            ("load_id", "number", *columns, "geom"),
            (
                (load_id, number, *(str(value) for value in item[:-1]), shape)
                for number, (item, shape) in enumerate(zip(items, shapes, strict=True))
            ),
        )


def _point(position: Position) -> str:
    return _hex([shapely.Point(position.lon, position.lat)])[0]


def find_load(connection: Connection) -> Row[Any] | None:
    """The current city's `city_load` row, None where none was ever loaded."""
    return connection.execute(select(tables.city_load).where(tables.city_load.c.current)).first()


def current_load(connection: Connection) -> Row[Any]:
    """The current city's `city_load` row; raises `NoCity` where none was ever loaded."""
    row = find_load(connection)
    if row is None:
        raise NoCity("no city is loaded: nigemichi city load FILE")
    return row


def card_of(load: Row[Any]) -> CityCard:
    """The city's card as it was loaded."""
    card = dict(load.card)
    for key in ("attributions", "reviewed_languages", "complete"):
        card[key] = tuple(card[key])
    return CityCard(**card)


def read_city(connection: Connection, load: Row[Any]) -> CityRows:
    """All rows of a load, in the order in which they were written."""
    return CityRows(
        network=_read_network(connection, load),
        sites=tuple(read_sites(connection, load.id)),
        shelters=tuple(_read_shelters(connection, load.id)),
        zones=tuple(
            HazardZone(ZoneLayer(row.layer), row.rank, shape)
            for row, shape in _read(connection, tables.hazard_zone, load.id)
        ),
        areas=tuple(
            Area(row.code, row.name, shape)
            for row, shape in _read(connection, tables.area, load.id)
        ),
        waterways=tuple(
            (row.name, shape) for row, shape in _read(connection, tables.waterway, load.id)
        ),
    )


def _read(connection: Connection, table: Any, load_id: int) -> list[tuple[Row[Any], BaseGeometry]]:
    query = select(table).where(table.c.load_id == load_id).order_by(table.c.number)
    rows = connection.execute(query).all()
    shapes = shapely.from_wkb(np.array([bytes(row.geom.data) for row in rows], dtype=object))
    return list(zip(rows, shapes, strict=True))


def _read_network(connection: Connection, load: Row[Any]) -> Network:
    junctions = _read(connection, tables.junction, load.id)
    streets = _read(connection, tables.street, load.id)
    lines = np.array([shape for _, shape in streets], dtype=object)
    points = np.array([shape for _, shape in junctions], dtype=object)
    rows = [row for row, _ in streets]
    counts = shapely.get_num_coordinates(lines)
    return Network(
        osm_id=np.array([row.osm_id for row, _ in junctions], np.int64),
        junction_lonlat=shapely.get_coordinates(points),
        elevation_m=np.array(
            [np.nan if row.elevation_m is None else row.elevation_m for row, _ in junctions]
        ),
        start=np.array([row.start_junction for row in rows], np.int32),
        end=np.array([row.end_junction for row in rows], np.int32),
        flags=np.array([row.flags for row in rows], np.uint8),
        layer=np.array([row.layer for row in rows], np.int8),
        name=np.array([row.name for row in rows], np.int32),
        names=tuple(load.street_names),
        shape_start=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        shape_lonlat=shapely.get_coordinates(lines),
    )


def _position(point: BaseGeometry) -> Position:
    west, south, _, _ = point.bounds
    return Position(lat=south, lon=west)


def read_sites(connection: Connection, load_id: int) -> list[EvacuationSite]:
    """The evacuation sites of a load, in the order in which they were written."""
    return [
        EvacuationSite(
            id=row.id,
            name=row.name,
            position=_position(point),
            address=row.address,
            designated_for=frozenset(HazardKind(h) for h in row.designated_for),
            note=row.note,
        )
        for row, point in _read(connection, tables.evacuation_site, load_id)
    ]


def _read_shelters(connection: Connection, load_id: int) -> list[Shelter]:
    return [
        Shelter(
            id=row.id,
            name=row.name,
            position=_position(point),
            address=row.address,
            also_evacuation_site=row.also_evacuation_site,
            note=row.note,
        )
        for row, point in _read(connection, tables.shelter, load_id)
    ]
