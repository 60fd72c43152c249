"""The reasons of a guidance in words, sorted by where a page says them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from hazards.kinds import AlertLevel
from routing.guidance import Guidance
from routing.reasons import Reason
from routing.verdict import Verdict
from routing.words import say_reason
from web.clock import Clock
from web.language import Translate
from web.placeview import hazard_words

BESIDE_MAP: Final = (
    "through_assumed",
    "through_forecast",
    "through_collapse",
    "through_landslide",
)
ELSEWHERE: Final = ("order", "level_asked", "opening_unconfirmed", "stay_", *BESIDE_MAP)
"""Beginnings of reasons that the page says at another spot than under the verdict."""

NOT_LEAVING: Final = ("landslide_unknown",)
"""Reasons that tell people to leave: never said to those who may not (`safety.md` 4)."""

ZONED: Final = frozenset({"in_depth", "in_forecast", "in_collapse", "in_landslide"})


@dataclass(frozen=True, slots=True)
class Said:
    """`why` stands under the verdict, `beside_map` at the map, `no_stay` in its own fold.

    `hazards` are those the guidance counts with; `leaves_at` is the time that was asked about,
    where that is not now.
    """

    why: tuple[str, ...]
    no_stay: tuple[str, ...]
    beside_map: tuple[str, ...]
    hazards: str
    in_zone: bool
    leaves_at: str


def said_of(guidance: Guidance, clock: Clock, t: Translate) -> Said:
    """Put every reason into words."""
    go = guidance.verdict is Verdict.GO
    return Said(
        why=_why(guidance, t),
        no_stay=_beginning(guidance, t, "stay_") if go else (),
        beside_map=_beginning(guidance, t, *BESIDE_MAP),
        hazards=hazard_words(guidance.hazards, t),
        in_zone=any(reason.code in ZONED for reason in guidance.reasons),
        leaves_at=_leaves_at(guidance, clock),
    )


def _why(guidance: Guidance, t: Translate) -> tuple[str, ...]:
    secures = guidance.verdict is Verdict.SECURE_NOW
    elsewhere = (*ELSEWHERE, *NOT_LEAVING) if secures else ELSEWHERE
    lines = [
        _say(reason, t) for reason in guidance.reasons if not reason.code.startswith(elsewhere)
    ]
    if secures and guidance.level < AlertLevel.SECURE_NOW:
        lines.append(t("避難場所へ向かわず、いまいる建物か、すぐ近くで命を守ってください。"))
    return tuple(lines)


def _beginning(guidance: Guidance, t: Translate, *starts: str) -> tuple[str, ...]:
    return tuple(_say(reason, t) for reason in guidance.reasons if reason.code.startswith(starts))


def _say(reason: Reason, t: Translate) -> str:
    """A reason in words; no line breaks inside a measure."""
    text = say_reason(reason.code, reason.values, t)
    return text.replace(" m", "\N{NO-BREAK SPACE}m").replace("〜", "〜\N{WORD JOINER}")


def _leaves_at(guidance: Guidance, clock: Clock) -> str:
    at = guidance.question.at
    return clock.text(at) if abs(at - clock.now) > timedelta(minutes=10) else ""
