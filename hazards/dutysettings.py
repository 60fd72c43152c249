"""Settings of the duties of the night: `[settings.duties]` of a city file."""

from dataclasses import dataclass, replace
from typing import Any, Final

from hazards.errors import HazardError

DUTIES: Final = "duties"
_BOUNDS: Final = {
    "gust_limit_m_s": (15.0, 30.0),
    "telling_min": (30.0, 180.0),
    "unknown_walk_min": (60.0, 240.0),
}


@dataclass(frozen=True, slots=True)
class DutySettings:
    """What a moment to order by is reckoned with.

    - `gust_limit_m_s`: gusts in which nobody is sent out on foot. The JMA's table of winds: at
      gusts of 20 m/s it is hard to walk against the wind, from 30 m/s people fall.
    - `telling_min`: from the decision until people have heard of it (`safety.md` 10: at least 30).
    - `unknown_walk_min`: for the way, where no plan says how far people walk. Policy.
    """

    gust_limit_m_s: float = 20.0
    telling_min: float = 30.0
    unknown_walk_min: float = 60.0


def duty_settings_from(settings: Any) -> DutySettings:
    """The settings with a city's table put in; raises `HazardError` naming the bad one."""
    if not isinstance(settings, dict):
        raise HazardError(f"settings.{DUTIES}: a table: [settings.{DUTIES}]")
    changes: dict[str, float] = {}
    for key, value in settings.items():
        low, high = _bounds(key)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not low <= value <= high:
            raise HazardError(f"settings.{DUTIES}.{key}: a number from {low:g} to {high:g}")
        changes[key] = float(value)
    return replace(DutySettings(), **changes)


def _bounds(key: str) -> tuple[float, float]:
    if key not in _BOUNDS:
        raise HazardError(f"settings.{DUTIES}.{key}: no such key")
    return _BOUNDS[key]
