"""How full the places are, as plain values: the nearest first, or the whole city by its areas."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from hazards.kinds import LEVEL_WORDS, AlertLevel
from routing.ground import CityCard
from routing.nearby import Nearby
from routing.version import PlanVersion
from web.age import Age, age_of
from web.clock import Clock
from web.crowding import FACILITIES, Crowd, PublicState
from web.language import Translate
from web.links import HOME, PLACES, WAY, link
from web.placeasked import PlacesAsked, Where, where_of
from web.placelist import (
    LATER,
    Listed,
    Unsuited,
    avoided_near,
    is_dark,
    profile_of,
    sorted_out,
    walks_from,
    way_words,
)
from web.placesmap import PlacesMap, places_map
from web.placeview import hazard_words, pace_words
from web.strip import Strip, order_line

NEAREST: Final = 12
"""Places on a page that begins at somebody's door."""
LISTED: Final = 40
"""Places on a page of the whole city: more would not come through a bad network at once."""


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place of the list. `way` is how far it is, or in which area; `avoid` why nobody goes.

    `note` is the city's own sentence, in Japanese in every language.
    """

    number: int
    id: str
    name: str
    way: str
    hazards: str
    facilities: str
    opening: str
    note: str
    avoid: tuple[str, ...]
    crowd: Crowd


@dataclass(frozen=True, slots=True)
class PlacesView:
    """What the page shows. `stop`: level 5, or no way is safe: no place and no way is named.

    `area` is the area or empty, `point` whether a position was given. `rows` receive people,
    `later` are not open yet, `never` are not to be gone to; `others` suit other hazards.
    `around` is the area of a position too. `before`, `after`, `change`, `way` are links; `total`
    counts `rows` and `later` of all parts.
    """

    card: CityCard
    strip: Strip
    stop: bool
    area: str
    around: str
    point: bool
    not_found: str
    hazards: str
    pace: str
    change: str
    way: str
    age: Age
    rows: tuple[PlaceRow, ...] = ()
    later: tuple[PlaceRow, ...] = ()
    never: tuple[PlaceRow, ...] = ()
    others: tuple[Unsuited, ...] = ()
    map: PlacesMap | None = None
    before: str = ""
    after: str = ""
    total: int = 0


def places_view(
    version: PlanVersion,
    states: Mapping[str, PublicState],
    asked: PlacesAsked,
    t: Translate,
    *,
    now: datetime,
    checked_at: datetime,
    stale: bool,
) -> PlacesView:
    """The page for a reader at `now`; `states` by site id are those that the stream last told.

    `checked_at` is when plan and states were last known to be the newest. Raises `OutsideCity`.
    """
    clock = Clock(ZoneInfo(version.ground.card.timezone), now, t)
    where = where_of(version, asked, now)
    age = age_of(version, clock, checked_at=checked_at, stale=stale)
    empty = _nothing(version, where, asked, clock, age)
    return empty if where.stop else _filled(empty, version, states, asked, where, clock)


def _nothing(
    version: PlanVersion, where: Where, asked: PlacesAsked, clock: Clock, age: Age
) -> PlacesView:
    """The page without any place: all of it at level 5."""
    t, kept = clock.t, asked.kept
    point = {"lat": f"{where.at.lat:.6f}", "lon": f"{where.at.lon:.6f}"} if where.at else {}
    in_force = max((order.level for order in where.orders), default=AlertLevel.NONE)
    return PlacesView(
        card=version.ground.card,
        strip=Strip(
            level=int(where.level),
            word=t(LEVEL_WORDS[where.level]),
            assumed=where.level > in_force,
            orders=tuple(order_line(order, clock, t) for order in where.orders),
        ),
        stop=where.stop,
        area=where.area.name if where.area else "",
        around=_around(version, where),
        point=where.at is not None,
        not_found=asked.area if asked.area and not where.area else "",
        hazards=hazard_words(where.hazards, t),
        pace=pace_words(profile_of(where), night=is_dark(where, clock.now), t=t),
        change=link(HOME, kept, area="", **point),
        # An area stands for many doors: each says first which one is its own.
        way=link(WAY if where.at and not where.area else HOME, kept, area="", **point),
        age=age,
    )


def _around(version: PlanVersion, where: Where) -> str:
    """The name of the area where one asks; empty for the whole city, and outside of all areas."""
    if where.area or where.at is None:
        return where.area.name if where.area else ""
    found = version.ground.area_at(*version.ground.metres.of(where.at))
    return found.name if found else ""


def _filled(
    empty: PlacesView,
    version: PlanVersion,
    states: Mapping[str, PublicState],
    asked: PlacesAsked,
    where: Where,
    clock: Clock,
) -> PlacesView:
    """With the part of the list that begins at `asked.start`."""
    walks = walks_from(version, where, clock.now)
    lists = sorted_out(version, states, where, walks, clock, clock.t)
    per, total = NEAREST if where.at else LISTED, len(lists.going)
    first = min(max(asked.start, 1), max(total, 1)) - 1
    shown = lists.going[first : first + per]
    avoided = avoided_near(version, lists, shown, where) if first == 0 else ()
    numbered = dict(enumerate((*shown, *avoided), start=first + 1))
    rows = [
        _row(version, states, where, walks, number, one, clock.t)
        for number, one in numbered.items()
    ]
    return replace(
        empty,
        rows=tuple(row for row in rows if not row.avoid and row.opening not in LATER),
        later=tuple(row for row in rows if not row.avoid and row.opening in LATER),
        never=tuple(row for row in rows if row.avoid),
        others=lists.others if first == 0 else (),
        map=_map(version, numbered, where),
        before=_part(asked, max(first - per, 0) + 1) if first else "",
        after=_part(asked, first + per + 1) if first + per < total else "",
        total=total,
    )


def _row(
    version: PlanVersion,
    states: Mapping[str, PublicState],
    where: Where,
    walks: Nearby | None,
    number: int,
    one: Listed,
    t: Translate,
) -> PlaceRow:
    site = version.ground.sites[one.row]
    state = states.get(site.id, {})
    offered = set(state.get("facilities") or ())
    return PlaceRow(
        number=number,
        id=site.id,
        name=site.name,
        way="" if one.avoid else way_words(version, one.row, where, walks, t),
        hazards=hazard_words(site.designated_for, t),
        facilities=t("・").join(t(word) for kind, word in FACILITIES.items() if kind in offered),
        opening=one.opening,
        note=str(state.get("note") or ""),
        avoid=one.avoid,
        crowd=one.crowd,
    )


def _map(version: PlanVersion, numbered: Mapping[int, Listed], where: Where) -> PlacesMap:
    xy = version.ground.site_xy
    placed = [(number, one.crowd.sign, *xy[one.row].tolist()) for number, one in numbered.items()]
    door = version.ground.metres.of(where.at) if where.at else None
    return places_map(version, placed, door, where.area.name if where.area else "")


def _part(asked: PlacesAsked, start: int) -> str:
    """Another part of the same list."""
    address = link(PLACES, asked.kept)
    return f"{address}{'&' if '?' in address else '?'}from={start}"
