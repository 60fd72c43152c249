"""What the JMA's names of warnings mean: their level, whether the name says it, their hazards.

Two generations run side by side until FY2028 (field notes); both are rows of these tables, so that
a new name is a new row. Levels are the JMA's 警戒レベル相当: never an order's.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hazards.kinds import HazardKind

FLOOD, INLAND = HazardKind.FLOOD, HazardKind.INLAND_FLOOD
SLIDE, SURGE = HazardKind.LANDSLIDE, HazardKind.STORM_SURGE


@dataclass(frozen=True, slots=True)
class Meaning:
    """`level` 1 to 5, None where the JMA gives the name none; `said`: the name itself says it."""

    level: int | None
    said: bool
    hazards: tuple[HazardKind, ...]


NEWER: Final[Mapping[str, tuple[HazardKind, ...]]] = {
    "氾濫": (FLOOD,),
    "大雨": (FLOOD, INLAND),
    "土砂災害": (SLIDE,),
    "高潮": (SURGE,),
}
"""The four subjects whose names carry the level, such as レベル４大雨危険警報 (official samples
VPWW55–57 and VXWW50 of 2024 and 2025). 大雨 also speaks of rivers that have no forecast of their
own (field notes)."""

SURGE_LIKELY: Final = "高潮注意報（高潮警報に切り替える可能性が高い）"
"""The one older name that a telegram states in its headline's words alone."""

OLDER: Final[Mapping[str, tuple[int | None, tuple[HazardKind, ...]]]] = {
    "大雨特別警報（土砂災害）": (5, (SLIDE,)),
    "大雨特別警報（浸水害）": (5, (FLOOD, INLAND)),
    "大雨特別警報": (5, (SLIDE, FLOOD, INLAND)),
    "大雨警報（土砂災害）": (3, (SLIDE,)),
    "大雨警報（浸水害）": (None, (INLAND,)),
    "大雨警報": (3, (SLIDE, INLAND)),
    "大雨注意報": (2, (SLIDE, INLAND)),
    "洪水警報": (3, (FLOOD,)),
    "洪水注意報": (2, (FLOOD,)),
    "土砂災害警戒情報": (4, (SLIDE,)),
    "氾濫注意情報": (2, (FLOOD,)),
    "氾濫警戒情報": (3, (FLOOD,)),
    "氾濫危険情報": (4, (FLOOD,)),
    "氾濫発生情報": (5, (FLOOD,)),
    "高潮特別警報": (4, (SURGE,)),
    "高潮警報": (4, (SURGE,)),
    SURGE_LIKELY: (3, (SURGE,)),
    "高潮注意報": (2, (SURGE,)),
    "早期注意情報": (1, ()),
    "記録的短時間大雨情報": (None, (FLOOD, SLIDE, INLAND)),
    "線状降水帯発生": (None, (FLOOD, SLIDE, INLAND)),
    "記録雨": (None, (FLOOD, SLIDE, INLAND)),
}
"""警戒レベル相当 of the older names: the JMA's table 防災気象情報と警戒レベルとの対応 of 2021.
Level 2 is 大雨・洪水・高潮注意報 alone; 大雨警報（浸水害） has none there. The last three are of
no level, only of a danger that grows fast."""


class Course(StrEnum):
    """How a warning stands against what was said before."""

    ISSUED = "issued"
    CONTINUED = "continued"
    LOWERED = "lowered"
    ENDED = "ended"


COURSES: Final[Mapping[str, Course]] = {
    "発表": Course.ISSUED,
    "継続": Course.CONTINUED,
    "解除": Course.ENDED,
    "なし": Course.ENDED,
    "発表警報・注意報はなし": Course.ENDED,
}
"""Status words of warnings. `○○から○○` (警報から注意報) is a lowering."""

RIVER_COURSES: Final[Mapping[str, Course]] = {
    "10": Course.ENDED,
    "20": Course.ISSUED,
    "21": Course.CONTINUED,
    "22": Course.LOWERED,
    "30": Course.ISSUED,
    "31": Course.CONTINUED,
    "40": Course.ISSUED,
    "41": Course.CONTINUED,
    "51": Course.CONTINUED,
    "53": Course.CONTINUED,
}
"""Codes of 指定河川洪水予報, the same in both generations (JMA's telegram description, 表2 †).

41 may be the first 氾濫危険情報: it only says that a 洪水警報 stood already. So nothing may hang on
ISSUED against CONTINUED.
"""

_LEVELLED: Final = re.compile(r"レベル([1-5])(\D+?)(?:特別警報|危険警報|警報|注意報|早期注意情報)")
_BRACKET: Final = re.compile(r"（[^（）]*）$")


def meaning_of(name: str) -> Meaning:
    """What a name says; a name in no table has no level and no hazard, and stays as it is."""
    said = _LEVELLED.match(unicodedata.normalize("NFKC", name))
    if said:
        return Meaning(int(said[1]), True, NEWER.get(said[2], ()))
    for known in (name, _BRACKET.sub("", name), _BRACKET.sub("", name).removesuffix("解除")):
        if known in OLDER:
            level, hazards = OLDER[known]
            return Meaning(level, False, hazards)
    return Meaning(None, False, ())


def course_of(condition: str) -> Course:
    """How a status word leaves a warning; whatever is unknown is in force."""
    lowered = Course.LOWERED if "から" in condition else Course.ISSUED
    return COURSES.get(condition, lowered)


def river_course_of(code: str, name: str) -> Course:
    """The same of a river's bulletin; of an unknown code the name speaks: …解除, （警報解除）."""
    if code in RIVER_COURSES:
        return RIVER_COURSES[code]
    if name.endswith("解除"):
        return Course.ENDED
    return Course.LOWERED if name.endswith("解除）") else Course.ISSUED
