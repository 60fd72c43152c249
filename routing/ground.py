"""The ground: all of a city that stays as it is during a night."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from city.area import Area
from city.position import Metres
from hazards.kinds import HazardKind
from hazards.zone import HAZARD_OF_LAYER, LANDSLIDE_ZONES, HazardZone, ZoneLayer
from routing.exposure import ASSUMED_FLOOD, Exposure, Pieces, exposure_of, pieces
from routing.roads import RoadGraph, StreetFlag
from routing.rules import Rules
from shelters.place import EvacuationSite, Shelter


@dataclass(frozen=True, slots=True)
class CityCard:
    """What a city is called and where its data is from.

    `reviewed_languages`: translations that the city states to have reviewed (`safety.md` 17).
    """

    code: str
    name: str
    name_en: str
    fictional: bool
    crs: str
    timezone: str
    attributions: tuple[str, ...] = ()
    reviewed_languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class ZoneMap:
    """Assumed zones of one layer in metres, and whether the city brought that layer at all."""

    layer: ZoneLayer
    known: bool
    polygons: NDArray[np.object_]
    ranks: NDArray[np.int64]
    tree: STRtree

    def rank_at(self, point: shapely.Point) -> int | None:
        """The highest rank whose polygon covers the point (metres), None outside all of them."""
        hits = self.tree.query(point, predicate="intersects")
        return int(self.ranks[hits].max()) if len(hits) else None


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Roads, zones, places and areas in metres.

    `exposed` (S, CODES) are the metres of each street in assumed zones; `lines` and `tree` are
    the streets.
    """

    card: CityCard
    rules: Rules
    metres: Metres
    roads: RoadGraph
    assumed: Pieces
    exposed: NDArray[np.float64]
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

    def hazards_zoned_at(self, x: float, y: float) -> frozenset[HazardKind]:
        """Every hazard that has an assumed zone over the point, in metres."""
        ranks = self.ranks_at(x, y)
        return frozenset(
            hazard
            for layer, hazard in HAZARD_OF_LAYER.items()
            if layer is not ZoneLayer.DURATION and ranks[layer] is not None
        )

    def ranks_at(self, x: float, y: float) -> dict[ZoneLayer, int | None]:
        """The rank of every layer over the point, in metres."""
        point = shapely.Point(x, y)
        return {layer: zone.rank_at(point) for layer, zone in self.zones.items()}

    def area_at(self, x: float, y: float) -> Area | None:
        """The 町丁目 that covers the point, in metres."""
        hits = self.area_tree.query(shapely.Point(x, y), predicate="intersects")
        return self.areas[int(hits.min())] if len(hits) else None


def zone_map(layer: ZoneLayer, zones: Sequence[HazardZone], metres: Metres) -> ZoneMap:
    """The zones of one layer, converted to metres; none at all means the layer is unknown."""
    mine = [zone for zone in zones if zone.layer is layer]
    polygons = in_metres([zone.geometry for zone in mine], metres)
    ranks = np.array([zone.rank for zone in mine], dtype=np.int64)
    return ZoneMap(layer, bool(mine), polygons, ranks, STRtree(polygons))


def in_metres(geometries: Sequence[BaseGeometry], metres: Metres) -> NDArray[np.object_]:
    """Geometries in (lon, lat) to the city's metres."""
    array = np.empty(len(geometries), dtype=object)
    array[:] = geometries
    converted: NDArray[np.object_] = shapely.transform(array, metres.xy)
    return converted


def in_degrees(geometry: BaseGeometry, metres: Metres) -> BaseGeometry:
    """A geometry in the city's metres to (lon, lat)."""
    return shapely.transform(geometry, metres.lonlat)


def exposed_metres(roads: RoadGraph, assumed: Pieces) -> NDArray[np.float64]:
    """(S, CODES) metres in assumed zones; a bridge stands above assumed water (`safety.md` 7)."""
    metres = assumed.metres()
    flood = np.array(ASSUMED_FLOOD, dtype=np.intp)
    metres[np.ix_(np.flatnonzero(roads.has(StreetFlag.ABOVE_WATER)), flood)] = 0
    return metres


def assumed_pieces(
    lines: NDArray[np.object_], tree: STRtree, zones: dict[ZoneLayer, ZoneMap]
) -> Pieces:
    """Cut the streets at all assumed zones that expose somebody who walks."""
    polygons: list[BaseGeometry] = []
    codes: list[Exposure] = []
    for zone in zones.values():
        for polygon, rank in zip(zone.polygons, zone.ranks.tolist(), strict=True):
            code = exposure_of(zone.layer, rank)
            if code is not None:
                polygons.append(polygon)
                codes.append(code)
    return pieces(lines, tree, polygons, codes)


def underpasses(
    roads: RoadGraph,
    lines: NDArray[np.object_],
    layer: NDArray[np.int8],
    zones: dict[ZoneLayer, ZoneMap],
    rules: Rules,
) -> NDArray[np.bool_]:
    """(S,) which streets fill first in heavy rain (`safety.md` 7).

    A sunken street or short sunken tunnel anywhere, and any tunnel inside or beside an assumed
    flood zone. Culverts never reach here: the reader drops their tunnel tag.
    """
    tunnel, sunken = roads.has(StreetFlag.TUNNEL), layer < 0
    fills = sunken & (~tunnel | (roads.length_m <= rules.underpass_longest_m))
    for row in np.flatnonzero(tunnel & ~fills):
        near = shapely.buffer(lines[row], rules.underpass_beside_zone_m)
        fills[row] = any(
            len(zones[kind].tree.query(near, predicate="intersects"))
            for kind in (ZoneLayer.DEPTH, ZoneLayer.COLLAPSE)
        )
    return np.asarray(fills)


def above_water(roads: RoadGraph, rules: Rules) -> NDArray[np.bool_]:
    """(S,) streets that are a bridge along all, or nearly all, of their length."""
    part = roads.has(StreetFlag.PART_BRIDGE) & (roads.length_m > rules.bridge_merged_longest_m)
    return np.asarray(roads.has(StreetFlag.BRIDGE) & ~part)


def zone_name(layer: ZoneLayer, rank: int) -> str:
    """What an assumed zone is called in Japanese."""
    if layer is ZoneLayer.LANDSLIDE:
        return LANDSLIDE_ZONES[rank]
    if layer is ZoneLayer.COLLAPSE:
        return "家屋倒壊等氾濫想定区域"
    return "浸水想定区域"
