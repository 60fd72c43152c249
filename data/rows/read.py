"""A city's rows out of PostGIS, in the order in which they were written."""

from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, Row, Select, func, select

from city.area import Area
from city.position import Position
from city.reading import Reading
from data import tables
from data.city_rows import CityRows
from data.households import Households
from data.network import Network
from hazards.gauge import Gauge
from hazards.kinds import HazardKind
from hazards.zone import HazardZone, ZoneKind, ZoneLayer
from shelters.capacity import Capacity
from shelters.place import EvacuationSite, Shelter, WelfareShelter


def read_city(connection: Connection, load: Row[Any]) -> CityRows:
    """All rows of a load but its households, which are many and which no ground needs."""
    areas = _read(connection, tables.area, load.id)
    return CityRows(
        network=_read_network(connection, load),
        sites=tuple(read_sites(connection, load.id)),
        shelters=tuple(_read_shelters(connection, load.id)),
        welfare=tuple(_read_welfare(connection, load.id)),
        zones=tuple(
            HazardZone(ZoneLayer(row.layer), row.rank, shape, ZoneKind(row.kind), row.after_min)
            for row, shape in _read(connection, tables.hazard_zone, load.id)
        ),
        areas=tuple(Area(r.code, r.name, shape) for r, shape in areas if r.kind == "chome"),
        districts=tuple(Area(r.code, r.name, shape) for r, shape in areas if r.kind == "district"),
        waterways=tuple(
            (row.name, shape) for row, shape in _read(connection, tables.waterway, load.id)
        ),
        gauges=tuple(
            Gauge(row.name, row.river, _position(at), **_levels(row))
            for row, at in _read(connection, tables.gauge, load.id)
        ),
        damaged=frozenset(ZoneLayer(layer) for layer in load.damaged),
        readings=tuple(
            Reading(row.name, row.kana, row.confirmed)
            for row in connection.execute(_of(tables.reading, load.id))
        ),
    )


def read_households(connection: Connection, load_id: int) -> Households:
    """Where people live, by their numbers."""
    table = tables.household
    at = func.ST_X(table.c.geom), func.ST_Y(table.c.geom)
    query = select(*at, table.c.persons, table.c.area).where(table.c.load_id == load_id)
    rows = connection.execute(query.order_by(table.c.number)).all()
    columns = np.array([tuple(row) for row in rows], np.float64).reshape(-1, 4)
    return Households(
        lonlat=np.ascontiguousarray(columns[:, :2]),
        persons=columns[:, 2].astype(np.int16),
        area=columns[:, 3].astype(np.int32),
    )


def _of(table: Any, load_id: int) -> Select[Any]:
    return select(table).where(table.c.load_id == load_id).order_by(table.c.number)


def _read(connection: Connection, table: Any, load_id: int) -> list[tuple[Row[Any], BaseGeometry]]:
    rows = connection.execute(_of(table, load_id)).all()
    shapes = shapely.from_wkb(np.array([bytes(row.geom.data) for row in rows], dtype=object))
    return list(zip(rows, shapes, strict=True))


def _known(values: list[float | None]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """NaN for None."""
    return np.array([np.nan if value is None else value for value in values], np.float64)


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
        elevation_m=_known([row.elevation_m for row, _ in junctions]),
        start=np.array([row.start_junction for row in rows], np.int32),
        end=np.array([row.end_junction for row in rows], np.int32),
        flags=np.array([row.flags for row in rows], np.uint8),
        access=np.array([row.access for row in rows], np.uint8),
        layer=np.array([row.layer for row in rows], np.int8),
        name=np.array([row.name for row in rows], np.int32),
        names=tuple(load.street_names),
        names_en=tuple(load.street_names_en),
        residential=np.array([row.residential for row in rows], bool),
        surface=np.array([row.surface for row in rows], np.int32),
        surfaces=tuple(load.surfaces),
        width_m=_known([row.width_m for row in rows]),
        shape_start=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        shape_lonlat=shapely.get_coordinates(lines),
    )


def _position(point: BaseGeometry) -> Position:
    west, south, _, _ = point.bounds
    return Position(lat=south, lon=west)


def _levels(row: Row[Any]) -> dict[str, float | None]:
    return {level: getattr(row, level) for level in tables.GAUGE_LEVELS}


def _place(row: Row[Any], point: BaseGeometry) -> dict[str, Any]:
    """What sites and shelters of every kind say alike."""
    capacity = Capacity(**{word: getattr(row, word) for word in tables.CAPACITY})
    said = {word: getattr(row, word) for word in ("id", "name", "address", "note")}
    return said | {"position": _position(point), "capacity": capacity}


def read_sites(connection: Connection, load_id: int) -> list[EvacuationSite]:
    """The evacuation sites of a load, in the order in which they were written."""
    return [
        EvacuationSite(
            **_place(row, point), designated_for=frozenset(map(HazardKind, row.designated_for))
        )
        for row, point in _read(connection, tables.evacuation_site, load_id)
    ]


def _read_shelters(connection: Connection, load_id: int) -> list[Shelter]:
    return [
        Shelter(
            **_place(row, point),
            also_evacuation_site=row.also_evacuation_site,
            site_id=row.site_id,
        )
        for row, point in _read(connection, tables.shelter, load_id)
    ]


def _read_welfare(connection: Connection, load_id: int) -> list[WelfareShelter]:
    return [
        WelfareShelter(**_place(row, point), shelter_id=row.shelter_id, site_id=row.site_id)
        for row, point in _read(connection, tables.welfare_shelter, load_id)
    ]
