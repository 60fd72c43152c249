"""Zones on hazard maps, and the ranks they are published with."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shapely.geometry.base import BaseGeometry

from hazards.kinds import HazardKind


class ZoneLayer(StrEnum):
    """What a zone states about the ground inside it."""

    DEPTH = "depth"
    DURATION = "duration"
    COLLAPSE = "collapse"
    LANDSLIDE = "landslide"
    INLAND_DEPTH = "inland_depth"
    SURGE_DEPTH = "surge_depth"
    TSUNAMI_DEPTH = "tsunami_depth"


class ZoneKind(StrEnum):
    """What the water of a zone is: a map of what could be, what is forecast, what was seen."""

    ASSUMED = "assumed"
    FORECAST = "forecast"
    OBSERVED = "observed"


HAZARD_OF_LAYER: Final = {
    ZoneLayer.DEPTH: HazardKind.FLOOD,
    ZoneLayer.DURATION: HazardKind.FLOOD,
    ZoneLayer.COLLAPSE: HazardKind.FLOOD,
    ZoneLayer.LANDSLIDE: HazardKind.LANDSLIDE,
    ZoneLayer.INLAND_DEPTH: HazardKind.INLAND_FLOOD,
    ZoneLayer.SURGE_DEPTH: HazardKind.STORM_SURGE,
    ZoneLayer.TSUNAMI_DEPTH: HazardKind.TSUNAMI,
}

SEA_DEPTHS: Final = (ZoneLayer.SURGE_DEPTH, ZoneLayer.TSUNAMI_DEPTH)
"""Depths of water that the sea brings: it comes with waves, and over bridges."""

OTHER_DEPTHS: Final = (ZoneLayer.INLAND_DEPTH, *SEA_DEPTHS)
"""Depths of other water than a river's, in the ranks of A31b_201."""

DEPTH_LAYERS: Final = (ZoneLayer.DEPTH, *OTHER_DEPTHS)

NEEDED_TO_STAY: Final = (
    ZoneLayer.DEPTH,
    ZoneLayer.DURATION,
    ZoneLayer.COLLAPSE,
    ZoneLayer.LANDSLIDE,
)
"""Layers that a city must have brought whole before anyone is told to stay (`safety.md` 3)."""

DEPTH_M: Final = {1: (0.0, 0.5), 2: (0.5, 3), 3: (3, 5), 4: (5, 10), 5: (10, 20), 6: (20, None)}
"""A31b_201 (国土数値情報 浸水想定区域): rank to depth from and below, in metres."""

DURATION_H: Final = {1: 12, 2: 24, 3: 72, 4: 168, 5: 336, 6: 672, 7: None}
"""A31b_301 (浸水継続時間): rank to the longest time under water, in hours; None is open-ended."""

EROSION: Final = 2
COLLAPSE_KINDS: Final = {1: "氾濫流", EROSION: "河岸侵食"}
"""A31b_401 (家屋倒壊等氾濫想定区域)."""

YELLOW, RED = 1, 2
"""土砂災害警戒区域 and 土砂災害特別警戒区域 (A33_002; 3, 4: not yet designated)."""

LANDSLIDE_ZONES: Final = {YELLOW: "土砂災害警戒区域", RED: "土砂災害特別警戒区域"}

RANKS: Final = {
    ZoneLayer.DEPTH: frozenset(DEPTH_M),
    ZoneLayer.DURATION: frozenset(DURATION_H),
    ZoneLayer.COLLAPSE: frozenset(COLLAPSE_KINDS),
    ZoneLayer.LANDSLIDE: frozenset(LANDSLIDE_ZONES),
    **dict.fromkeys(OTHER_DEPTHS, frozenset(DEPTH_M)),
}


def depth_rank(depth_m: float) -> int:
    """The rank of a depth in metres, of 0 or more."""
    return next(rank for rank, (_, end) in DEPTH_M.items() if end is None or depth_m < end)


def depth_rank_below(upper_m: float) -> int:
    """The deepest rank of all depths that are less than this, in metres."""
    return next(rank for rank, (_, end) in DEPTH_M.items() if end is None or upper_m <= end)


@dataclass(frozen=True, slots=True)
class HazardZone:
    """One polygon of a zone, its geometry in (lon, lat).

    `after_min`: of a forecast, minutes after its beginning; None for a map of what could be.
    """

    layer: ZoneLayer
    rank: int
    geometry: BaseGeometry
    kind: ZoneKind = ZoneKind.ASSUMED
    after_min: int | None = None

    @property
    def hazard(self) -> HazardKind:
        """The hazard that the zone belongs to."""
        return HAZARD_OF_LAYER[self.layer]
