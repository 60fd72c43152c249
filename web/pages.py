"""The pages: whole HTML documents that work without script, style and maps inside."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from markupsafe import Markup

from routing.ground import CityCard
from routing.guidance import Guidance
from web.aging import AGING_SCRIPT
from web.assets import address
from web.crossing import closures_known, kinds_said, streets_taken
from web.crowding import BANDS, NOTHING, PublicState, script_words
from web.document import document, way_sheet
from web.following import ROADS
from web.gps import GPS_SCRIPT
from web.home import HomeView
from web.info import INFO, InfoView
from web.language import SOURCE, spoken, translator
from web.links import HOME, PLACES, WAY, link
from web.moving import MOVING_SCRIPT
from web.places import PlacesView
from web.refused import Wrong, problem_lines
from web.wayview import way_view

_AGING: Final = Markup(AGING_SCRIPT)  # noqa: S704  a constant of ours
_MOVES: Final = Markup(MOVING_SCRIPT)  # noqa: S704  a constant of ours


def home_page(view: HomeView) -> str:
    """「いまどこですか」: search, a map to tap, the home and who is in it."""
    gps = Markup(GPS_SCRIPT)  # noqa: S704  ours
    values = {"v": view, "gps": gps, "aging": _AGING, "moves": _MOVES}
    return document(
        "home",
        "home",
        card=view.card,
        lang=view.lang,
        path=HOME,
        asked=dict(view.asked),
        values=values,
    )


def way_page(
    guidance: Guidance,
    *,
    asked: dict[str, str],
    lang: str,
    now: datetime,
    checked_at: datetime,
    stale: bool,
    page_url: str,
    states: Mapping[str, PublicState] = NOTHING,
) -> str:
    """Stay or go, where to, which way. `checked_at`: when the version was last known to be new."""
    card = guidance.version.ground.card
    view = way_view(
        guidance,
        asked,
        translator(spoken(card, lang)),
        now=now,
        checked_at=checked_at,
        stale=stale,
        page_url=page_url,
        states=states,
    )
    told = guidance.first.site.id if view.route and guidance.first else ""
    values = {
        "v": view,
        "aging": _AGING,
        "moves": _MOVES,
        "told": told,
        "waits": guidance.waits,
        "roads": address(ROADS) if told else "",
        "streets": streets_taken(guidance),
        "closures": closures_known(guidance),
        "kinds": kinds_said(lang if spoken(card, lang) == lang else SOURCE),
        "bands": BANDS,
    }
    return document(
        "way", way_sheet(view), card=card, lang=lang, path=WAY, asked=asked, values=values
    )


def places_page(view: PlacesView, *, asked: dict[str, str], lang: str, since: str) -> str:
    """How full the places are. `since`: where the live stream stood, for the page's script."""
    values = {
        "v": view,
        "aging": _AGING,
        "bands": BANDS,
        "words": json.dumps(script_words(translator(spoken(view.card, lang))), ensure_ascii=False),
        "script": address("places.js"),
        "rows": address("placesrows.js"),
        "live": address("live.js"),
        "since": since,
    }
    return document(
        "places", "places", card=view.card, lang=lang, path=PLACES, asked=asked, values=values
    )


def info_page(view: InfoView, *, asked: dict[str, str], lang: str) -> str:
    """What others say that concerns an area."""
    values = {"v": view, "aging": _AGING}
    return document(
        "info", "info", card=view.card, lang=lang, path=INFO, asked=asked, values=values
    )


def problem_page(
    *,
    title: str,
    detail: str,
    card: CityCard | None,
    lang: str,
    status: int,
    wrong: Sequence[Wrong] = (),
    asked: dict[str, str] | None = None,
) -> str:
    """What went wrong and what to do; with a danger near, what to do without this page."""
    t = translator(spoken(card, lang) if card else SOURCE)
    values = {
        "title": t(title),
        "lines": problem_lines(title, detail, wrong, card, t),
        "status": status,
        "back": link(HOME, asked or {}, lang="" if lang == SOURCE else lang),
    }
    kept = asked or {}
    return document(
        "problem", "problem", card=card, lang=lang, path=HOME, asked=kept, values=values
    )
