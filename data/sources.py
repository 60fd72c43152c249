"""All of a city's sources as rows."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from city.area import Area
from city.position import Metres
from city.reading import Reading as NameReading
from data.city_rows import CityRows, no_households
from data.cityfile import CityFile
from data.citysources import (
    AreaSource,
    ElevationSource,
    PlaceSource,
    RoadFile,
    Source,
    Sources,
    WaterwaySource,
    ZoneSource,
)
from data.errors import BrokenSource
from data.households import ChomeCount, Households, join_counts, located
from data.joining import Joined, join_places
from data.network import Network
from data.placing import place_households
from data.readers.areas import nearest_point_areas, read_areas, read_boundary, read_waterways
from data.readers.digital import read_shelters_digital, read_sites_digital, read_welfare_digital
from data.readers.elevation import read_elevation
from data.readers.gauges import read_gauges
from data.readers.graphml import read_graphml
from data.readers.gsi import read_shelters, read_sites, read_welfare
from data.readers.gsi_csv import read_shelters_csv, read_sites_csv, read_welfare_csv
from data.readers.households import read_counts, read_points
from data.readers.osm import read_osm
from data.readers.osmplace import read_place
from data.readers.readings import read_readings
from data.readers.zones import Zones, layers_of, read_zones
from data.reading import Progress, Reading
from data.report import LoadReport, SourceReport
from data.right_crs import refuse_wrong_crs
from hazards.gauge import Gauge
from hazards.zone import NEEDED_TO_STAY, HazardZone, ZoneLayer
from shelters.place import EvacuationSite, Shelter, WelfareShelter

_SITES: Final[dict[str, Callable[..., list[EvacuationSite]]]] = {
    "gsi-geojson": read_sites,
    "gsi-csv": read_sites_csv,
    "digital-agency-csv": read_sites_digital,
}
_SHELTERS: Final[dict[str, Callable[..., list[Shelter]]]] = {
    "gsi-geojson": read_shelters,
    "gsi-csv": read_shelters_csv,
    "digital-agency-csv": read_shelters_digital,
}
_WELFARE: Final[dict[str, Callable[..., list[WelfareShelter]]]] = {
    "gsi-geojson": read_welfare,
    "gsi-csv": read_welfare_csv,
    "digital-agency-csv": read_welfare_digital,
}


def read_sources(file: CityFile, report: LoadReport, progress: Progress) -> CityRows:
    """Read every source of a city file. Raises what is wrong with the broken ones, `BrokenSource`
    or `BrokenSources`, after all have been tried: the report then tells of each; and
    `BrokenCityFile` where the CRS is of another region.
    """
    reading, wanted = Reading(report, progress), file.sources
    boundary = reading.of(
        "boundary", wanted.boundary, lambda s, r: read_boundary(s.path, r), _no_boundary
    )
    network = _network(reading, wanted, boundary, file.city.crs)
    places = _places(reading, wanted)
    zones = _zones(reading, file)
    waterways: list[tuple[str, BaseGeometry]] = reading.of(
        "waterways", wanted.waterways, partial(_waterways, reading), list
    )
    areas, counts = _areas(reading, file, boundary)
    districts: list[Area] = reading.of(
        "districts", wanted.districts, partial(_outlines, reading), list
    )
    gauges: list[Gauge] = reading.of(
        "gauges", wanted.gauges, lambda s, r: read_gauges(s.path, r), list
    )
    readings: dict[str, NameReading] = reading.of(
        "readings", wanted.readings, lambda s, r: read_readings(s.path, r), dict
    )
    reading.raise_refused()
    rows = CityRows(
        network=network,
        sites=tuple(places.sites),
        shelters=tuple(places.shelters),
        welfare=tuple(places.welfare),
        zones=tuple(zones.rows),
        damaged=zones.damaged,
        areas=tuple(areas),
        districts=tuple(districts),
        waterways=tuple(waterways),
        gauges=tuple(gauges),
        readings=tuple(readings.values()),
    )
    rows = replace(rows, households=_households(reading, file, rows, counts))
    reading.raise_refused()
    _remark_missing(file.zones.complete, rows, report)
    return rows


def _no_boundary() -> BaseGeometry | None:
    return None


def _network(reading: Reading, wanted: Sources, boundary: BaseGeometry | None, crs: str) -> Network:
    """The roads, with heights; none where they are refused."""

    def roads(source: Source, report: SourceReport) -> Network:
        if not isinstance(source, RoadFile):
            return read_place(source.title, report, reading.progress)
        if source.format == "osmnx-graphml":
            return read_graphml(source.path, report)
        return read_osm(source.path, report, reading.progress, within=boundary)

    network = reading.of("roads", wanted.roads, roads, Network.nowhere)
    if not len(network.start):
        return network
    corners = network.junction_lonlat.min(axis=0), network.junction_lonlat.max(axis=0)
    reading.box = shapely.box(*corners[0], *corners[1])
    refuse_wrong_crs(crs, network)

    def heights(source: ElevationSource, report: SourceReport) -> NDArray[np.float64]:
        found = read_elevation(source.path, source.format, network.junction_lonlat, report)
        return np.where(np.isnan(found), network.elevation_m, found)

    heights_m = reading.of("elevation", wanted.elevation, heights, lambda: network.elevation_m)
    if unknown := int(np.isnan(heights_m).sum()):
        reading.report.remarks.append(f"{unknown:,} junctions without elevation: taken as flat")
    return replace(network, elevation_m=heights_m)


def _places(reading: Reading, wanted: Sources) -> Joined:
    """Sites, shelters and welfare shelters, joined where they are one building."""

    def sites(source: PlaceSource, report: SourceReport) -> list[EvacuationSite]:
        found = _SITES[source.format](source.path, report)
        points = [shapely.Point(site.position.lon, site.position.lat) for site in found]
        reading.lies_here(source.path, points)
        return _near_roads(reading, found, points, report)

    found: list[EvacuationSite] = reading.of("sites", wanted.sites, sites, list)
    shelters: list[Shelter] = reading.of(
        "shelters", wanted.shelters, lambda s, r: _SHELTERS[s.format](s.path, r), list
    )
    welfare: list[WelfareShelter] = reading.of(
        "welfare shelters",
        wanted.welfare_shelters,
        lambda s, r: _WELFARE[s.format](s.path, r),
        list,
    )
    if not (shelters or welfare):
        return Joined(tuple(found), (), ())
    return join_places(found, shelters, welfare, reading.report.of("places", "joined"))


def _near_roads(
    reading: Reading,
    sites: Sequence[EvacuationSite],
    points: Sequence[shapely.Point],
    report: SourceReport,
) -> list[EvacuationSite]:
    """The sites that can be this city's; the others are listed."""
    near = reading.may_be_here(points).tolist()
    for site, point, here in zip(sites, points, near, strict=True):
        if not here:
            why = "10 km and more from the roads: another city's, or latitude and longitude swapped"
            report.drop(why, row=site.name, at=point)
    report.kept = sum(near)
    return [site for site, here in zip(sites, near, strict=True) if here]


def _zones(reading: Reading, file: CityFile) -> Zones:
    """Every zone near the city."""

    def zones(source: ZoneSource, report: SourceReport) -> Zones:
        found = read_zones(source.path, source.format, report)
        if not found.rows:
            _may_be_empty(source, file.zones.complete)
        shapes = [zone.geometry for zone in found.rows]
        reading.lies_here(source.path, shapes)
        near = reading.near(shapes)
        if not near.all():
            report.note("zones far from every road, left out", count=int((~near).sum()))
        here = [zone for zone, is_near in zip(found.rows, near.tolist(), strict=True) if is_near]
        return Zones(here, found.damaged)

    rows: list[HazardZone] = []
    damaged: frozenset[ZoneLayer] = frozenset()
    for source in file.sources.zones:
        found = reading.of("zones", source, zones, lambda: Zones([], frozenset()))
        rows += found.rows
        damaged |= found.damaged
    return Zones(rows, damaged)


def _may_be_empty(source: ZoneSource, complete: Sequence[ZoneLayer]) -> None:
    """Refuse an empty zone file, unless the officer states that there are none: a download that
    failed would take all zones away.
    """
    layers = layers_of(source.format)
    if not set(layers) & set(complete):
        remedy = (
            "fetch the file again, or leave the source out of the city file; if there really are "
            f"none, state the layer under [zones] complete ({', '.join(layers)})"
        )
        raise BrokenSource(source.path, "holds no zone at all", remedy=remedy)


def _waterways(
    reading: Reading, source: WaterwaySource, report: SourceReport
) -> list[tuple[str, BaseGeometry]]:
    found = read_waterways(source.path, report)
    reading.lies_here(source.path, [surface for _, surface in found])
    return found


def _outlines(reading: Reading, source: AreaSource, report: SourceReport) -> list[Area]:
    found = read_areas(source.path, report)
    reading.lies_here(source.path, [area.geometry for area in found])
    return found


def _areas(
    reading: Reading, file: CityFile, boundary: BaseGeometry | None
) -> tuple[list[Area], list[ChomeCount]]:
    """町丁目 as they are published, or around the points that the counts name; and the counts."""
    counted = file.sources.households
    counts: list[ChomeCount] = []
    if counted and counted.format == "chome-counts-csv":
        counts = reading.of("households", counted, lambda s, r: read_counts(s.path, r), list)
    if file.sources.areas or not any(count.position for count in counts):
        return reading.of("areas", file.sources.areas, partial(_outlines, reading), list), counts
    report = reading.report.of("areas", "by nearest point")
    return nearest_point_areas(counts, boundary, Metres(file.city.crs), report), counts


def _households(
    reading: Reading, file: CityFile, rows: CityRows, counts: Sequence[ChomeCount]
) -> Households:
    """Where people live: at the points of a source, or placed within their 町丁目."""
    source = file.sources.households
    if source is None or source.format == "points":
        return reading.of(
            "households",
            source,
            lambda s, r: located(*read_points(s.path, r), rows.areas),
            no_households,
        )
    reading.progress(f"placing {sum(count.households for count in counts):,} households")
    report = reading.report.of("households", "placed along residential streets")
    placed = place_households(
        join_counts(counts, rows.areas, report),
        rows.areas,
        rows.network,
        Metres(file.city.crs),
        report,
        residential=rows.network.residential,
        waterways=[surface for _, surface in rows.waterways],
    )
    report.kept = len(placed)
    return placed


def _remark_missing(complete: Sequence[ZoneLayer], rows: CityRows, report: LoadReport) -> None:
    """Say what a city has not brought, and what follows."""
    remarks = report.remarks
    missing = [layer for layer in NEEDED_TO_STAY if layer not in complete]
    if missing:
        remarks.append(
            f"zones of {', '.join(missing)} are not stated to be complete ([zones] complete):"
            " outside them is unknown, so nobody is told stay_safe"
        )
    if damaged := [layer for layer in complete if layer in rows.damaged]:
        remarks.append(
            f"zones of {', '.join(damaged)} are stated to be complete, and rows of them could not"
            " be read: outside them counts as unknown"
        )
    if not rows.areas:
        remarks.append("no areas: orders cover the whole city or a polygon")
    if not rows.waterways:
        remarks.append("no river surfaces: a door may be joined to a street across a river")
    if not len(rows.households):
        remarks.append("no households: nobody can be counted per area")
