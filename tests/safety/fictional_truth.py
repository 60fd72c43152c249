"""What is true of the fictional city, worked out again from its raw rows: shapely in metres, and
the ranks' own meaning written down once more. Nothing here asks the product's code.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Final

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from city.traveller import Household
from data.city_rows import CityRows
from hazards.kinds import HazardKind
from hazards.order import EvacuationOrder
from routing.way import Way
from tests.builders import fictional_city

Points = NDArray[np.float64]
DEPTH_ENDS_M: Final = {1: 0.5, 2: 3.0, 3: 5.0, 4: 10.0, 5: 20.0}
"""Below which depth a rank of A31b_201 stays; rank 6 has no end."""
HOURS: Final = {1: 12, 2: 24, 3: 72, 4: 168, 5: 336, 6: 672}
"""The longest time of a rank of A31b_301; rank 7 has no end."""
ASSUMED, FORECAST = "assumed", "forecast"
WATERS: Final = ("depth", "inland_depth")
BRIDGE, TUNNEL, STEPS = 1, 2, 4
FOOT, WHEELS = 1, 2
YELLOW, RED = 1, 2
WATER_S_PER_M: Final = {1: 4.0, 2: 12.0, 3: 20.0, 4: 30.0, 5: 40.0, 6: 50.0}
COLLAPSE_S_PER_M, YELLOW_S_PER_M, RED_S_PER_M = 20.0, 20.0, 60.0


@dataclass(frozen=True)
class Ranks:
    """The ranks over one point; 0 is outside every polygon."""

    depth: int
    duration: int
    collapse: int
    landslide: int
    inland: int
    forecast: int

    @property
    def hazards(self) -> frozenset[HazardKind]:
        """Which hazards are mapped here; how long water stays is no hazard of its own."""
        here = {
            HazardKind.FLOOD: self.depth or self.collapse or self.forecast,
            HazardKind.LANDSLIDE: self.landslide,
            HazardKind.INLAND_FLOOD: self.inland,
        }
        return frozenset(hazard for hazard, rank in here.items() if rank)


class Truth:
    """The city's rows in metres."""

    def __init__(self, rows: CityRows, crs: str) -> None:
        self.rows = rows
        self._turn = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform

    def xy(self, lonlat: Any) -> Points:
        """(n, 2) metres of (n, 2) degrees (lon, lat)."""
        table = np.asarray(lonlat, dtype=float).reshape(-1, 2)
        return np.column_stack(self._turn(table[:, 0], table[:, 1]))

    def metric(self, shapes: Iterable[BaseGeometry]) -> BaseGeometry:
        """All of these shapes as one, in metres, ready for many questions."""
        turned = [shapely.make_valid(shapely.transform(shape, self.xy)) for shape in shapes]
        whole = shapely.union_all(turned)
        shapely.prepare(whole)
        return whole

    @cache  # noqa: B019  one city, kept for the whole session
    def surface(self, layer: str, ranks: tuple[int, ...], kind: str = ASSUMED) -> BaseGeometry:
        """The ground inside the polygons of these ranks."""
        return self.metric(
            zone.geometry
            for zone in self.rows.zones
            if (zone.layer, zone.kind) == (layer, kind) and zone.rank in ranks
        )

    def ranks(self, xy: Points) -> list[Ranks]:
        """The highest rank of every layer over each point (n, 2)."""
        columns = [
            self._highest(xy, layer)
            for layer in ("depth", "duration", "collapse", "landslide", "inland_depth")
        ]
        columns.append(np.maximum(*(self._highest(xy, layer, FORECAST) for layer in WATERS)))
        return [Ranks(*row) for row in np.column_stack(columns).tolist()]

    def _highest(self, xy: Points, layer: str, kind: str = ASSUMED) -> NDArray[np.int64]:
        found = np.zeros(len(xy), np.int64)
        for rank in range(1, 8):
            surface = self.surface(layer, (rank,), kind)
            found[shapely.intersects_xy(surface, xy[:, 0], xy[:, 1])] = rank
        return found

    @cached_property
    def rivers(self) -> BaseGeometry:
        """The surfaces of all rivers."""
        return self.metric(surface for _, surface in self.rows.waterways)

    @cached_property
    def red(self) -> BaseGeometry:
        """All special landslide zones."""
        return self.surface("landslide", (RED,))

    @cached_property
    def streets(self) -> NDArray[np.object_]:
        """(S,) the streets as lines."""
        network = self.rows.network
        owner = np.repeat(np.arange(len(network.start)), np.diff(network.shape_start))
        lines = shapely.linestrings(self.xy(network.shape_lonlat), indices=owner)
        return np.asarray(lines, dtype=object)

    @cached_property
    def underpasses(self) -> NDArray[np.bool_]:
        """(S,) sunken streets, short sunken tunnels, and tunnels in or 30 m beside a zone."""
        network = self.rows.network
        tunnel, sunken = (network.flags & TUNNEL) > 0, network.layer < 0
        fills = sunken & (~tunnel | (shapely.length(self.streets) <= 150))
        wet = [self.surface(layer, tuple(range(1, 7))) for layer in (*WATERS, "collapse")]
        near = shapely.dwithin(self.streets[tunnel], shapely.union_all(wet), 30)
        fills[np.flatnonzero(tunnel)[near]] = True
        return np.asarray(fills)

    @cached_property
    def site_ranks(self) -> list[Ranks]:
        """The ranks over each evacuation site."""
        return self.ranks(self.site_xy)

    @cached_property
    def site_xy(self) -> Points:
        """(sites, 2) metres."""
        return self.xy([(site.position.lon, site.position.lat) for site in self.rows.sites])

    @cache  # noqa: B019  one city, kept for the whole session
    def areas(self, names: tuple[str, ...]) -> BaseGeometry:
        """The 町丁目 of these names."""
        return self.metric(area.geometry for area in self.rows.areas if area.name in names)

    def path(self, door: tuple[float, float], way: Way, *, over_bridges: bool = True) -> Any:
        """The whole way in walking order: from the door, over streets, to the site's own door.

        Without `over_bridges` what is left when its bridges are taken out.
        """
        foot = shapely.line_interpolate_point(self.streets[way.snap.street], way.snap.at_m)
        parts = [_straight(door, foot.coords[0])]
        for stretch in way.stretches:
            bridge = self.rows.network.flags[stretch.street] & BRIDGE
            if over_bridges or not bridge:
                parts.append(substring(self.streets[stretch.street], stretch.from_m, stretch.to_m))
        last = way.stretches[-1] if way.stretches else None
        gate = foot
        if last is not None:
            gate = shapely.line_interpolate_point(self.streets[last.street], last.to_m)
        parts.append(_straight(gate.coords[0], tuple(self.site_xy[way.site].tolist())))
        return shapely.MultiLineString([part for part in parts if part.length > 0])

    def penalty_s(self, dry_shod: BaseGeometry) -> float:
        """Seconds that assumed zones add to a way without its bridges, at the rules' rates."""
        total, below = 0.0, 0.0
        for rank, per_metre in WATER_S_PER_M.items():
            total += (per_metre - below) * dry_shod.intersection(self._water(rank)).length
            below = per_metre
        for layer, ranks, per_metre in (
            ("collapse", (1, 2), COLLAPSE_S_PER_M),
            ("landslide", (YELLOW,), YELLOW_S_PER_M),
            ("landslide", (RED,), RED_S_PER_M),
        ):
            total += per_metre * dry_shod.intersection(self.surface(layer, ranks)).length
        return total

    @cache  # noqa: B019  one city, kept for the whole session
    def _water(self, least: int) -> BaseGeometry:
        """All water, assumed and forecast, of this rank and deeper."""
        ranks = tuple(range(least, 7))
        parts = [self.surface(layer, ranks, kind) for layer in WATERS for kind in KINDS]
        return shapely.union_all(parts)


KINDS: Final = (ASSUMED, FORECAST)


def _straight(a: Sequence[float], b: Sequence[float]) -> Any:
    return shapely.LineString([a, b])


@cache
def truth() -> Truth:
    """The truth of the fictional city."""
    city = fictional_city()
    return Truth(city.rows, city.file.card.crs)


def may_stay(ranks: Ranks, home: Household, storey_m: float = 3.0) -> bool:
    """Whether all that a planned stay in a flood needs is known, and holds (`safety.md` 3)."""
    outside = ranks.collapse == 0 and ranks.landslide == 0
    said = None not in (home.dwelling, home.floor, home.floors, home.supplies_h)
    if not outside or not said or home.dwelling != "sturdy" or ranks.depth == 0:
        return False
    deepest = max(ranks.depth, ranks.inland, ranks.forecast)
    if deepest not in DEPTH_ENDS_M or ranks.duration not in HOURS or ranks.forecast > ranks.depth:
        return False
    assert home.floor is not None
    assert home.supplies_h is not None
    above = home.floor >= 1 and (home.floor - 1) * storey_m >= DEPTH_ENDS_M[deepest]
    return above and home.supplies_h > HOURS[ranks.duration]


def orders_over(orders: Iterable[EvacuationOrder], x: float, y: float) -> list[EvacuationOrder]:
    """The orders for a point: for the whole city, or where their named 町丁目 cover it."""
    return [
        order
        for order in orders
        if order.area is None or shapely.intersects_xy(truth().areas(order.area_names), x, y)
    ]
