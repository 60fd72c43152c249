"""How hazards and levels are said."""

from collections.abc import Mapping
from typing import Final

from alerts.wording.ruby import Segment
from hazards.kinds import HAZARD_WORDS, LEVEL_WORDS, AlertLevel, HazardKind

_HAZARDS: Final[Mapping[HazardKind, str]] = {
    HazardKind.FLOOD: "こうずい",
    HazardKind.LANDSLIDE: "どしゃさいがい",
    HazardKind.STORM_SURGE: "たかしお",
    HazardKind.EARTHQUAKE: "じしん",
    HazardKind.TSUNAMI: "つなみ",
    HazardKind.LARGE_FIRE: "だいきぼなかじ",
    HazardKind.INLAND_FLOOD: "ないすいはんらん",
    HazardKind.VOLCANO: "かざんげんしょう",
}
_LEVELS: Final[Mapping[AlertLevel, tuple[str, str]]] = {
    AlertLevel.ELDERLY_LEAVE: ("さん", "こうれいしゃとうひなん"),
    AlertLevel.ALL_LEAVE: ("よん", "ひなんしじ"),
    AlertLevel.SECURE_NOW: ("ご", "きんきゅうあんぜんかくほ"),
}


def spoken_hazard(hazard: HazardKind | None) -> tuple[Segment, ...]:
    """洪水, こうずい; nothing where there is no hazard."""
    return () if hazard is None else (Segment(HAZARD_WORDS[hazard], _HAZARDS[hazard]),)


def spoken_level(level: AlertLevel | None) -> tuple[Segment, ...]:
    """4, よん."""
    return () if level is None else (Segment(str(int(level)), _LEVELS[level][0]),)


def spoken_level_word(level: AlertLevel | None) -> tuple[Segment, ...]:
    """避難指示, ひなんしじ."""
    return () if level is None else (Segment(LEVEL_WORDS[level], _LEVELS[level][1]),)
