"""指定河川洪水予報 and 水位周知河川に関する情報: a level for a stretch of a river."""

from collections.abc import Iterator, Mapping
from typing import Final

from data.readers.jmaitems import Gathered, Named, area_of
from data.readers.jmaxml import Telegram, all_of, text_of
from hazards.bulletin import AreaKind, BulletinArea, BulletinItem
from hazards.bulletinnames import river_course_of

CODE_TYPES: Final[Mapping[str, AreaKind]] = {
    "河川": AreaKind.RIVER,
    "気象情報／府県予報区・細分区域等": AreaKind.REGION,
    "気象・地震・火山情報／市町村等": AreaKind.MUNICIPALITY,
}
"""What `codeType` says of a headline's areas; all others are stretches with a forecast."""


def read_rivers(telegram: Telegram) -> tuple[BulletinItem, ...]:
    """What the headline says of each stretch, its rivers, prefectures and municipalities.

    The municipalities are those of 浸水想定地区. Levels in the body are of single gauges, and lower
    than the bulletin's own where another gauge is worse: they are left alone.
    """
    gathered, towns = Gathered(), list(_municipalities(telegram))
    for item in all_of(telegram.head, "Headline/Information/Item"):
        name, code = text_of(item, "Kind/Name"), text_of(item, "Kind/Code")
        if not name:
            continue
        condition = text_of(item, "Kind/Condition") or name
        named = Named(name, code, condition, river_course_of(code, name))
        for areas in all_of(item, "Areas"):
            kind = CODE_TYPES.get(areas.get("codeType", ""), AreaKind.STRETCH)
            gathered.add(named, [area_of(one, kind) for one in all_of(areas, "Area")])
        gathered.add(named, towns)
    return gathered.items()


def _municipalities(telegram: Telegram) -> Iterator[BulletinArea]:
    for area in all_of(telegram.body, "Warning/Item/Areas/Area"):
        code, name = text_of(area, "CityCode"), text_of(area, "City")
        if code:
            yield BulletinArea(code, name, AreaKind.MUNICIPALITY)
