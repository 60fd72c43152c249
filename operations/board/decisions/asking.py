"""What every decision on the board says: what it is, what happens if nobody acts, until when."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from hazards.kinds import HAZARD_WORDS, LEVEL_WORDS, AlertLevel, HazardKind
from operations.board.look import Line, Look, iso

HEADQUARTERS: Final = "/api/v1/headquarters"
NAMED: Final = 3
"""Areas that a title names; the others are counted."""


def decision(
    key: str,
    kind: str,
    *,
    title: str,
    what: str,
    if_nobody: str,
    since: datetime | None,
    href: str,
    due: datetime | None = None,
    acts: Sequence[Line] = (),
) -> Line:
    """A row: short sentences in Japanese; `href` is the page on which it is decided whole."""
    return {
        "key": key,
        "kind": kind,
        "title": title,
        "what": what,
        "if_nobody": if_nobody,
        "due": iso(due),
        "since": iso(since),
        "href": href,
        "acts": list(acts),
    }


def act(
    letter: str,
    word: str,
    path: str,
    body: Mapping[str, Any],
    *,
    role: str = "operator",
    asks: str | None = None,
    field: str = "why",
    number: bool = False,
) -> Line:
    """A call that decides it, by one letter. `asks`: what a person writes or counts first, which
    goes into `field` of the body; `number`: as a number.
    """
    return {
        "key": letter,
        "word": word,
        "method": "POST",
        "path": f"{HEADQUARTERS}{path}",
        "body": dict(body),
        "role": role,
        "asks": asks,
        "field": field if asks else None,
        "number": number,
    }


def clock(look: Look, at: datetime | str | None) -> str:
    """A moment as the city's clocks show it, with its day where that is not the look's."""
    if at is None:
        return "--:--"
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    here, now = (one.astimezone(ZoneInfo(look.card.timezone)) for one in (moment, look.now))
    day = "" if here.date() == now.date() else f"{here.month}/{here.day} "
    return f"{day}{here:%H:%M}"


def level_words(level: int, hazard: str) -> str:
    """避難指示（レベル4・洪水）."""
    return f"{LEVEL_WORDS[AlertLevel(level)]}（レベル{level}・{HAZARD_WORDS[HazardKind(hazard)]}）"


def area_words(names: Sequence[str], *, whole: bool | None = None) -> str:
    """The first few names; no names are the whole city."""
    if whole or (whole is None and not names):
        return "市内全域"
    shown = "、".join(names[:NAMED])
    return shown if len(names) <= NAMED else f"{shown} ほか{len(names) - NAMED}"
