"""Which 要配慮者利用施設 is called next, and when a call is enough."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from hazards.order import ORDERED

TRIED_AGAIN: Final = timedelta(minutes=10)
"""A facility that did not answer waits so long behind the others: as for places
(`shelters/calling.py`)."""


class FacilityAnswer(StrEnum):
    """What a facility said; `NO_ANSWER` and `NEEDS_HELP` leave it on the list."""

    LEAVING = "leaving"
    STAYING = "staying"
    PREPARING = "preparing"
    EMPTY = "empty"
    NEEDS_HELP = "needs_help"
    NO_ANSWER = "no_answer"


ANSWER_WORDS: Final[Mapping[FacilityAnswer, str]] = {
    FacilityAnswer.LEAVING: "避難を始めた",
    FacilityAnswer.STAYING: "施設の中で安全確保",
    FacilityAnswer.PREPARING: "準備している",
    FacilityAnswer.EMPTY: "利用者がいない",
    FacilityAnswer.NEEDS_HELP: "応援が必要",
    FacilityAnswer.NO_ANSWER: "出ない",
}
_SETTLES: Final = frozenset(FacilityAnswer) - {FacilityAnswer.NEEDS_HELP, FacilityAnswer.NO_ANSWER}


@dataclass(frozen=True, slots=True)
class LastCall:
    """The last call that nobody took back: which level was told, and what was answered."""

    level: int
    answer: FacilityAnswer
    at: datetime


@dataclass(frozen=True, slots=True)
class Threatened:
    """A facility as the list orders it.

    `level`: the highest order in force there (0: none), `since` when the newest order of that
    level began, of whatever hazard; `depth_rank` of the deepest assumed water (0: none), `collapse`
    and `landslide` (1 yellow, 2 red) what else.
    """

    id: str
    level: int
    since: datetime | None
    depth_rank: int
    landslide: int
    collapse: bool
    last: LastCall | None

    @property
    def in_zone(self) -> bool:
        """Whether the law's duties concern it."""
        return bool(self.depth_rank or self.landslide or self.collapse)

    @property
    def is_told(self) -> bool:
        """Whether somebody there answered a call about the level in force, or a higher one."""
        if self.last is None or self.last.answer not in _SETTLES:
            return False
        return self.last.level >= self.level and (self.since is None or self.last.at >= self.since)

    @property
    def is_due(self) -> bool:
        """Whether somebody must call it now: an order stands there, and it is not told."""
        return self.level in ORDERED and not self.is_told


def in_order_of_calls(facilities: Iterable[Threatened], now: datetime) -> list[Threatened]:
    """All of them, whom to call next first: those that are due, the highest level before others.

    In one level who asked for help, red slopes and collapse zones, then the deepest water; one
    that did not answer lately waits behind the others of its level.
    """
    return sorted(facilities, key=lambda one: _key(one, now))


def _key(one: Threatened, now: datetime) -> tuple[object, ...]:
    last = one.last
    missed = last is not None and last.answer is FacilityAnswer.NO_ANSWER
    asked = last is not None and last.answer is FacilityAnswer.NEEDS_HELP
    return (
        not one.is_due,
        -one.level,
        bool(missed and last and now - last.at < TRIED_AGAIN),
        not asked,
        not (one.collapse or one.landslide > 1),
        -one.depth_rank,
        -one.landslide,
        one.id,
    )
