"""A city's rows into PostGIS."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, astuple
from typing import Any, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from psycopg import sql
from sqlalchemy import Connection, delete, insert, update

from city.facility import Facility
from city.position import Position
from data import tables
from data.city_rows import CityRows
from data.cityfile import CityFile
from data.errors import NoCity
from data.households import Households
from data.network import Network
from routing.ground import CityCard
from shelters.place import EvacuationSite, Shelter, WelfareShelter

Column: TypeAlias = Sequence[Any] | NDArray[Any]
Columns: TypeAlias = dict[str, Column]


def replace_city(
    connection: Connection, file: CityFile, card: CityCard, rows: CityRows, digest: str
) -> int:
    """Write a city and make it the current one; the one before goes. Returns the load's id.

    Nothing of it is seen by anyone before the caller's transaction commits.
    """
    connection.execute(update(tables.city_load).values(current=False))
    network = rows.network
    load_id: int = connection.execute(
        insert(tables.city_load)
        .values(
            code=file.city.code,
            card=asdict(card),
            settings=file.settings,
            assume=file.sites.assume,
            street_names=list(network.names),
            street_names_en=list(network.names_en),
            surfaces=list(network.surfaces),
            damaged=sorted(rows.damaged),
            report={},
            digest=digest,
            current=True,
        )
        .returning(tables.city_load.c.id)
    ).scalar_one()
    for table, columns in _tables(rows).items():
        _copy(connection, table, load_id, columns)
    connection.execute(delete(tables.city_load).where(~tables.city_load.c.current))
    return load_id


def _tables(rows: CityRows) -> dict[str, Columns]:
    """Every table's columns, in the order of the rows."""
    areas = [("chome", area) for area in rows.areas] + [("district", a) for a in rows.districts]
    return {
        "junction": _junctions(rows.network),
        "street": _streets(rows.network),
        "evacuation_site": _sites(rows.sites),
        "shelter": _shelters(rows.shelters),
        "welfare_shelter": _welfare(rows.welfare),
        "hazard_zone": {
            "layer": [str(zone.layer) for zone in rows.zones],
            "rank": [zone.rank for zone in rows.zones],
            "kind": [str(zone.kind) for zone in rows.zones],
            "after_min": [zone.after_min for zone in rows.zones],
            "geom": _hex([zone.geometry for zone in rows.zones]),
        },
        "area": {
            "kind": [kind for kind, _ in areas],
            "code": [area.code for _, area in areas],
            "name": [area.name for _, area in areas],
            "geom": _hex([area.geometry for _, area in areas]),
        },
        "waterway": {
            "name": [name for name, _ in rows.waterways],
            "geom": _hex([surface for _, surface in rows.waterways]),
        },
        "gauge": {
            "name": [gauge.name for gauge in rows.gauges],
            "river": [gauge.river for gauge in rows.gauges],
            **{
                level: [getattr(gauge, level) for gauge in rows.gauges]
                for level in tables.GAUGE_LEVELS
            },
            "geom": _points([gauge.position for gauge in rows.gauges]),
        },
        "reading": {
            "name": [reading.name for reading in rows.readings],
            "kana": [reading.kana for reading in rows.readings],
            "confirmed": [reading.confirmed for reading in rows.readings],
        },
        "household": _households(rows.households),
        "facility": _facilities(rows.facilities),
    }


def _copy(connection: Connection, table: str, load_id: int, columns: Columns) -> None:
    """PostgreSQL's COPY: ten times faster than INSERT."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, ("load_id", "number", *columns))),
    )
    driver = connection.connection.driver_connection
    if driver is None:
        raise NoCity("the connection is closed")
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for number, row in enumerate(_rows(columns)):
            copy.write_row((load_id, number, *row))


def _rows(columns: Columns) -> Iterator[tuple[Any, ...]]:
    plain = (c.tolist() if isinstance(c, np.ndarray) else c for c in columns.values())
    return zip(*plain, strict=True)


def _hex(geometries: Any) -> Sequence[str]:
    """Geometries, or an array of them, as WKB that COPY understands."""
    array = np.array(list(geometries), dtype=object)
    stamped = shapely.set_srid(array, 4326)
    found: list[str] = shapely.to_wkb(stamped, hex=True, include_srid=True).tolist()
    return found


def _points(positions: Iterable[Position]) -> Sequence[str]:
    return _hex(shapely.Point(at.lon, at.lat) for at in positions)


def _known(numbers: np.ndarray[Any, np.dtype[np.float64]]) -> list[float | None]:
    """None for NaN."""
    return [None if np.isnan(number) else float(number) for number in numbers]


def _junctions(network: Network) -> Columns:
    return {
        "osm_id": network.osm_id,
        "elevation_m": _known(network.elevation_m),
        "geom": _hex(shapely.points(network.junction_lonlat)),
    }


def _streets(network: Network) -> Columns:
    owner = np.repeat(np.arange(len(network.start)), np.diff(network.shape_start))
    return {
        "start_junction": network.start,
        "end_junction": network.end,
        "flags": network.flags,
        "access": network.access,
        "layer": network.layer,
        "name": network.name,
        "residential": network.residential,
        "surface": network.surface,
        "width_m": _known(network.width_m),
        "geom": _hex(shapely.linestrings(network.shape_lonlat, indices=owner)),
    }


def _places(places: Sequence[EvacuationSite | Shelter | WelfareShelter]) -> Columns:
    capacities = zip(*(astuple(place.capacity) for place in places), strict=True)
    words = tables.CAPACITY
    return {
        "id": [place.id for place in places],
        "name": [place.name for place in places],
        "address": [place.address for place in places],
        "note": [place.note for place in places],
        "geom": _points(place.position for place in places),
        **dict(zip(words, capacities if places else ((),) * len(words), strict=True)),
    }


def _sites(sites: Sequence[EvacuationSite]) -> Columns:
    return _places(sites) | {"designated_for": [sorted(s.designated_for) for s in sites]}


def _shelters(shelters: Sequence[Shelter]) -> Columns:
    return _places(shelters) | {
        "also_evacuation_site": [shelter.also_evacuation_site for shelter in shelters],
        "site_id": [shelter.site_id for shelter in shelters],
    }


def _welfare(welfare: Sequence[WelfareShelter]) -> Columns:
    return _places(welfare) | {
        "shelter_id": [place.shelter_id for place in welfare],
        "site_id": [place.site_id for place in welfare],
    }


def _households(households: Households) -> Columns:
    return {
        "area": households.area,
        "persons": households.persons,
        "geom": _hex(shapely.points(households.lonlat)),
    }


def _facilities(facilities: Sequence[Facility]) -> Columns:
    words = ("id", "name", "kind", "address", "phone", "persons")
    return {
        **{word: [getattr(one, word) for one in facilities] for word in words},
        "geom": _points(one.position for one in facilities),
    }
