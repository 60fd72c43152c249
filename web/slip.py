"""The slip's table: what this household does at each level, by the verdict's own truth table."""

from dataclasses import dataclass, replace
from typing import Final

from hazards.kinds import LEVEL_WORDS, AlertLevel, HazardKind
from routing.guidance import Guidance
from routing.staying import may_stay
from routing.verdict import Situation, Verdict, decide
from web.language import Translate

STAY: Final = "この部屋にとどまる。条件がひとつでも違えば出る"
LEAVE: Final = {
    AlertLevel.ELDERLY_LEAVE: "今すぐ出る",
    AlertLevel.ALL_LEAVE: "全員、今すぐ出る",
}
SLOW_LEAVE: Final = "時間のかかる人は、今すぐ出る"


@dataclass(frozen=True, slots=True)
class SlipRow:
    """A level below 5, its word, and what to do then."""

    level: int
    word: str
    does: str


def slip_rows(guidance: Guidance, t: Translate) -> tuple[SlipRow, ...]:
    """What level 3 and level 4 mean for this household."""
    return tuple(
        SlipRow(int(level), t(LEVEL_WORDS[level]), t(_does(guidance, level))) for level in LEAVE
    )


def leaves_at(guidance: Guidance) -> int:
    """The lowest level that sends this household out; 0 where none does, for it may stay."""
    return next((int(one) for one in LEAVE if verdict_at(guidance, one) is Verdict.GO), 0)


def verdict_at(guidance: Guidance, level: AlertLevel) -> Verdict:
    """What this household is told at a level: the verdict itself at the one in force.

    A hazard that the slip names may be at a lower level than the one in force: where nobody is
    told to leave yet, the stricter of the two counts.
    """
    settled = level == guidance.level and guidance.verdict is not Verdict.WATCH
    return guidance.verdict if settled else decide(_at(guidance, level)).verdict


def _does(guidance: Guidance, level: AlertLevel) -> str:
    """Where nobody here is told to leave yet, whoever needs time may come to be here."""
    verdict = verdict_at(guidance, level)
    if verdict is Verdict.GO:
        return LEAVE[level]
    if verdict is Verdict.WATCH:
        slow = decide(replace(_at(guidance, level), needs_time=True))
        return STAY if slow.verdict is Verdict.STAY_SAFE else SLOW_LEAVE
    return STAY


def _at(guidance: Guidance, level: AlertLevel) -> Situation:
    """This door at a level of the hazards that the slip names; a slip is for a door with a way."""
    return Situation(
        level=level,
        landslide_order=HazardKind.LANDSLIDE in guidance.hazards,
        in_landslide_zone=guidance.zones.may_slide,
        surrounded=False,
        needs_time=guidance.question.household.profile.needs_time,
        may_stay=may_stay(guidance.stay),
        has_way=True,
    )
