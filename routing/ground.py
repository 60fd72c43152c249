"""The ground: all of a city that stays as it is during a night."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from city.area import Area
from city.position import Metres
from hazards.kinds import HazardKind
from hazards.zone import (
    DEPTH_LAYERS,
    HAZARD_OF_LAYER,
    RED,
    SEA_DEPTHS,
    HazardZone,
    ZoneKind,
    ZoneLayer,
)
from routing.exposure import (
    ASSUMED_FLOOD,
    CODES,
    DEPTHS,
    FORECASTS,
    HAIR_M,
    Exposure,
    Pieces,
    exposure_of,
    pieces,
)
from routing.roads import Access, RoadGraph, StreetFlag
from routing.rules import Rules
from routing.tiles import tiled
from shelters.place import EvacuationSite, Shelter

ZONES_THAT_COUNT: Final = tuple(
    layer for layer, hazard in HAZARD_OF_LAYER.items() if hazard is not HazardKind.FLOOD
)
"""Layers whose hazard counts on a calm day where they lie; floods count everywhere."""
_ABOVE_WATER = int(StreetFlag.ABOVE_WATER)


@dataclass(frozen=True, slots=True)
class CityCard:
    """What a city is called and where its data is from.

    `reviewed_languages`: translations that the city states to have reviewed (`safety.md` 17);
    `complete`: zone layers of which it states to have brought every zone there is.
    """

    code: str
    name: str
    name_en: str
    fictional: bool
    crs: str
    timezone: str
    attributions: tuple[str, ...] = ()
    reviewed_languages: tuple[str, ...] = ()
    complete: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class ZoneMap:
    """Zones of one layer in metres. `complete`: outside them is known to be outside.

    Flood zones are published river by river: some zones alone say nothing of the other rivers.
    `forecast` (n) are those that are forecast; the others are maps of what could be. All of them
    cost whoever walks there. `damaged`: a row of the layer could not be read.
    """

    layer: ZoneLayer
    complete: bool
    polygons: NDArray[np.object_]
    ranks: NDArray[np.int64]
    tree: STRtree
    forecast: NDArray[np.bool_]
    damaged: bool = False

    def over(self, shape: BaseGeometry) -> NDArray[np.intp]:
        """The rows of all polygons that a shape meets, in metres.

        Prepared polygons are asked themselves: the tree's own predicate prepares the shape, and
        takes five times as long.
        """
        hits = self.tree.query(shape)
        found: NDArray[np.intp] = hits[shapely.intersects(self.polygons[hits], shape)]
        return found

    def rank_at(self, point: shapely.Point, *, forecast: bool = False) -> int | None:
        """The highest rank whose polygon covers the point (metres), None outside all of them;
        of the assumed polygons, or of those that are forecast.
        """
        if len(self.polygons) == 0:
            return None
        hits = self.over(point)
        ranks = self.ranks[hits[self.forecast[hits] == forecast]]
        return int(ranks.max()) if len(ranks) else None


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Roads, zones, places and areas in metres.

    `assumed` are all stretches in assumed and forecast zones, `exposed` (S, CODES) the metres of
    each street in them that count; `in_red` (N) which
    junctions stand inside a special landslide zone, `zoned` (Z, N) which in a zone of each layer of
    `ZONES_THAT_COUNT`; `lines` and `tree` are the streets,
    `door_tree` those at which a door can stand, `motorway_tree` those that nobody walks across.
    """

    card: CityCard
    rules: Rules
    metres: Metres
    roads: RoadGraph
    assumed: Pieces
    exposed: NDArray[np.float64]
    in_red: NDArray[np.bool_]
    zoned: NDArray[np.bool_]
    zones: dict[ZoneLayer, ZoneMap]
    waterways: NDArray[np.object_]
    waterway_tree: STRtree
    sites: tuple[EvacuationSite, ...]
    site_xy: NDArray[np.float64]
    shelters: tuple[Shelter, ...]
    areas: tuple[Area, ...]
    area_tree: STRtree
    area_polygons: NDArray[np.object_]
    lines: NDArray[np.object_] = field(repr=False)
    tree: STRtree = field(repr=False)
    door_tree: STRtree = field(repr=False)
    motorway_tree: STRtree = field(repr=False)

    def stands_clear(self, street: int) -> bool:
        """Whether a street is a bridge above assumed water (`safety.md` 7)."""
        return bool(self.roads.flags[street] & _ABOVE_WATER)

    def hazards_zoned_at(self, x: float, y: float) -> frozenset[HazardKind]:
        """Every hazard that has an assumed or a forecast zone over the point, in metres."""
        point = shapely.Point(x, y)
        return frozenset(
            HAZARD_OF_LAYER[layer]
            for layer, zone in self.zones.items()
            if layer is not ZoneLayer.DURATION and len(zone.over(point))
        )

    def ranks_at(self, x: float, y: float) -> dict[ZoneLayer, int | None]:
        """The assumed rank of every layer over the point, in metres."""
        point = shapely.Point(x, y)
        return {layer: zone.rank_at(point) for layer, zone in self.zones.items()}

    def forecast_at(self, x: float, y: float) -> int | None:
        """The deepest rank of any water that is forecast at the point, in metres."""
        point = shapely.Point(x, y)
        ranks = [self.zones[layer].rank_at(point, forecast=True) for layer in DEPTH_LAYERS]
        return max((rank for rank in ranks if rank is not None), default=None)

    def area_at(self, x: float, y: float) -> Area | None:
        """The 町丁目 that covers the point, in metres."""
        hits = self.area_tree.query(shapely.Point(x, y), predicate="intersects")
        return self.areas[int(hits.min())] if len(hits) else None


def zone_map(
    layer: ZoneLayer,
    zones: Sequence[HazardZone],
    metres: Metres,
    complete: Sequence[str],
    damaged: Iterable[str] = (),
) -> ZoneMap:
    """The zones of one layer, converted to metres, of a city that states `complete` layers, and
    whose files had rows of `damaged` ones that could not be read. Large polygons are cut.

    A layer without a single assumed zone, or with a row lost, is not complete, whatever is stated:
    an empty file looks the same.
    """
    mine = [zone for zone in zones if zone.layer is layer]
    if any(zone.kind is ZoneKind.OBSERVED for zone in mine):
        raise ValueError("seen water is closed, not costly: it is no zone of a map")
    polygons, row = tiled(polygons_in_metres([zone.geometry for zone in mine], metres))
    ranks = np.array([zone.rank for zone in mine], dtype=np.int64)[row]
    forecast = np.array([zone.kind is ZoneKind.FORECAST for zone in mine], dtype=bool)[row]
    lost = layer in set(damaged)
    known = layer in complete and not forecast.all() and not lost
    return zone_map_of(layer, known, polygons, ranks, forecast, damaged=lost)


def zone_map_of(
    layer: ZoneLayer,
    complete: bool,
    polygons: NDArray[np.object_],
    ranks: NDArray[np.int64],
    forecast: NDArray[np.bool_] | None = None,
    *,
    damaged: bool = False,
) -> ZoneMap:
    """The map of polygons in metres, prepared for many questions; all assumed, unless said."""
    shapely.prepare(polygons)
    if forecast is None:
        forecast = np.zeros(len(polygons), bool)
    return ZoneMap(layer, complete, polygons, ranks, STRtree(polygons), forecast, damaged)


def zoned_junctions(roads: RoadGraph, zones: dict[ZoneLayer, ZoneMap]) -> NDArray[np.bool_]:
    """(Z, N) which junctions stand in a zone of each layer of `ZONES_THAT_COUNT`."""
    inside = np.zeros((len(ZONES_THAT_COUNT), roads.junction_count), bool)
    points = STRtree(np.asarray(shapely.points(roads.junction_xy), dtype=object))
    for row, layer in enumerate(ZONES_THAT_COUNT):
        inside[row, points.query(zones[layer].polygons, predicate="intersects")[1]] = True
    return inside


def red_junctions(roads: RoadGraph, slides: ZoneMap) -> NDArray[np.bool_]:
    """(N,) which junctions stand inside a special landslide zone, not only on its edge."""
    red = slides.polygons[slides.ranks == RED]
    inside = np.zeros(roads.junction_count, bool)
    if len(red):
        within = STRtree(shapely.buffer(red, -HAIR_M))
        inside[within.query(shapely.points(roads.junction_xy), predicate="within")[0]] = True
    return inside


def door_tree(roads: RoadGraph, lines: NDArray[np.object_]) -> STRtree:
    """The streets at which a door can stand: nobody steps onto a bridge or into a tunnel midway,
    or onto a motorway.

    Where simplification merged one with its approach, the approach has doors.
    """
    bridge = roads.has(StreetFlag.BRIDGE) & ~roads.has(StreetFlag.PART_BRIDGE)
    tunnel = roads.has(StreetFlag.TUNNEL) & ~roads.has(StreetFlag.PART_TUNNEL)
    joined = lines.copy()
    barred = ~roads.admits(Access.FOOT)
    joined[bridge | tunnel | roads.has(StreetFlag.UNDERPASS) | barred] = None
    return STRtree(joined)


def motorway_tree(roads: RoadGraph, lines: NDArray[np.object_]) -> STRtree:
    """Streets of vehicles alone, on the ground: fenced, or too fast to cross."""
    above = roads.has(StreetFlag.BRIDGE) | roads.has(StreetFlag.TUNNEL)
    fenced = lines.copy()
    fenced[roads.admits(Access.FOOT) | above] = None
    return STRtree(fenced)


def in_metres(geometries: Sequence[BaseGeometry], metres: Metres) -> NDArray[np.object_]:
    """Geometries in (lon, lat) to the city's metres."""
    array = np.empty(len(geometries), dtype=object)
    array[:] = geometries
    converted: NDArray[np.object_] = shapely.transform(array, metres.xy)
    return converted


def polygons_in_metres(geometries: Sequence[BaseGeometry], metres: Metres) -> NDArray[np.object_]:
    """Polygons in (lon, lat) to the city's metres, valid there too: a straight edge of degrees
    that is kilometres long bends, and may cross its neighbour.
    """
    polygons = in_metres(geometries, metres)
    for row in np.flatnonzero(~shapely.is_valid(polygons)):
        parts = shapely.get_parts(shapely.make_valid(polygons[row]))
        polygons[row] = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
    return polygons


def exposed_metres(roads: RoadGraph, assumed: Pieces) -> NDArray[np.float64]:
    """(S, CODES) metres in assumed and forecast zones; a bridge stands above assumed water
    (`safety.md` 7), not above water that is forecast.
    """
    metres = assumed.metres()
    flood = np.array(ASSUMED_FLOOD, dtype=np.intp)
    metres[np.ix_(np.flatnonzero(roads.has(StreetFlag.ABOVE_WATER)), flood)] = 0
    return metres


def assumed_pieces(
    lines: NDArray[np.object_], tree: STRtree, zones: dict[ZoneLayer, ZoneMap]
) -> Pieces:
    """Cut the streets at all assumed and forecast zones that expose somebody who walks; of
    overlapping depths, whosever water it is, the deepest counts, and that of a forecast as well.
    """
    polygons: list[BaseGeometry] = []
    codes: list[Exposure] = []
    for zone in zones.values():
        ranks = zip(zone.polygons, zone.ranks.tolist(), zone.forecast.tolist(), strict=True)
        for polygon, rank, forecast in ranks:
            code = exposure_of(zone.layer, rank, forecast=forecast)
            if code is not None:
                polygons.append(polygon)
                codes.append(code)
    return pieces(lines, tree, polygons, codes)


def link_exposure(
    zones: dict[ZoneLayer, ZoneMap], links: NDArray[np.object_]
) -> NDArray[np.float64]:
    """(n, CODES) metres of straight lines (metres) in assumed and forecast zones.

    Under overlapping depths the deeper counts first, up to the line's length.
    """
    metres = np.zeros((len(links), CODES))
    for layer, zone in zones.items():
        if layer is ZoneLayer.DURATION or len(zone.polygons) == 0:
            continue
        link, polygon = zone.tree.query(links)
        met = shapely.intersects(zone.polygons[polygon], links[link])
        link, polygon = link[met], polygon[met]
        shapes = zone.polygons[polygon]
        inside = shapely.contains_properly(shapes, links[link])
        length = shapely.length(links[link])
        cut = ~inside
        length[cut] = shapely.length(shapely.intersection(links[link[cut]], shapes[cut]))
        codes = _codes_of(zone, polygon)
        np.add.at(metres, (link, [int(code or 0) for code in codes]), length)
    for ranks in (DEPTHS, FORECASTS):
        left = shapely.length(links)
        for code in reversed(ranks):
            metres[:, code] = np.minimum(metres[:, code], left)
            left = left - metres[:, code]
    return metres


def _codes_of(zone: ZoneMap, rows: NDArray[np.intp]) -> list[Exposure | None]:
    """What each of a map's polygons exposes a walk to."""
    known = zip(zone.ranks[rows].tolist(), zone.forecast[rows].tolist(), strict=True)
    return [exposure_of(zone.layer, rank, forecast=forecast) for rank, forecast in known]


def underpasses(
    roads: RoadGraph,
    lines: NDArray[np.object_],
    layer: NDArray[np.int8],
    zones: dict[ZoneLayer, ZoneMap],
    rules: Rules,
) -> NDArray[np.bool_]:
    """(S,) which streets fill first in heavy rain (`safety.md` 7).

    A ford, a sunken street or a short sunken tunnel anywhere, one of unknown length in a longer
    street too, and any tunnel inside or beside a zone of water, of a river or any other. Culverts
    never reach here: the reader drops their tunnel tag.
    """
    tunnel, sunken = roads.has(StreetFlag.TUNNEL), layer < 0
    short = roads.has(StreetFlag.PART_TUNNEL) | (roads.length_m <= rules.underpass_longest_m)
    fills = sunken & (~tunnel | short)
    fills |= roads.has(StreetFlag.FORD)
    for row in np.flatnonzero(tunnel & ~fills):
        near = shapely.buffer(lines[row], rules.underpass_beside_zone_m)
        fills[row] = any(
            len(zones[kind].over(near)) for kind in (*DEPTH_LAYERS, ZoneLayer.COLLAPSE)
        )
    return np.asarray(fills)


def above_water(
    roads: RoadGraph,
    rules: Rules,
    lines: NDArray[np.object_] | None = None,
    zones: Mapping[ZoneLayer, ZoneMap] | None = None,
) -> NDArray[np.bool_]:
    """(S,) streets that are a bridge along all, or nearly all, of their length.

    With the streets' `lines` and the `zones`: none that water of the sea would meet. A surge or a
    tsunami runs up a river and over its bridges.
    """
    part = roads.has(StreetFlag.PART_BRIDGE) & (roads.length_m > rules.bridge_merged_longest_m)
    above = np.asarray(roads.has(StreetFlag.BRIDGE) & ~part)
    if lines is None or zones is None:
        return above
    bridges = np.flatnonzero(above)
    for layer in SEA_DEPTHS:
        met = zones[layer].tree.query(lines[bridges], predicate="intersects")[0]
        above[bridges[met]] = False
    return above
