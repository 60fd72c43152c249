"""Telegrams whose body lists warnings by area: VPWW, VXWW, VPOA, VPHW."""

import re
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element

from data.readers.jmaitems import Gathered, Named, area_of
from data.readers.jmaxml import Telegram, all_of, text_of
from hazards.bulletin import AreaKind, BulletinArea, BulletinItem
from hazards.bulletinnames import SURGE_LIKELY, course_of

NOTHING: Final = frozenset({"", "なし"})
"""Names of a Kind in an area where nothing stands."""
_COAST: Final = "高潮予報区間"
_IN_HEADING: Final = re.compile(r"(?:レベル[１-５1-5]土砂災害\w*警報|土砂災害警戒情報)$")
"""土砂災害警戒情報 calls itself only in its heading: 島根県レベル４土砂災害危険警報."""
_SURGE_LIKELY: Final = re.compile("高潮警報に切り替える可能性")


def warnings_in(telegram: Telegram) -> list[Element]:
    """The lists of warnings, from the coarsest areas to the finest."""
    return all_of(telegram.body, "Warning")


def read_warnings(telegram: Telegram) -> tuple[BulletinItem, ...]:
    """What stands in the finest areas that the telegram lists; what is lifted too, as lifted."""
    gathered = Gathered()
    for warning in _finest(warnings_in(telegram)):
        coast = _COAST in warning.get("type", "")
        for item in all_of(warning, "Item"):
            areas = [area_of(one, AreaKind.COAST if coast else None) for one in _areas(item)]
            for kind in all_of(item, "Kind"):
                for named in _named(telegram, kind):
                    gathered.add(named, areas)
    return gathered.items()


def region_of(telegram: Telegram) -> str:
    """The codes of the coarsest areas that the telegram lists: those for which it is made."""
    first = warnings_in(telegram)[:1]
    codes = {area.code for one in first for item in all_of(one, "Item") for area in _in(item)}
    return "+".join(sorted(codes))


def _areas(item: Element) -> list[Element]:
    return all_of(item, "Area") + all_of(item, "Areas/Area")


def _in(item: Element) -> list[BulletinArea]:
    return [area_of(one) for one in _areas(item)]


def _finest(warnings: list[Element]) -> list[Element]:
    """Those by municipality and by stretch of coast; without any, the last."""
    fine = [one for one in warnings if _COAST in one.get("type", "") or _is_municipal(one)]
    return fine or warnings[-1:]


def _is_municipal(warning: Element) -> bool:
    areas = (area for item in all_of(warning, "Item") for area in _in(item))
    return any(area.kind is AreaKind.MUNICIPALITY for area in areas)


def _named(telegram: Telegram, kind: Element) -> Iterator[Named]:
    """A Kind as warnings: 大雨警報 of 土砂災害、浸水害 is two, each of its own level."""
    plain, code = text_of(kind, "Name"), text_of(kind, "Code")
    if plain in NOTHING:
        return
    condition = text_of(kind, "Status") or "発表"
    last, about = text_of(kind, "LastKind/Name"), text_of(kind, "Condition")
    for part in about.split("、"):
        name = _full_name(telegram, plain, part)
        formerly = name if last == plain else last
        yield Named(name, code, condition, course_of(condition), formerly)


def _full_name(telegram: Telegram, plain: str, part: str) -> str:
    heading = _IN_HEADING.search(telegram.heading)
    if heading:
        return heading[0]
    if plain == "高潮注意報" and _SURGE_LIKELY.search(telegram.headline):
        return SURGE_LIKELY
    return f"{plain}（{part}）" if part else plain
