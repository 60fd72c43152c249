"""The home page as plain values: where one is, what the home is, who is in it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from city.position import Position
from hazards.kinds import HAZARD_WORDS, LEVEL_WORDS
from hazards.order import ORDERED
from routing.ground import CityCard, Ground
from routing.snapping import is_near
from routing.version import PlanVersion
from web.age import Age, age_of
from web.clock import Clock
from web.language import SOURCE, Translate, known, spoken, translator
from web.links import ASSUMED, HOME, HOUSEHOLD, MAP, link
from web.moving import Moving, moving
from web.search import Hit, search
from web.strip import OrderLine, order_line
from web.tapmap import SIZE, Box, around_point, box_of, position_at, position_of, whole

LONGEST: Final = 80
"""Letters of a value that the form keeps."""
DEEPEST: Final = 3
HIGHEST: Final = 60
"""Floors that the form offers, beside the one that was said."""


@dataclass(frozen=True, slots=True)
class Found:
    """A hit as a link that marks its point on the map."""

    hit: Hit
    url: str


@dataclass(frozen=True, slots=True)
class HomeView:
    """`asked` are the form's values as typed; `found` is None where nothing was searched.

    `outside`: the point asked about lies outside the city, so none is shown. `floors` are values
    and words, `hazards` also whether each is asked about.
    """

    card: CityCard
    lang: str
    asked: Mapping[str, str]
    orders: tuple[OrderLine, ...]
    found: tuple[Found, ...] | None
    box: Box
    point: Position | None
    outside: bool
    has_areas: bool
    has_sites: bool
    area: str
    map_url: str
    wide_link: str
    step: int
    size: int
    levels: tuple[tuple[str, str], ...]
    floors: tuple[tuple[str, str], ...]
    hazards: tuple[tuple[str, str, bool], ...]
    age: Age
    moving: Moving


def home_view(
    version: PlanVersion,
    query: Mapping[str, str],
    *,
    lang: str,
    now: datetime,
    checked_at: datetime,
    stale: bool,
) -> HomeView:
    """Read the form: a search, a tap on the map (`tap.x`, `tap.y` in CSS pixels), or a point.

    `query` has one value a key; several hazards stand there joined by commas.
    """
    ground = version.ground
    t = translator(spoken(ground.card, lang))
    clock = Clock(ZoneInfo(ground.card.timezone), now, t)
    box, point = _where(ground, query)
    outside = point is not None and not is_near(ground, *ground.metres.of(point))
    if outside:
        box, point = whole(ground), None
    keys = ("q", *HOUSEHOLD, *ASSUMED)
    asked = {key: query.get(key, "")[:LONGEST] for key in keys} | {
        "lang": "" if known(lang) == SOURCE else lang
    }
    asked_hazards = set(query.get("hazard", "").split(","))
    asked["hazard"] = ",".join(kind for kind in HAZARD_WORDS if kind in asked_hazards)
    asked |= {"lat": str(point.lat), "lon": str(point.lon)} if point else {"lat": "", "lon": ""}
    text = asked["q"].strip()
    return HomeView(
        card=ground.card,
        lang=lang,
        asked=asked,
        orders=tuple(order_line(order, clock, t) for order in version.picture.orders),
        found=_found(ground, text, asked) if text else None,
        box=box,
        point=point,
        outside=outside,
        has_areas=bool(ground.areas),
        has_sites=bool(ground.sites),
        area=_area(ground, point),
        map_url=map_url(box, point),
        wide_link="" if box == whole(ground) else link(HOME, asked, lat="", lon=""),
        step=2 if box.is_closest else 1,
        size=SIZE,
        levels=tuple((str(int(level)), t(LEVEL_WORDS[level])) for level in ORDERED),
        floors=_floors(asked["floor"], t),
        hazards=tuple(
            (str(kind), t(word), kind in asked_hazards) for kind, word in HAZARD_WORDS.items()
        ),
        age=age_of(version, clock, checked_at=checked_at, stale=stale),
        moving=moving(door=f"{point.lat},{point.lon}" if point else ""),
    )


def _floors(asked: str, t: Translate) -> tuple[tuple[str, str], ...]:
    """Floors to choose from, as the keypad of many phones has no minus sign for a basement; the one
    that was said is always among them.
    """
    floors = [
        floor
        for floor in range(-10, 101)
        if floor and (-DEEPEST <= floor <= HIGHEST or str(floor) == asked)
    ]
    return tuple(
        (str(floor), t("地下{floor}階" if floor < 0 else "{floor}階").format(floor=abs(floor)))
        for floor in floors
    )


def map_url(box: Box, point: Position | None) -> str:
    """The address of the image of a box, with a point marked."""
    marked = f"&point={point.lat},{point.lon}" if point else ""
    return f"{MAP}?box={box.text}{marked}"


def _where(ground: Ground, query: Mapping[str, str]) -> tuple[Box, Position | None]:
    """The box to show and the point in it; a tap in the closest box marks a point."""
    point = position_of(query.get("lat", ""), query.get("lon", ""))
    named = query.get("box", "")
    if not named and point:
        return around_point(ground, point), point
    box = box_of(named, ground)
    tap = tap_of(query)
    if tap is None:
        return box, point
    if box.is_closest:
        return box, position_at(ground, box, *tap)
    return box.closer(*tap), None


def tap_of(query: Mapping[str, str]) -> tuple[float, float] | None:
    """The pixel that was tapped; (0, 0) is a key pressed on the map, not a tap."""
    try:
        px, py = float(query.get("tap.x", "")), float(query.get("tap.y", ""))
    except ValueError:
        return None
    inside = math.isfinite(px) and math.isfinite(py) and 0 <= px <= SIZE and 0 <= py <= SIZE
    return (px, py) if inside and (px or py) else None


def _found(ground: Ground, text: str, asked: Mapping[str, str]) -> tuple[Found, ...]:
    return tuple(
        Found(hit, link(HOME, asked, lat=f"{hit.lat:.6f}", lon=f"{hit.lon:.6f}"))
        for hit in search(ground, text)
    )


def _area(ground: Ground, point: Position | None) -> str:
    area = ground.area_at(*ground.metres.of(point)) if point else None
    return area.name if area else ""
