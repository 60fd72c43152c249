"""The rows of what others say near a place: what is near, how old that is, what is not known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
import shapely
from markupsafe import Markup
from shapely.geometry.base import BaseGeometry

from hazards.information import Item, Reported, Theme
from hazards.informationlinks import host_of, is_link
from routing.version import PlanVersion
from web.clock import Clock
from web.infoshut import REACH_M as SHUT_M
from web.infoshut import Shut, shut_near

REACH_M: Final = {
    Theme.DISASTER: 3_000.0,
    Theme.TRAFFIC: SHUT_M,
    Theme.LIFELINE: 3_000.0,
    Theme.STATE: 10_000.0,
    Theme.TOKYO: 10_000.0,
    Theme.NEIGHBOUR: 10_000.0,
}
"""How far from a door or an area something still concerns it: policy."""
MOST_NEAR: Final = 8
MOST_OF_CITY: Final = 5
THEMES: Final = {
    Theme.DISASTER: "災害の情報",
    Theme.TRAFFIC: "交通・道路",
    Theme.LIFELINE: "電気・ガス・水道・通信",
    Theme.STATE: "国からの情報",
    Theme.TOKYO: "東京都からの情報",
    Theme.NEIGHBOUR: "近くの市町村",
}
_NEVER: Final = "まだ一度も届いていません。何もないという意味ではありません。"
_FAILED: Final = "{time} から新しい情報が届いていません。いまの状況は分かりません。"
_OLD: Final = "古い情報です。いまの状況は分かりません。"
_NONE_NEAR: Final = "{time} の時点で、この近くのものはありません。"
_NONE: Final = "{time} の時点で、載っているものはありません。"
_NONE_OLD: Final = "この近くのものがあるかどうかは、分かりません。"
_HEARD: Final = "{time} に確認"
_SAID: Final = "{time} の発表"
_UNTIL: Final = "{time} まで"


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One thing that a source says, in its own words (Japanese in every language)."""

    title: str
    text: str
    link: str
    host: str
    moments: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source: what it says near by, how old that is, and what is not known.

    `old`: shown in grey, never as of now; `says` are sentences about that; `more` are not shown.
    """

    number: int
    name: str
    old: bool
    heard: Markup
    says: tuple[Markup, ...]
    rows: tuple[ItemRow, ...]
    more: int
    licence: str
    attribution: str


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """A theme with its sources; `shut` tells of streets that the city itself has closed."""

    key: str
    name: str
    sources: tuple[SourceRow, ...]
    shut: Shut


def theme_row(
    version: PlanVersion,
    theme: Theme,
    sources: Sequence[Reported],
    around: BaseGeometry | None,
    clock: Clock,
    *,
    read_old: bool,
    whole: int | None,
) -> ThemeRow:
    """A theme with its sources; `around` is a door or an area in metres, None for the whole city,
    `read_old` that all of them were read long ago, `whole` the source of which all is shown.
    """
    shut = shut_near(version, around, clock) if theme is Theme.TRAFFIC else Shut()
    rows = [
        _source(version, one, around, clock, read_old=read_old, whole=one.number == whole)
        for one in sources
        if one.theme is theme
    ]
    return ThemeRow(theme, clock.t(THEMES[theme]), tuple(rows), shut)


def _source(
    version: PlanVersion,
    one: Reported,
    around: BaseGeometry | None,
    clock: Clock,
    *,
    read_old: bool,
    whole: bool,
) -> SourceRow:
    old = read_old or one.is_old(clock.now)
    near = _near(version, one, around, clock.now)
    most = len(near) if whole else MOST_OF_CITY if around is None else MOST_NEAR
    return SourceRow(
        number=one.number,
        name=one.name,
        old=old,
        heard=_heard(one, clock),
        says=tuple(_says(one, bool(near), around is not None, clock, old=old)),
        rows=tuple(_row(item, clock) for item in near[:most]),
        more=len(near) - len(near[:most]),
        licence=one.licence,
        attribution=one.attribution,
    )


def _heard(one: Reported, clock: Clock) -> Markup:
    """Of when it is: when it was heard, or the older moment that it gives itself."""
    if one.as_of is None:
        return Markup("")
    return clock.says(_HEARD if one.as_of == one.heard_at else _SAID, one.as_of)


def _says(one: Reported, found: bool, is_near: bool, clock: Clock, *, old: bool) -> list[Markup]:
    """What is not known of it, in sentences."""
    if one.as_of is None:
        return [Markup.escape(clock.t(_NEVER))]
    said = []
    if one.failing_since is not None:
        said.append(clock.says(_FAILED, one.failing_since))
    elif old:
        said.append(Markup.escape(clock.t(_OLD)))
    if not found:
        words = Markup.escape(clock.t(_NONE_OLD))
        said.append(words if old else clock.says(_NONE_NEAR if is_near else _NONE, one.as_of))
    return said


def _near(
    version: PlanVersion, one: Reported, around: BaseGeometry | None, now: datetime
) -> list[Item]:
    """What concerns the place, the nearest first; what names no place concerns everybody."""
    items = [item for item in one.items if not item.is_over(now)]
    if around is None:
        return sorted(items, key=lambda item: item.at or now, reverse=True)
    away = _away(version, items, around)
    pairs = [(far, n) for n, far in enumerate(away) if far <= REACH_M[one.theme]]
    return [items[n] for _, n in sorted(pairs)]


def _away(version: PlanVersion, items: Sequence[Item], around: BaseGeometry) -> list[float]:
    """Metres from the place to each item; 0 to one that names no place."""
    away = np.zeros(len(items))
    placed = [n for n, item in enumerate(items) if item.reach is not None]
    if placed:
        corners = np.array([items[n].reach for n in placed]).reshape(-1, 2)
        boxes = version.ground.metres.xy(corners).reshape(-1, 4)
        away[placed] = shapely.distance(around, shapely.box(*boxes.T))
    found: list[float] = away.tolist()
    return found


def _row(item: Item, clock: Clock) -> ItemRow:
    moments = []
    if item.at is not None:
        moments.append(clock.says(_SAID, item.at))
    if item.until is not None:
        words = clock.t(_UNTIL).format(time=clock.text(item.until))
        moments.append(Markup.escape(words))
    link = item.link if is_link(item.link) else ""  # kept when more was taken for one
    return ItemRow(item.title, item.text, link, host_of(link), tuple(moments))
