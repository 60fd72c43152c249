"""All of a city's sources as rows."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from city.area import Area
from city.facility import Facility
from city.reading import Reading
from data.city_people import areas_and_counts, outlines_of, read_households
from data.city_places import facilities_of, gauges_of, read_places
from data.city_rows import CityRows
from data.cityfile import CityFile
from data.citysources import (
    ElevationSource,
    RoadFile,
    Source,
    Sources,
    WaterwaySource,
    ZoneSource,
)
from data.errors import BrokenCityFile, BrokenSource
from data.network import Network
from data.readers.areas import read_boundary, read_waterways
from data.readers.elevation import read_elevation
from data.readers.graphml import read_graphml
from data.readers.osm import read_osm
from data.readers.osmplace import read_place
from data.readers.readings import read_readings
from data.readers.zones import Zones, layers_of, read_zones
from data.readers.zones_here import zones_here
from data.report import LoadReport, Progress, SourceReport
from data.right_crs import refuse_wrong_crs
from data.sourcerun import SourceRun
from hazards.gauge import Gauge
from hazards.zone import NEEDED_TO_STAY, HazardZone, ZoneKind, ZoneLayer


def read_sources(file: CityFile, report: LoadReport, progress: Progress) -> CityRows:
    """Read every source of a city file. Raises what is wrong with the broken ones, `BrokenSource`
    or `BrokenSources`, after all have been tried: the report then tells of each; and
    `BrokenCityFile` where the CRS is of another region.
    """
    run, wanted = SourceRun(report, progress), file.sources
    boundary = run.of(
        "boundary", wanted.boundary, lambda s, r: read_boundary(s.path, r), _no_boundary
    )
    network = _network(run, wanted, boundary, file.city.crs)
    _refuse_other_boundary(run, wanted, boundary)
    places = read_places(run, wanted, file.city.name)
    zones = _zones(run, file)
    waterways: list[tuple[str, BaseGeometry]] = run.of(
        "waterways", wanted.waterways, partial(_waterways, run), list
    )
    areas, counts = areas_and_counts(run, file, boundary)
    districts: list[Area] = run.of("districts", wanted.districts, partial(outlines_of, run), list)
    gauges: list[Gauge] = run.of("gauges", wanted.gauges, partial(gauges_of, run), list)
    readings: dict[str, Reading] = run.of(
        "readings", wanted.readings, lambda s, r: read_readings(s.path, r), dict
    )
    facilities: list[Facility] = run.of(
        "facilities", wanted.facilities, partial(facilities_of, run), list
    )
    run.raise_refused()
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
        facilities=tuple(facilities),
    )
    rows = replace(rows, households=read_households(run, file, rows, counts))
    run.raise_refused()
    _remark_missing(file.zones.complete, rows, report)
    return rows


def _no_boundary() -> BaseGeometry | None:
    return None


def _network(run: SourceRun, wanted: Sources, boundary: BaseGeometry | None, crs: str) -> Network:
    """The roads, with heights; none where they are refused."""

    def roads(source: Source, report: SourceReport) -> Network:
        if not isinstance(source, RoadFile):
            return read_place(source.title, report, run.progress)
        if source.format == "osmnx-graphml":
            return read_graphml(source.path, report)
        return read_osm(source.path, report, run.progress, within=boundary)

    network = run.of("roads", wanted.roads, roads, Network.nowhere)
    if not len(network.start):
        return network
    run.stands_at(network.shape_lonlat)
    try:
        refuse_wrong_crs(crs, network)
    except BrokenCityFile as error:
        run.wrong_crs = error

    def heights(source: ElevationSource, report: SourceReport) -> NDArray[np.float64]:
        found = read_elevation(source.path, source.format, network.junction_lonlat, report)
        return np.where(np.isnan(found), network.elevation_m, found)

    heights_m = run.of("elevation", wanted.elevation, heights, lambda: network.elevation_m)
    if unknown := int(np.isnan(heights_m).sum()):
        run.report.remarks.append(f"{unknown:,} junctions without elevation: taken as flat")
    return replace(network, elevation_m=heights_m)


def _zones(run: SourceRun, file: CityFile) -> Zones:
    """Every zone near the city."""

    def zones(source: ZoneSource, report: SourceReport) -> Zones:
        found = read_zones(source.path, source.format, report)
        if not found.rows:
            _may_be_empty(source, file.zones.complete, run.report)
        shapes = [zone.geometry for zone in found.rows]
        run.lies_here(source.path, shapes)
        here = zones_here(found, run.near(shapes), run.box, report)
        cut = run.cut([zone.geometry for zone in here.rows], report)
        rows = [replace(z, geometry=g) for z, g in zip(here.rows, cut, strict=True)]
        return Zones(rows, here.damaged)

    rows: list[HazardZone] = []
    damaged: frozenset[ZoneLayer] = frozenset()
    for source in file.sources.zones:
        found = run.of("zones", source, zones, lambda: Zones([], frozenset()))
        rows += found.rows
        damaged |= found.damaged
    return Zones(rows, damaged)


def _may_be_empty(source: ZoneSource, complete: Sequence[ZoneLayer], report: LoadReport) -> None:
    """Refuse an empty zone file, unless the officer states that there are none: a download that
    failed would take all zones away. A forecast may say that no water comes.
    """
    if source.kind is ZoneKind.FORECAST:
        report.remarks.append(f"forecast {source.title} holds no zone: no water is forecast")
        return
    layers = layers_of(source.format)
    if not set(layers) & set(complete):
        remedy = (
            "fetch the file again, or leave the source out of the city file; if there really are "
            f"none, state the layer under [zones] complete ({', '.join(layers)})"
        )
        raise BrokenSource(source.path, "holds no zone at all", remedy=remedy)


def _refuse_other_boundary(run: SourceRun, wanted: Sources, boundary: BaseGeometry | None) -> None:
    """It is read before the roads, which are cut by it: where they lie is known only now."""
    if wanted.boundary is None or boundary is None:
        return
    try:
        run.lies_here(wanted.boundary.path, [boundary])
    except BrokenSource as error:
        (report,) = (one for one in run.report.sources if one.source == "boundary")
        run.refuse(report, error)


def _waterways(
    run: SourceRun, source: WaterwaySource, report: SourceReport
) -> list[tuple[str, BaseGeometry]]:
    found = read_waterways(source.path, report)
    surfaces = [surface for _, surface in found]
    run.lies_here(source.path, surfaces)
    names = [name for name, _ in found]
    return list(zip(names, run.cut(surfaces, report), strict=True))


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
