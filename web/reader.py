"""The page behind a reader's own link: what they were told, one button, and the way to their way.

Nothing here names them, their number or their address; a position stands in the link to their way
alone. At level 5 no place is named: the words are the alert's own, and `/way` keeps to it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from alerts.kinds import Language
from alerts.registration import AccessNeed
from alerts.told import ToldAlert
from alerts.wording.languages.words import DRILL_MARK
from alerts.wording.seen import shown_text
from alerts.wording.vocabulary import VOCABULARIES
from city.position import Position
from city.traveller import Profile
from hazards.kinds import AlertLevel
from routing.ground import CityCard
from web.assets import address
from web.clock import Clock
from web.document import document
from web.easy import easy, speaks_easy
from web.language import SOURCE, languages, translator
from web.links import HOME, WAY, link
from web.readeritem import item_of
from web.register import REGISTER
from web.registerwords import LANGUAGES

READER: Final = "/r"
LEAVE: Final = "/leave"
SHEET: Final = "reader.css"
AWAY, UNSENT, DEAD = "away", "unsent", "dead"
"""What the page says that has no alert: that the words cannot be read, that the button's word could
not be written down, that the link opens nothing."""


@dataclass(frozen=True, slots=True)
class Door:
    """From where somebody sets out, if they said so, and who walks."""

    position: Position | None = field(default=None, repr=False)
    profile: Profile = Profile.WALK


def profile_of(needs: Collection[AccessNeed]) -> Profile:
    """Who walks, by what they said of themselves: level 3 is for whoever needs time."""
    if AccessNeed.WHEELCHAIR in needs:
        return Profile.WHEELCHAIR
    slow = {AccessNeed.TIME, AccessNeed.CARE, AccessNeed.INFANT, AccessNeed.SEEING}
    return Profile.SLOW if slow & set(needs) else Profile.WALK


def reader_page(
    card: CityCard,
    told: Sequence[ToldAlert],
    door: Door,
    *,
    token: str,
    language: Language,
    now: datetime,
) -> str:
    """What stands for the reader, newest first; level 5 before all else."""
    tongue = _spoken(card, language)
    say = easy if tongue is Language.EASY_JAPANESE else translator(_lang(tongue))
    clock = Clock(ZoneInfo(card.timezone), now, say)
    five = [one for one in told if one.level(now) is AlertLevel.SECURE_NOW]
    rest = [one for one in told if one not in five]
    items = [item_of(one, language, tongue, clock) for one in five]
    items += [item_of(one, language, tongue, clock, below_five=bool(five)) for one in rest]
    words, said = VOCABULARIES[tongue], [one.confirmed_at for one in told if one.confirmed_at]
    waits = any(one.waits for one in told)
    values: dict[str, Any] = {
        "state": "told",
        "items": items,
        "mark": DRILL_MARK if any(item.drill for item in items) else "",
        "waits": waits,
        "shown": shown_text((one.alert.number, one.alert.revision) for one in told),
        "seen_at": clock.text(max(said)) if said and not waits else "",
        "way": _way(door, _lang(tongue)),
        "way_words": words.secure if five else words.way,
        "named": door.position is not None,
    }
    offered = _offered(card, told)
    values |= {"tongues": _tongues(token, tongue, offered), "action": _action(token, language)}
    return _page(card, tongue, token, values)


def without_alerts(
    card: CityCard | None,
    state: str,
    *,
    token: str,
    lang: str,
    shown: Collection[tuple[int, int]] = (),
) -> str:
    """The page where there is nothing to read: `AWAY`, `UNSENT` or `DEAD`.

    `shown`: what the button was pressed for that could not be written down.
    """
    known = Language.ENGLISH if lang == Language.ENGLISH else Language.JAPANESE
    tongue = _spoken(card, known) if card else Language.JAPANESE
    values: dict[str, Any] = {"state": state, "items": (), "mark": "", "tongues": ()}
    values |= {
        "waits": state == UNSENT,
        "shown": shown_text(shown),
        "seen_at": "",
        "way": _way(Door(), _lang(tongue)),
    }
    values |= {"way_words": "", "named": False, "action": _action(token, known)}
    return _page(card, tongue, token, values)


def _page(card: CityCard | None, tongue: Language, token: str, values: Mapping[str, Any]) -> str:
    lang, is_easy = _lang(tongue), tongue is Language.EASY_JAPANESE
    query = "" if lang == SOURCE else f"lang={lang}"
    common = {
        "say": easy if is_easy else translator(lang),
        "easy_draft": bool(card and is_easy and tongue not in card.reviewed_languages),
        "change": f"{REGISTER}?keep=1{'&' if query else ''}{query}",
        "leave": f"{LEAVE}/{token}{'?' if query else ''}{query}",
        "register": f"{REGISTER}{'?' if query else ''}{query}",
        "sheet": address(SHEET),
    }
    every = {**common, **values}
    return document("reader", "home", card=card, lang=lang, path=READER, asked={}, values=every)


def _action(token: str, language: Language) -> str:
    """Where the button leads; the language stays as it was chosen."""
    return f"{READER}/{token}/seen?lang={language}"


def _way(door: Door, lang: str) -> str:
    """To their own way, or to where one says where one is."""
    profile = "" if door.profile is Profile.WALK else str(door.profile)
    kept = {"profile": profile, "lang": "" if lang == SOURCE else lang}
    if door.position is None:
        return link(HOME, kept)
    at = door.position
    return link(WAY, kept, lat=f"{at.lat:.6f}", lon=f"{at.lon:.6f}")


def _spoken(card: CityCard, language: Language) -> Language:
    """The language of the page's own words, where the city offers it."""
    if language is Language.EASY_JAPANESE:
        return language if speaks_easy(card) else Language.JAPANESE
    return language if language in languages(card) else Language.JAPANESE


def _lang(tongue: Language) -> str:
    """As pages name it: easy Japanese is Japanese."""
    return SOURCE if tongue is Language.EASY_JAPANESE else str(tongue)


def _offered(card: CityCard, told: Sequence[ToldAlert]) -> list[Language]:
    return [
        one
        for one in Language
        if _spoken(card, one) is one or any(one in alert.words for alert in told)
    ]


def _tongues(
    token: str, tongue: Language, offered: Sequence[Language]
) -> list[tuple[str, str, str]]:
    """(code, name, address) for the frame, which marks the one whose code is the page's.

    Of the two kinds of Japanese the one that is not shown has a longer code.
    """
    apart = {Language.JAPANESE: "ja-JP", Language.EASY_JAPANESE: "ja-x-easy"}
    return [
        (
            _lang(one) if one is tongue else apart.get(one, str(one)),
            LANGUAGES[one],
            f"{READER}/{token}?lang={one}",
        )
        for one in offered
    ]
