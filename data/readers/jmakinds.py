"""Which telegrams of 気象庁防災情報XML warn, by the title that the JMA gives the kind."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from data.readers.jmaxml import Telegram


class Family(StrEnum):
    """How a telegram is built inside."""

    WARNING = "warning"
    LANDSLIDE = "landslide"
    RIVER = "river"
    FLASH = "flash"


KINDS: Final[Mapping[str, tuple[str, Family]]] = {
    "気象警報・注意報": ("VPWW50", Family.WARNING),
    "気象特別警報・警報・注意報": ("VPWW53", Family.WARNING),
    "気象警報・注意報（Ｈ２７）": ("VPWW54", Family.WARNING),
    "気象警報・注意報（Ｒ０６）（大雨）": ("VPWW55", Family.WARNING),
    "気象警報・注意報（Ｒ０６）（土砂）": ("VPWW56", Family.WARNING),
    "気象警報・注意報（Ｒ０６）（高潮）": ("VPWW57", Family.WARNING),
    "気象警報・注意報（Ｒ０６）（暴風）": ("VPWW58", Family.WARNING),
    "気象警報・注意報（Ｒ０６）（波浪）": ("VPWW59", Family.WARNING),
    "気象警報・注意報（Ｒ０６）（大雪）": ("VPWW60", Family.WARNING),
    "気象警報・注意報（Ｒ０６）（その他注意報）": ("VPWW61", Family.WARNING),
    "記録的短時間大雨情報": ("VPOA50", Family.WARNING),
    "竜巻注意情報": ("VPHW50", Family.WARNING),
    "竜巻注意情報（目撃情報付き）": ("VPHW51", Family.WARNING),
    "土砂災害警戒情報": ("VXWW50", Family.LANDSLIDE),
    "指定河川洪水予報": ("VXKO", Family.RIVER),
    "水位周知河川に関する情報": ("VXSU", Family.RIVER),
    "府県気象防災速報": ("VPBS50", Family.FLASH),
}
"""Title to type code, as in the official samples; a telegram does not hold its code itself. VPWW53
is built as VPWW50 is, VXSU as VXKO is (JMA's telegram descriptions †: no sample of these two)."""

_SUBJECTS: Final[Mapping[str, str]] = {
    "津波": "津波",
    "seismology": "地震",
    "volcanology": "火山（噴火など）",
    "meteorology": "気象の予報・解説",
}
"""Part of a title, or of a body's namespace, to what such a telegram is about."""


def subject_of(telegram: Telegram) -> str:
    """What a telegram that warns of nothing here is about, in words."""
    named = f"{telegram.title} {telegram.namespace}"
    return next((words for part, words in _SUBJECTS.items() if part in named), "その他")
