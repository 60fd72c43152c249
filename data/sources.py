"""All of a city's sources as rows, and the ground that they make."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from city.area import Area
from city.position import Metres
from data.cityfile import CityFile, ZoneSource
from data.errors import BrokenSource
from data.network import Network
from data.readers.areas import read_areas, read_waterways
from data.readers.graphml import read_graphml
from data.readers.gsi import read_shelters, read_sites
from data.readers.zones import read_a31b, read_a33
from data.report import LoadReport
from hazards.zone import HazardZone, ZoneLayer
from routing.ground import (
    CityCard,
    Ground,
    above_water,
    assumed_pieces,
    door_tree,
    exposed_metres,
    in_metres,
    polygons_in_metres,
    red_junctions,
    underpasses,
    zone_map,
)
from routing.roads import RoadGraph, StreetFlag, road_graph
from routing.rules import Rules
from shelters.place import EvacuationSite, Shelter

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, eq=False)
class CityRows:
    """What a city's files say, in degrees; `waterways` are (name, surface)."""

    network: Network
    sites: tuple[EvacuationSite, ...]
    shelters: tuple[Shelter, ...]
    zones: tuple[HazardZone, ...]
    areas: tuple[Area, ...]
    waterways: tuple[tuple[str, BaseGeometry], ...]


def read_sources(file: CityFile, report: LoadReport, progress: Progress) -> CityRows:
    """Read every source of a city file; raises `BrokenSource` at the first that is broken."""
    sources = file.sources
    progress("reading roads")
    network = read_graphml(sources.roads.path, report.of("roads", sources.roads.path.name))
    progress("reading sites and shelters")
    sites = read_sites(sources.sites.path, report.of("sites", sources.sites.path.name))
    points = [shapely.Point(site.position.lon, site.position.lat) for site in sites]
    _lies_near(network, sources.sites.path, points)
    shelters: list[Shelter] = []
    if sources.shelters:
        path = sources.shelters.path
        shelters = read_shelters(path, report.of("shelters", path.name))
    zones: list[HazardZone] = []
    for source in sources.zones:
        progress(f"reading zones: {source.path.name}")
        reader = read_a31b if source.format == "a31b-geojson" else read_a33
        found = reader(source.path, report.of("zones", source.path.name))
        if not found:
            _may_be_empty(source, file.zones.complete)
        _lies_near(network, source.path, [zone.geometry for zone in found])
        zones += found
    areas: list[Area] = []
    if sources.areas:
        areas = read_areas(sources.areas.path, report.of("areas", sources.areas.path.name))
        _lies_near(network, sources.areas.path, [area.geometry for area in areas])
    waterways: list[tuple[str, BaseGeometry]] = []
    if sources.waterways:
        path = sources.waterways.path
        waterways = read_waterways(path, report.of("waterways", path.name))
        _lies_near(network, path, [surface for _, surface in waterways])
    _remark_missing_layers(file.zones.complete, areas, waterways, report)
    return CityRows(
        network, tuple(sites), tuple(shelters), tuple(zones), tuple(areas), tuple(waterways)
    )


def _may_be_empty(source: ZoneSource, complete: Sequence[ZoneLayer]) -> None:
    """Refuse an empty zone file, unless the officer states that there are none: a download that
    failed would take all zones away.
    """
    flood = source.format == "a31b-geojson"
    layers = [layer for layer in ZoneLayer if (layer is not ZoneLayer.LANDSLIDE) == flood]
    if not set(layers) & set(complete):
        remedy = (
            "fetch the file again, or leave the source out of the city file; if there really are "
            f"none, state the layer under [zones] complete ({', '.join(layers)})"
        )
        raise BrokenSource(source.path, "holds no zone at all", remedy=remedy)


def _lies_near(network: Network, path: Path, geometries: Sequence[BaseGeometry]) -> None:
    """Refuse a source of another place, or one with latitude and longitude swapped."""
    west, south = network.junction_lonlat.min(axis=0) - 0.1
    east, north = network.junction_lonlat.max(axis=0) + 0.1
    box = shapely.box(west, south, east, north)
    if geometries and not shapely.intersects(np.array(geometries, dtype=object), box).any():
        raise BrokenSource(
            path,
            "lies wholly outside the road network",
            remedy="another city's file, or latitude and longitude swapped?",
        )


def _remark_missing_layers(
    complete: Sequence[str],
    areas: list[Area],
    waterways: list[tuple[str, BaseGeometry]],
    report: LoadReport,
) -> None:
    missing = [layer for layer in ZoneLayer if layer not in complete]
    if missing:
        report.remarks.append(
            f"zones of {', '.join(missing)} are not stated to be complete ([zones] complete):"
            " outside them is unknown, so nobody is told stay_safe"
        )
    if not areas:
        report.remarks.append("no areas: orders cover the whole city or a polygon")
    if not waterways:
        report.remarks.append("no river surfaces: a door may be joined to a street across a river")


def ground_of(card: CityCard, rules: Rules, rows: CityRows) -> Ground:
    """Build the ground from rows: the graph, its metres, and what each street is exposed to."""
    metres = Metres(card.crs)
    roads = _roads(rows.network, metres)
    lines = roads.lines()
    tree = STRtree(lines)
    zones = {layer: zone_map(layer, rows.zones, metres, card.complete) for layer in ZoneLayer}
    roads.flags[underpasses(roads, lines, rows.network.layer, zones, rules)] |= np.uint8(
        StreetFlag.UNDERPASS
    )
    roads.flags[above_water(roads, rules)] |= np.uint8(StreetFlag.ABOVE_WATER)
    assumed = assumed_pieces(lines, tree, zones)
    surfaces = polygons_in_metres([surface for _, surface in rows.waterways], metres)
    # One surface where several touch: the seam between two is no bank.
    waterways = shapely.get_parts(shapely.union_all(surfaces))
    polygons = in_metres([area.geometry for area in rows.areas], metres)
    lonlat = np.array([[s.position.lon, s.position.lat] for s in rows.sites]).reshape(-1, 2)
    return Ground(
        card=card,
        rules=rules,
        metres=metres,
        roads=roads,
        assumed=assumed,
        exposed=exposed_metres(roads, assumed),
        in_red=red_junctions(roads, zones[ZoneLayer.LANDSLIDE]),
        zones=zones,
        waterways=waterways,
        waterway_tree=STRtree(waterways),
        sites=rows.sites,
        site_xy=metres.xy(lonlat),
        shelters=rows.shelters,
        areas=rows.areas,
        area_tree=STRtree(polygons),
        area_polygons=polygons,
        lines=lines,
        tree=tree,
        door_tree=door_tree(roads, lines),
    )


def _roads(network: Network, metres: Metres) -> RoadGraph:
    return road_graph(
        junction_xy=metres.xy(network.junction_lonlat),
        start=network.start,
        end=network.end,
        shape_start=network.shape_start,
        shape_xy=metres.xy(network.shape_lonlat),
        shape_lonlat=network.shape_lonlat,
        elevation_m=network.elevation_m,
        flags=network.flags.copy(),
        name=network.name,
        names=network.names,
    )
