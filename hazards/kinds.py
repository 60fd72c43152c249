"""Kinds of hazard and levels of warning, in the words of the law."""

from enum import IntEnum, StrEnum
from typing import Final


class HazardKind(StrEnum):
    """The eight kinds for which the GSI's 指定緊急避難場所 are designated."""

    FLOOD = "flood"
    LANDSLIDE = "landslide"
    STORM_SURGE = "storm_surge"
    EARTHQUAKE = "earthquake"
    TSUNAMI = "tsunami"
    LARGE_FIRE = "large_fire"
    INLAND_FLOOD = "inland_flood"
    VOLCANO = "volcano"


HAZARD_WORDS: Final = {
    HazardKind.FLOOD: "洪水",
    HazardKind.LANDSLIDE: "土砂災害",
    HazardKind.STORM_SURGE: "高潮",
    HazardKind.EARTHQUAKE: "地震",
    HazardKind.TSUNAMI: "津波",
    HazardKind.LARGE_FIRE: "大規模な火事",
    HazardKind.INLAND_FLOOD: "内水氾濫",
    HazardKind.VOLCANO: "火山現象",
}

RAIN_HAZARDS: Final = frozenset(
    {HazardKind.FLOOD, HazardKind.LANDSLIDE, HazardKind.INLAND_FLOOD, HazardKind.STORM_SURGE}
)
"""Hazards that one storm brings together (`safety.md` 1)."""


class AlertLevel(IntEnum):
    """警戒レベル. 3 to 5 are the mayor's 避難情報 (災害対策基本法60条, 56条); 0 is "none"."""

    NONE = 0
    EARLY_NOTICE = 1
    ADVISORY = 2
    ELDERLY_LEAVE = 3
    ALL_LEAVE = 4
    SECURE_NOW = 5


LEVEL_WORDS: Final = {
    AlertLevel.NONE: "避難情報なし",
    AlertLevel.EARLY_NOTICE: "早期注意情報",
    AlertLevel.ADVISORY: "注意報",
    AlertLevel.ELDERLY_LEAVE: "高齢者等避難",
    AlertLevel.ALL_LEAVE: "避難指示",
    AlertLevel.SECURE_NOW: "緊急安全確保",
}
