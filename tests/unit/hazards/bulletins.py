"""Bulletins as the rules look at them, for a city of no real place."""

from datetime import datetime
from typing import Any

from hazards.bulletin import (
    JST,
    AreaKind,
    Bulletin,
    BulletinArea,
    BulletinItem,
    Issue,
    Status,
)
from hazards.bulletinnames import course_of, river_course_of
from hazards.bulletinplace import Place

AT = datetime(2026, 9, 1, 20, 0, tzinfo=JST)
HERE = Place("99902", frozenset({"小川"}))
TOWN = BulletinArea("9990200", "小浜町", AreaKind.MUNICIPALITY)
OTHER = BulletinArea("9990300", "別の町", AreaKind.MUNICIPALITY)
REGION = BulletinArea("990000", "架空県", AreaKind.REGION)
FAR = BulletinArea("980000", "遠い県", AreaKind.REGION)
STRETCH = BulletinArea("990000000100", "小川上流", AreaKind.STRETCH)
RIVER = BulletinArea("9900000001", "小川", AreaKind.RIVER)


def an_item(
    name: str, *areas: BulletinArea, condition: str = "発表", formerly: str = ""
) -> BulletinItem:
    """A warning in the town, or in these areas."""
    return BulletinItem(name, "00", condition, course_of(condition), areas or (TOWN,), formerly)


def of_river(name: str, code: str, *areas: BulletinArea) -> BulletinItem:
    """What is said of the river's upper course, or of these areas."""
    where = areas or (STRETCH, RIVER, REGION, TOWN)
    return BulletinItem(name, code, name, river_course_of(code, name), where)


def a_bulletin(*items: BulletinItem, **changed: Any) -> Bulletin:
    """A bulletin of eight in the evening; what is given replaces that."""
    plain: dict[str, Any] = {
        "kind": "VPWW55",
        "title": "気象警報・注意報（Ｒ０６）（大雨）",
        "heading": "架空県大雨警報・注意報",
        "status": Status.NORMAL,
        "issue": Issue.ISSUED,
        "event_id": "",
        "serial": "",
        "series": "VPWW55:990000",
        "office": "架空地方気象台",
        "headline": "",
        "sent_at": AT,
        "reported_at": AT,
        "target_at": AT,
        "valid_until": None,
    }
    return Bulletin(**(plain | changed), items=items)
