"""The ground that a city's rows make."""

from collections.abc import Sequence

import numpy as np
import shapely
from shapely import STRtree

from city.position import Metres
from data.city_rows import CityRows
from data.network import Network
from hazards.zone import ZoneLayer
from routing.ground import (
    CityCard,
    Ground,
    above_water,
    assumed_pieces,
    door_tree,
    exposed_metres,
    in_metres,
    motorway_tree,
    polygons_in_metres,
    red_junctions,
    underpasses,
    zone_map,
    zoned_junctions,
)
from routing.roads import RoadGraph, StreetFlag, road_graph
from routing.rules import Rules


def ground_of(card: CityCard, rules: Rules, rows: CityRows) -> Ground:
    """Build the ground from rows: the graph, its metres, and what each street is exposed to."""
    metres = Metres(card.crs)
    roads = _roads(rows.network, metres)
    lines = roads.lines()
    tree = STRtree(lines)
    zones = {
        layer: zone_map(layer, rows.zones, metres, card.complete, rows.damaged)
        for layer in ZoneLayer
    }
    roads.flags[underpasses(roads, lines, rows.network.layer, zones, rules)] |= np.uint8(
        StreetFlag.UNDERPASS
    )
    roads.flags[above_water(roads, rules, lines, zones)] |= np.uint8(StreetFlag.ABOVE_WATER)
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
        zoned=zoned_junctions(roads, zones),
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
        motorway_tree=motorway_tree(roads, lines),
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
        names_en=network.names_en,
        access=network.access,
    )


def known_layers(complete: Sequence[ZoneLayer], damaged: frozenset[ZoneLayer]) -> tuple[str, ...]:
    """The layers outside of whose zones is known to be outside: stated to be complete, and every
    row of them was read.
    """
    return tuple(layer for layer in complete if layer not in damaged)
