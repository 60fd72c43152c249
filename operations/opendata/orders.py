"""避難情報 in force as rows of open data: each order with whether an alert tells of it."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import shapely

from alerts.feed import Feed, Standing
from hazards.kinds import HAZARD_WORDS, LEVEL_WORDS
from hazards.order import EvacuationOrder
from operations.answer import local
from operations.opendata.rows import DECIMALS, Line
from routing.version import PlanVersion

TOLD_WORDS: Final = {"yes": "あり", "no": "なし", "unknown": "不明"}
_DRAWN: Final = "地図に描いた区域（形は GeoJSON にあります）"


def orders(version: PlanVersion, feed: Feed | None, now: datetime) -> list[Line]:
    """The mayor's orders, the highest level first; a drill sets none.

    `feed` is the list of alerts, None where it is not known as of now: then what no alert is known
    to tell of is unknown, never untold.
    """
    ranked = sorted(version.picture.orders, key=lambda one: (-one.level, one.issued_at, one.id))
    return [_line(version, one, feed, now) for one in ranked]


def _line(version: PlanVersion, one: EvacuationOrder, feed: Feed | None, now: datetime) -> Line:
    alert = _alert(one, feed, now)
    told = "yes" if alert else _untold(one, feed)
    names = "、".join(one.area_names)
    values = {
        "number": one.id,
        "level": int(one.level),
        "word": LEVEL_WORDS[one.level],
        "hazard": str(one.hazard),
        "whole_city": "1" if one.area is None else "",
        "area_names": names,
        "since": local(one.issued_at, ZoneInfo(version.ground.card.timezone)),
        "told": told,
        "alert": alert,
    }
    words = {"hazard": HAZARD_WORDS[one.hazard], "told": TOLD_WORDS[told]}
    if one.area is None:
        return Line(values, None, words)
    shape = shapely.transform(one.area, version.ground.metres.lonlat)
    return Line(
        values,
        shapely.set_precision(shape, DECIMALS),
        words if names else {**words, "area_names": _DRAWN},
    )


def _alert(one: EvacuationOrder, feed: Feed | None, now: datetime) -> int | None:
    """The newest alert that tells of an order and has not ended, as `alerts` numbers it."""
    entries = feed.entries if feed else ()
    telling = [entry for entry in entries if one.id in entry.orders]
    lasting = [entry.number for entry in telling if entry.standing(now) is not Standing.ENDED]
    return max(lasting, default=None)


def _untold(one: EvacuationOrder, feed: Feed | None) -> str:
    """Of an order that is newer than the list of alerts nobody knows."""
    return "no" if feed is not None and one.issued_at <= feed.read_at else "unknown"
