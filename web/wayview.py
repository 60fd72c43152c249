"""The way page as plain values: everything that its templates show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from markupsafe import Markup

from routing.ground import CityCard
from routing.guidance import Guidance
from routing.verdict import Verdict
from routing.words import NO_WAY
from web.age import Age, age_of
from web.avoided import Avoided, avoided, doubted
from web.clock import Clock
from web.crowding import NOTHING, PublicState
from web.language import Translate
from web.links import HOME, WAY, link
from web.moving import Moving, moving
from web.paper import Layout, layout
from web.placeview import PlaceView, place_view
from web.qr import qr_svg
from web.said import Said, said_of
from web.securing import Refuge, level_5_words, other_advice, secure_advice, stays_in
from web.slip import SlipRow, leaves_at, slip_rows
from web.stayview import FactLine, fact_lines
from web.strip import Strip, strip_of
from web.waymap import WayMap, way_map

TITLES: Final = {
    Verdict.GO: "今すぐ|避難",
    Verdict.STAY_SAFE: "この部屋に|とどまる",
    Verdict.SECURE_NOW: "直ちに|安全確保",
    Verdict.WATCH: "備えて|待つ",
}
"""The verdicts; a line may break at the bar."""


@dataclass(frozen=True, slots=True)
class Route:
    """The places to flee to and the way to the first, where one may be shown and exists."""

    first: PlaceView
    second: PlaceView | None
    map: WayMap
    moving: Moving
    avoided: tuple[Avoided, ...]
    doubted: tuple[Avoided, ...]
    prepare_minutes: int
    layout: Layout


@dataclass(frozen=True, slots=True)
class Links:
    """Other questions about the same door; empty where one of them says nothing new.

    `ask_slow` is the question that could change the verdict.
    """

    home: str
    slow: str
    wheelchair: str
    ask_slow: str


@dataclass(frozen=True, slots=True)
class WayView:
    """What the page shows; `route` is None at `secure_now` and where no way exists.

    `leaves_at`: the level that sends the household out; 0 where it may stay.
    """

    card: CityCard
    verdict: str
    title: tuple[str, ...]
    strip: Strip
    said: Said
    route: Route | None
    facts: tuple[FactLine, ...]
    secure: tuple[Refuge, ...]
    other: tuple[str, ...]
    level_5: tuple[str, ...]
    stays_in: bool
    no_way: tuple[str, ...]
    leaves_at: int
    rows: tuple[SlipRow, ...]
    age: Age
    links: Links
    qr: Markup


def way_view(
    guidance: Guidance,
    asked: Mapping[str, str],
    t: Translate,
    *,
    now: datetime,
    checked_at: datetime,
    stale: bool,
    page_url: str,
    states: Mapping[str, PublicState] = NOTHING,
) -> WayView:
    """Put the guidance into words, for a reader at `now`; every datetime is aware.

    `states` of places by their id say how full they are, and never choose one.
    """
    version = guidance.version
    card = version.ground.card
    clock = Clock(ZoneInfo(card.timezone), now, t)
    stays = guidance.verdict is Verdict.STAY_SAFE
    return WayView(
        card=card,
        verdict=guidance.verdict,
        title=tuple(t(TITLES[guidance.verdict]).split("|")),
        strip=strip_of(guidance, clock, t),
        said=said_of(guidance, clock, t),
        route=_route(guidance, clock, t, states),
        facts=fact_lines(guidance, t) if stays else (),
        secure=secure_advice(guidance, t),
        other=other_advice(guidance, t),
        level_5=level_5_words(guidance, t),
        stays_in=stays_in(guidance),
        no_way=tuple(t(line) for line in NO_WAY),
        leaves_at=leaves_at(guidance),
        rows=slip_rows(guidance, t),
        age=age_of(version, clock, checked_at=checked_at, stale=stale),
        links=_links(guidance, asked),
        qr=qr_svg(page_url),
    )


def _route(
    guidance: Guidance, clock: Clock, t: Translate, states: Mapping[str, PublicState]
) -> Route | None:
    """Nothing at `secure_now`, whatever the guidance holds (`safety.md` 4)."""
    first, second = guidance.first, guidance.second
    if first is None or guidance.verdict is Verdict.SECURE_NOW:
        return None
    one = place_view(guidance, first, clock, t, states)
    other = place_view(guidance, second, clock, t, states) if second else None
    return Route(
        first=one,
        second=other,
        map=way_map(guidance, first, t),
        moving=moving(first.line, second.line if second else None),
        avoided=avoided(guidance, first, clock, t),
        doubted=doubted(guidance, first, clock, t),
        prepare_minutes=round(guidance.version.ground.rules.start_delay_s / 60),
        layout=layout(one, other, level_5_words(guidance, t)),
    )


def _links(guidance: Guidance, asked: Mapping[str, str]) -> Links:
    profile = guidance.question.household.profile
    slow, wheels = (link(WAY, asked, profile=word) for word in ("slow", "wheelchair"))
    asks = any(reason.code == "not_addressed" for reason in guidance.reasons)
    return Links(
        home=link(HOME, asked),
        slow="" if profile.needs_time else slow,
        wheelchair="" if profile == "wheelchair" else wheels,
        ask_slow=slow if asks else "",
    )
