"""What others say that concerns an area, by theme: each with its age, and in words what is unknown.

Nothing here is a destination: a neighbour's place is told of, and no way leads there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import shapely
from markupsafe import Markup
from shapely.geometry.base import BaseGeometry

from hazards.information import Reported, Theme
from hazards.kinds import LEVEL_WORDS, AlertLevel
from routing.ground import CityCard
from routing.version import PlanVersion
from web.age import Age, age_of
from web.clock import Clock
from web.inforows import ThemeRow, theme_row
from web.language import Translate
from web.links import HOME, PLACES, WAY, link
from web.placeasked import PlacesAsked, Where, where_of
from web.strip import Strip, order_line

INFO: Final = "/info"
SOURCE: Final = "source"
"""Of a query: the number of a source of which all is shown."""
_TOKYO: Final = "13"
"""Of 全国地方公共団体コード."""


@dataclass(frozen=True, slots=True)
class InfoView:
    """What the page shows. `known`: sources could be read; `read` when, `read_old` long ago.

    `rest`: where all of a source is shown, whose number ends the address.
    `stop`: level 5, or no way is safe: no neighbour's place is named.
    """

    card: CityCard
    strip: Strip
    stop: bool
    area: str
    point: bool
    not_found: str
    age: Age
    change: str
    places: str
    way: str
    rest: str
    known: bool
    read: Markup
    read_old: bool
    themes: tuple[ThemeRow, ...]


def info_view(
    version: PlanVersion,
    sources: Sequence[Reported] | None,
    asked: PlacesAsked,
    t: Translate,
    *,
    now: datetime,
    read_at: datetime | None,
    read_old: bool,
    checked_at: datetime,
    stale: bool,
    whole: int | None = None,
) -> InfoView:
    """The page for a reader at `now`; `sources` is None where none could ever be read, `whole` the
    number of the one of which all is shown, not only what is nearest.

    Raises `OutsideCity`.
    """
    clock = Clock(ZoneInfo(version.ground.card.timezone), now, t)
    where = where_of(version, asked, now)
    around = _around(version, where)
    kept = dict(asked.kept)
    in_force = max((order.level for order in where.orders), default=AlertLevel.NONE)
    told = [one for one in sources or () if not (where.stop and one.theme is Theme.NEIGHBOUR)]
    return InfoView(
        card=version.ground.card,
        strip=Strip(
            level=int(where.level),
            word=t(LEVEL_WORDS[where.level]),
            assumed=where.level > in_force,
            orders=tuple(order_line(order, clock, t) for order in where.orders),
        ),
        stop=where.stop,
        area=where.area.name if where.area else "",
        point=where.at is not None,
        not_found=asked.area if asked.area and not where.area else "",
        age=age_of(version, clock, checked_at=checked_at, stale=stale),
        change=link(HOME, kept, area=""),
        places=link(PLACES, kept),
        # An area stands for many doors: each says first which one is its own.
        way=link(WAY if where.at and not where.area else HOME, kept, area=""),
        rest=_rest(link(INFO, kept)),
        known=sources is not None,
        read=clock.time(read_at) if read_at else Markup(""),
        read_old=read_old,
        themes=tuple(
            theme_row(version, theme, told, around, clock, read_old=read_old, whole=whole)
            for theme in Theme
            if not (where.stop and theme is Theme.NEIGHBOUR)
            if theme is not Theme.TOKYO or _hears_of_tokyo(version, told)
        ),
    )


def _rest(page: str) -> str:
    return f"{page}{'&' if '?' in page else '?'}{SOURCE}="


def _hears_of_tokyo(version: PlanVersion, told: Sequence[Reported]) -> bool:
    """Elsewhere nobody is told that nothing comes from there."""
    return version.ground.card.code.startswith(_TOKYO) or any(
        one.theme is Theme.TOKYO for one in told
    )


def _around(version: PlanVersion, where: Where) -> BaseGeometry | None:
    """The door or the area, in metres; None for the whole city."""
    if where.area is not None:
        rows = [n for n, one in enumerate(version.ground.areas) if one.name == where.area.name]
        found: BaseGeometry = shapely.union_all(version.ground.area_polygons[rows])
        return found
    return shapely.Point(*version.ground.metres.of(where.at)) if where.at else None
