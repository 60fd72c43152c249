"""安否: the form on a household's page, and the page on which families look for each other.

No name stands in an address. Whoever is not found, for whatever reason, gets the same page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import uuid4
from zoneinfo import ZoneInfo

from markupsafe import Markup

from city.safeword import LONGEST, LONGEST_PLACE, Visible
from routing.ground import CityCard
from web.assets import address
from web.clock import Clock
from web.document import document
from web.language import spoken, translator

PATH: Final = "/safe"
HOME: Final = "/h/safe"
SHEET: Final = "register.css"
ASK, NOBODY, CLOSED = "ask", "nobody", "closed"
VISIBLE: Final = {
    Visible.CODE: "名前と合言葉を知っている人（家族など）",
    Visible.HEADQUARTERS: "市の本部だけ",
    Visible.NOBODY: "だれにも見せない（人数だけ数える）",
}
WRONG: Final = {
    "name": "名前を書いてください。",
    "code": "合言葉は4文字以上、数字だけなら8けた以上にしてください。",
}


@dataclass(frozen=True, slots=True)
class Safe:
    """What a household said of being safe, None for nothing; `wrong`: the field that was."""

    visible: Visible | None = None
    said_at: datetime | None = None
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody who is safe, as they call themselves."""

    name: str
    place: str
    said_at: datetime


def safe_values(safe: Safe | None, clock: Clock) -> dict[str, Any] | None:
    """What the household's form shows; None where it is not offered."""
    if safe is None:
        return None
    return {
        "id": str(uuid4()),
        "said": _said(safe, clock),
        "wrong": safe.wrong if safe.wrong in WRONG else "",
        "words": WRONG.get(safe.wrong, ""),
        "choices": VISIBLE,
        **_COMMON,
    }


def safe_page(
    card: CityCard | None,
    state: str,
    *,
    lang: str,
    now: datetime,
    found: Sequence[Found] = (),
) -> str:
    """「家族の無事を確かめる」: the form, and who was found."""
    values: dict[str, Any] = {"state": state, "found": [], "sheet": address(SHEET), **_COMMON}
    if card is not None:
        clock = Clock(ZoneInfo(card.timezone), now, translator(spoken(card, lang)))
        values["found"] = [(_found(one, clock), one.place) for one in found]
    return document("safe", "home", card=card, lang=lang, path=PATH, asked={}, values=values)


def _said(safe: Safe, clock: Clock) -> Markup | None:
    if safe.visible is None or safe.said_at is None:
        return None
    text = clock.t("「無事です」と知らせてあります（{time}）。見られる人：{who}。")
    who = clock.t(VISIBLE[safe.visible])
    return Markup.escape(text).format(time=clock.text(safe.said_at), who=who)


def _found(one: Found, clock: Clock) -> Markup:
    text = clock.t("「{name}」さんは、{time} に「無事です」と知らせました。")
    return Markup.escape(text).format(name=one.name, time=clock.text(one.said_at))


_COMMON: Final = {
    "path": PATH,
    "home": HOME,
    "longest": LONGEST,
    "longest_place": LONGEST_PLACE,
}
