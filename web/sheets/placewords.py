"""A way on paper: for the night, at the pace of whoever is slow."""

import math
from typing import Any, Final

from city.traveller import Profile
from routing.advice import Advice
from routing.guidance import Guidance
from routing.steps import Step, Turn
from routing.words import REASONS, say_reason, say_step
from web.labels import text_width
from web.placeview import metres_words

NOTED: Final = ("in_", "through_", "off_road", "landslide_unknown")
"""Beginnings of the reasons that a slip says: where the home stands, what its way goes through."""
LETTERS: Final = 22.5
"""Japanese letters of a line of steps."""


def place_words(guidance: Guidance, advice: Advice) -> dict[str, Any]:
    """The place, how far it is and the steps; minutes are rounded up."""
    return {
        "name": advice.site.name,
        "metres": metres_words(advice.way.distance_m),
        "minutes": f"約{slow_minutes(guidance, advice)}分",
        "steps": [_step(step, advice.site.name) for step in advice.steps],
    }


def slow_minutes(guidance: Guidance, advice: Advice) -> int:
    """Minutes in the dark at the slow pace, whoever was asked for (`safety.md` 9)."""
    rules = guidance.version.ground.rules
    asked, slow = guidance.question.household.profile, Profile.SLOW
    seconds = advice.way.duration_s * rules.speed_m_s[asked] / rules.speed_m_s[slow]
    return max(math.ceil((seconds if guidance.night else seconds / rules.night_factor) / 60), 1)


def notes(guidance: Guidance) -> str:
    """Where the home stands, what the first way goes through, and what no map tells."""
    said = [one for one in guidance.reasons if one.code.startswith(NOTED)]
    return "".join(say_reason(one.code, one.values) for one in said) + REASONS["unmapped"]


def step_lines(place: dict[str, Any] | None) -> int:
    """The lines that the steps to a place take on paper."""
    steps = place["steps"] if place else []
    return sum(math.ceil(text_width(step, 1) / LETTERS) for step in steps)


def _step(step: Step, site: str) -> str:
    metres = metres_words(step.distance_m) if step.distance_m >= 5 else _soon(step)
    return " ".join(word for word in (say_step(step, site), step.street, metres) if word)


def _soon(step: Step) -> str:
    return "" if step.turn is Turn.ARRIVE else "すぐ"
