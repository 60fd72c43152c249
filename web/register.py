"""Registering to be told: where, what and how; the code; what is registered; leaving.

No address stands in these pages but as somebody has just typed it, or masked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from alerts.kinds import AlertKind, ChannelKind, Language
from alerts.registration import ALWAYS, AccessNeed, Standing, Wishes
from routing.ground import CityCard
from web.assets import address
from web.document import document
from web.language import SOURCE, spoken, translator
from web.registerwords import CHANNELS, KINDS, LANGUAGES, NEEDS, place_words

REGISTER: Final = "/register"
PLACE: Final = "/register/place"
CODE: Final = "/register/code"
AGAIN: Final = "/register/again"
MINE: Final = "/register/mine"
OUT: Final = "/register/leave"
HOME: Final = "/h/register"
SHEET: Final = "register.css"


@dataclass(frozen=True, slots=True)
class Choice:
    """A place that was chosen, and how the form sends it back: nothing for a slip's household."""

    words: str
    area: str = ""
    lat: str = ""
    lon: str = ""
    action: str = REGISTER


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as it is shown: the values of before, or as they were typed; `wrong` by field."""

    categories: frozenset[AlertKind] = frozenset(KINDS)
    language: Language = Language.JAPANESE
    needs: frozenset[AccessNeed] = frozenset()
    sms: str = field(default="", repr=False)
    mail: str = field(default="", repr=False)
    wrong: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WayLine:
    """A way that is registered: masked, waiting for its code, or blocked."""

    channel: ChannelKind
    shown: str
    waits: bool
    blocked: bool

    @property
    def name(self) -> str:
        """What the way is called."""
        return CHANNELS[self.channel]


def form_page(
    card: CityCard,
    choice: Choice,
    typed: Typed,
    *,
    lang: str,
    offered: Sequence[Language],
    change: bool = False,
    by_line: bool = False,
    ways: Sequence[WayLine] = (),
) -> str:
    """What somebody wishes to be told, and to which number and address; or what they change."""
    values = {
        "choice": choice,
        "typed": typed,
        "kinds": KINDS,
        "always": ALWAYS,
        "needs": NEEDS,
        "languages_offered": [(one, LANGUAGES[one]) for one in offered],
        "change": change,
        "by_line": by_line,
        "ways": ways,
    }
    asked = {"area": choice.area} if choice.area else {}
    return _page("register", card, lang, choice.action, values, asked)


def code_page(card: CityCard, waiting: Sequence[WayLine], *, lang: str, state: str = "") -> str:
    """Where the code is entered; `state`: "wrong", "over", "again" or nothing."""
    sms = next((line for line in waiting if line.channel is ChannelKind.SMS), None)
    mail = next((line for line in waiting if line.channel is ChannelKind.MAIL), None)
    return _page("register_code", card, lang, CODE, {"sms": sms, "mail": mail, "state": state})


def mine_page(
    card: CityCard, wishes: Wishes, ways: Sequence[WayLine], *, lang: str, confirmed: bool
) -> str:
    """What is registered, and how to change it and to leave."""
    t = translator(spoken(card, lang))
    values = {
        "place": place_words(wishes.where, t) if wishes.where != Standing() else "",
        "ways": ways,
        "kinds": [word for kind, word in KINDS.items() if kind in wishes.categories],
        "needs": [word for need, word in NEEDS.items() if need in wishes.needs],
        "language": LANGUAGES[wishes.language],
        "confirmed": confirmed,
        "sms_waits": any(line.waits and line.channel is ChannelKind.SMS for line in ways),
        "mail_waits": any(line.waits and line.channel is ChannelKind.MAIL for line in ways),
    }
    return _page("register_mine", card, lang, MINE, values)


def mail_page(card: CityCard, token: str, *, lang: str) -> str:
    """The page of a mail's link: nothing is confirmed before its button is pressed."""
    return _page("register_mail", card, lang, REGISTER, {"action": f"{REGISTER}/{token}"})


def said_page(card: CityCard | None, what: str, *, lang: str) -> str:
    """A few words and the way on: "confirmed", "left", "dead", "closed"."""
    return _page("register_said", card, lang, REGISTER, {"what": what})


def leave_page(card: CityCard, action: str, *, lang: str) -> str:
    """One button; `action` is the page's own path."""
    return _page("leave", card, lang, REGISTER, {"action": action})


def _page(
    template: str,
    card: CityCard | None,
    lang: str,
    path: str,
    values: Mapping[str, Any],
    asked: Mapping[str, str] | None = None,
) -> str:
    shown = spoken(card, lang) if card else SOURCE
    common = {"sheet": address(SHEET), "query": "" if shown == SOURCE else f"?lang={shown}"}
    every = {**common, **_PATHS, **values}
    return document(
        template, "home", card=card, lang=lang, path=path, asked=asked or {}, values=every
    )


_PATHS: Final = {
    "paths": {"register": REGISTER, "code": CODE, "again": AGAIN, "mine": MINE, "leave": OUT},
}
