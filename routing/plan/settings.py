"""Settings of the plan: `[settings.plan]` and `[settings.turnout]` of a city file."""

from dataclasses import dataclass
from typing import Any, Final

from routing.errors import RoutingError
from routing.plan.turnout import TURNOUT, Turnout, turnout_from

PLAN: Final = "plan"
TABLES: Final = (PLAN, TURNOUT)
"""The tables of a city file's `[settings]` that hold these."""
NO_LIMIT: Final = 1_000_000
"""Persons: more than a city. Where no place at all says how many it holds, none is full."""
_MOST: Final = 10_000


@dataclass(frozen=True, slots=True)
class PlanSettings:
    """`unstated_persons`: for how many a place counts of which nobody says how many it holds, in a
    city where others do: a small hall. Policy.
    """

    unstated_persons: int = 50


def plan_settings_from(settings: dict[str, Any]) -> tuple[PlanSettings, Turnout]:
    """A city's own settings; raises `RoutingError` naming what is wrong."""
    given, turnout = (settings.get(name, {}) for name in TABLES)
    for name, table in zip(TABLES, (given, turnout), strict=True):
        if not isinstance(table, dict):
            raise RoutingError(f"settings.{name}: a table")
    if set(given) - {"unstated_persons"}:
        raise RoutingError(f"settings.{PLAN}.{min(set(given) - {'unstated_persons'})}: no such one")
    persons = given.get("unstated_persons", PlanSettings().unstated_persons)
    if isinstance(persons, bool) or not isinstance(persons, int) or not 0 <= persons <= _MOST:
        what = f"whole persons from 0 to {_MOST}, not {persons!r}"
        raise RoutingError(f"settings.{PLAN}.unstated_persons: {what}")
    return PlanSettings(persons), turnout_from(turnout)
