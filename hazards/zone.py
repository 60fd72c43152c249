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


HAZARD_OF_LAYER: Final = {
    ZoneLayer.DEPTH: HazardKind.FLOOD,
    ZoneLayer.DURATION: HazardKind.FLOOD,
    ZoneLayer.COLLAPSE: HazardKind.FLOOD,
    ZoneLayer.LANDSLIDE: HazardKind.LANDSLIDE,
}

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
}


@dataclass(frozen=True, slots=True)
class HazardZone:
    """One polygon of an assumed zone, its geometry in (lon, lat)."""

    layer: ZoneLayer
    rank: int
    geometry: BaseGeometry

    @property
    def hazard(self) -> HazardKind:
        """The hazard that the zone belongs to."""
        return HAZARD_OF_LAYER[self.layer]
