"""A household's own pages: the code of its slip, and its way with what it says of itself.

They name no address and hold no position; a household is known by its cookie alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from markupsafe import Markup

from city.intent import Intent
from city.traveller import Profile
from routing.ground import CityCard
from routing.guidance import Guidance
from web.aging import AGING_SCRIPT
from web.assets import address
from web.clock import Clock
from web.crossing import closures_known, kinds_said, streets_taken
from web.crowding import BANDS, NOTHING, PublicState
from web.document import document, way_sheet
from web.following import ROADS, follow_values
from web.fromhome import from_home
from web.language import SOURCE, spoken, translator
from web.safe import Safe, safe_values
from web.wayview import way_view

CODE: Final = "/h"
WAY: Final = "/h/way"
SHEET: Final = "household.css"
SCRIPT: Final = "household.js"
SENTENCES: Final = {
    Intent.KIN: "親戚や知人の家へ行く",
    Intent.HOTEL: "宿に泊まる",
    Intent.CAR: "車の中で過ごす",
    Intent.UPSTAIRS: "上の階にいる",
    Intent.LIFT: "迎えが必要",
}
ASK, DEAD, AWAY = "ask", "dead", "away"
"""What the page of the code says: nothing yet, that it opens nothing, that nobody can look."""


@dataclass(frozen=True, slots=True)
class Word:
    """What stands of a household: its word and since when; the place it goes to, until when."""

    intent: Intent | None = None
    said_at: datetime | None = None
    going_to: str = ""
    going_until: datetime | None = None


def code_page(card: CityCard | None, state: str, *, lang: str) -> str:
    """「わが家の案内」: takes the code out of the address by script, or typed in without one.

    Whatever was wrong with a code, `DEAD` is the same page.
    """
    values = {"state": state, "script": address(SCRIPT), "code": CODE, "way": WAY}
    values["sheet"] = address(SHEET)
    return document(
        "household_code", "home", card=card, lang=lang, path=CODE, asked={}, values=values
    )


def household_page(
    guidance: Guidance,
    word: Word | None,
    *,
    lang: str,
    now: datetime,
    checked_at: datetime,
    stale: bool,
    base_url: str,
    hold_id: str,
    key: str,
    states: Mapping[str, PublicState] = NOTHING,
    safe: Safe | None = None,
) -> str:
    """The household's way, and forms for what it says of itself; None: nobody can write it down.

    `hold_id` is what a new 「向かっています」 will be called, `key` by what the page hears that its
    way changed.
    """
    card = guidance.version.ground.card
    t = translator(spoken(card, lang))
    profile = guidance.question.household.profile
    asked = {"profile": profile} if profile is not Profile.WALK else {}
    made = way_view(
        guidance,
        {},
        t,
        now=now,
        checked_at=checked_at,
        stale=stale,
        page_url=f"{base_url.rstrip('/')}{CODE}",
        states=states,
    )
    view = from_home(made, WAY, asked, t)
    told = guidance.first.site.id if view.route and guidance.first else ""
    values = {
        "v": view,
        "told": told,
        "waits": guidance.waits,
        "roads": address(ROADS) if told else "",
        "streets": streets_taken(guidance, key),
        "closures": closures_known(guidance),
        "kinds": kinds_said(lang if spoken(card, lang) == lang else SOURCE),
        "offered": bool(told) and (word is None or word.going_to != told),
        "bands": BANDS,
        "aging": Markup(AGING_SCRIPT),  # noqa: S704  a constant of ours
        "word": word,
        "going": _going(guidance, told, word, Clock(ZoneInfo(card.timezone), now, t)),
        "said": _said(word, Clock(ZoneInfo(card.timezone), now, t)),
        "sentences": SENTENCES,
        "hold_id": hold_id,
        "follow": follow_values(guidance, key, going=bool(word and word.going_to)),
        "profile": asked.get("profile", ""),
        "sheet": address(SHEET),
        "safe": safe_values(safe, Clock(ZoneInfo(card.timezone), now, t)),
    }
    return document(
        "household", way_sheet(view), card=card, lang=lang, path=WAY, asked=asked, values=values
    )


def _going(guidance: Guidance, told: str, word: Word | None, clock: Clock) -> Markup | None:
    """To which place the household said it is on the way, and that it is `told` another one now;
    None where it says nothing. Where no place is shown, none is named (`safety.md` 4).
    """
    if word is None or not word.going_to or word.going_until is None:
        return None
    if not told:
        return Markup.escape(clock.t("「向かっています」と知らせてあります。取り消せます。"))
    sites = {site.id: site.name for site in guidance.version.ground.sites}
    name = sites.get(word.going_to, word.going_to)
    if word.going_to != told:
        moved = clock.t("行き先が変わりました：知らせた「{place}」ではなく、この案内の場所へ。")
        return Markup.escape(moved).format(place=name)
    text = clock.t("「{place}」へ向かっていると知らせました。{time} まで数えます。")
    return Markup.escape(text).format(place=name, time=clock.text(word.going_until))


def _said(word: Word | None, clock: Clock) -> Markup | None:
    if word is None or word.intent is None or word.said_at is None:
        return None
    text = clock.t("「{word}」と知らせました（{time}）。")
    sentence = clock.t(SENTENCES[word.intent])
    return Markup.escape(text).format(word=sentence, time=clock.text(word.said_at))
