"""The files of the city, in the formats that a real city brings."""

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import shapely
from numpy.random import Generator
from shapely.geometry.base import BaseGeometry

from data.fictional.addresses import Address, name_areas
from data.fictional.areas import Areas, divide
from data.fictional.cityfile import city_file
from data.fictional.facilities import write_facilities
from data.fictional.files import (
    Properties,
    write_geojson,
    write_geopackage,
    write_heights,
    write_shapefile,
)
from data.fictional.flood import Flood, Zones, collapse_zones, depth_zones, duration_zones
from data.fictional.frame import degrees
from data.fictional.gaugerules import gauge_rules
from data.fictional.inland import forecast_zones, inland_zones, seen_water, underpass_points
from data.fictional.land import GROUND, Land, lay_land
from data.fictional.layout import City, lay_out
from data.fictional.names import BRANCH, CITY, MAIN_RIVER, Namebook
from data.fictional.pbf import write_pbf
from data.fictional.places import SHELTERS, SHELTERS_ONLY, choose_places, corners
from data.fictional.placetables import write_shelters, write_sites
from data.fictional.slopes import YELLOW, Slopes, landslide_zones
from data.fictional.water import gauges, ordered_areas

Rows = Iterator[tuple[BaseGeometry, Properties]]


def write_fictional_city(directory: Path, seed: int = 1) -> Path:
    """Write the fictional city into a directory and return the path of its city file.

    The same seed gives the same bytes. It takes some ten seconds.
    """
    (directory / "flood").mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    city = lay_out(lay_land(rng), rng)
    write_heights(directory / "elevation.tif", GROUND, city.land.height_m)
    write_pbf(directory / "roads.osm.pbf", city.sections, city.land, city.kinds, city.book, rng)
    areas = divide(city.mains, city.land, city.kinds, city.junctions, rng)
    addresses = name_areas(areas, city.land, city.book)
    _write_areas(directory, areas, addresses)
    depth, slopes = _write_zones(directory, city, rng)
    _write_places(directory, city, areas, addresses, depth, slopes, rng)
    seen = seen_water(city.land)
    write_geojson(directory / "observed_water.geojson", [(seen, {"kind": "observed"})])
    write_geojson(directory / "waterways.geojson", _waterways(city.land))
    standing = gauges(city.land, city.book)
    write_geojson(directory / "gauges.geojson", standing)
    _write_readings(directory / "readings.csv", city.book)
    path = directory / "city.toml"
    orders = ordered_areas(areas, addresses, depth, seen)
    rules = gauge_rules(standing, city.sections, city.kinds)
    path.write_text(city_file(orders, rules), encoding="utf-8")
    return path


def _write_zones(directory: Path, city: City, rng: Generator) -> tuple[Zones, Slopes]:
    flood = Flood(city.land)
    depth = depth_zones(flood)
    layers = {
        "depth": (depth, "A31b_201"),
        "duration": (duration_zones(flood), "A31b_301"),
        "collapse": (collapse_zones(city.land), "A31b_401"),
    }
    for name, (zones, column) in layers.items():
        file = directory / "flood" / f"A31b-{name}.shp"
        write_shapefile(file, zones.shapes, {column: zones.rank.astype(np.int32)})
    slopes = landslide_zones(city.land, rng)
    columns = {"A33_001": slopes.kind.astype(np.int32), "A33_002": slopes.colour.astype(np.int32)}
    write_geopackage(directory / "landslide.gpkg", slopes.shapes, columns)
    inland = inland_zones(city.land, underpass_points(city.sections, city.kinds))
    write_geojson(directory / "inland_flood.geojson", _ranked(inland))
    rows = (
        (shape, {"after_min": after_min, **properties})
        for after_min, zones in forecast_zones(flood)
        for shape, properties in _ranked(zones)
    )
    write_geojson(directory / "flood_forecast.geojson", rows)
    return depth, slopes


def _write_places(
    directory: Path,
    city: City,
    areas: Areas,
    addresses: list[Address],
    depth: Zones,
    slopes: Slopes,
    rng: Generator,
) -> None:
    yellow = shapely.union_all(slopes.shapes[slopes.colour == YELLOW])
    wet = shapely.union_all(depth.shapes)
    ground = corners(city.sections, city.kinds, city.land, wet, yellow)
    sites, only, welfare = choose_places(ground, areas, addresses, city.book, rng)
    both = [site for site in sites if site.suits != "地"][: SHELTERS - SHELTERS_ONLY]
    named = frozenset(site.name for site in both)
    write_sites(directory / "emergency_sites.csv", sites, addresses, named)
    shelters = directory / "shelters.csv", [*both, *only]
    write_shelters(*shelters, addresses, city.land, city.book)
    path = directory / "welfare_shelters.csv"
    write_shelters(path, welfare, addresses, city.land, city.book, encoding="utf-8", welfare=True)
    write_facilities(directory / "facilities.csv", ground, areas, addresses)


def _write_areas(directory: Path, areas: Areas, addresses: list[Address]) -> None:
    middles = degrees(areas.middles).tolist()
    counts = list(zip(areas.households.tolist(), areas.persons.tolist(), strict=True))
    rows = [
        (
            shape,
            {
                "KEY_CODE": f"99902{number:04d}",
                "PREF": "99",
                "CITY": "902",
                "CITY_NAME": CITY,
                "S_NAME": address.name,
                "JINKO": persons,
                "SETAI": households,
                "X_CODE": lon,
                "Y_CODE": lat,
            },
        )
        for number, (shape, address, (lon, lat), (households, persons)) in enumerate(
            zip(areas.shapes, addresses, middles, counts, strict=True), start=1
        )
    ]
    write_geojson(directory / "areas.geojson", rows)
    with (directory / "households.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["town", "lat", "lng", "households", "population"])
        for address, (lon, lat), (households, persons) in zip(
            addresses, middles, counts, strict=True
        ):
            table.writerow([address.counted_as, f"{lat:.6f}", f"{lon:.6f}", households, persons])


def _write_readings(path: Path, book: Namebook) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["name", "kana", "confirmed"])
        table.writerows([name, kana, 1] for name, kana in sorted(book.readings.items()))


def _waterways(land: Land) -> Rows:
    yield land.main_channel, {"name": MAIN_RIVER[0], "waterway": "river"}
    yield land.branch_channel, {"name": BRANCH[0], "waterway": "river"}


def _ranked(zones: Zones) -> Rows:
    for shape, rank in zip(zones.shapes, zones.rank.tolist(), strict=True):
        yield shape, {"depth_rank": rank}
