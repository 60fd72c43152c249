"""How a figure becomes a word: settings of a city, each with its reason."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from shelters.errors import ShelterError

CROWDING: Final = "crowding"
"""The table of a city file's `[settings]` that holds these."""


@dataclass(frozen=True, slots=True)
class CrowdRules:
    """Settings of one city. Cities publish the four words with thresholds of their own.

    - `some`, `crowded`, `full`: persons for each one that the place holds, from which it is
      やや混雑, 混雑, 満. 0.6 and 0.8 are the project's policy: at 混雑 a fifth is left for those
      who are on the way; 1.0 is 想定収容人数 itself.
    - `hysteresis`: a word is taken back this far below its threshold, so that one family at the
      door does not change the map each time: policy.
    - `known_for_min`: minutes after which a figure reads 不明 (`safety.md` 19): policy.
    - `public_every_s`: seconds between two changes of what the public sees of a place: policy.
    """

    some: float = 0.6
    crowded: float = 0.8
    full: float = 1.0
    hysteresis: float = 0.05
    known_for_min: float = 30
    public_every_s: float = 60

    @property
    def known_for(self) -> timedelta:
        """How long a figure counts as known."""
        return timedelta(minutes=self.known_for_min)

    @property
    def public_every(self) -> timedelta:
        """The shortest time between two changes that the public sees."""
        return timedelta(seconds=self.public_every_s)


_BOUNDS: Final = {
    "some": (0.3, 0.9),
    "crowded": (0.4, 1.0),
    "full": (0.5, 1.0),
    "hysteresis": (0.0, 0.1),
    "known_for_min": (5, 60),
    "public_every_s": (60, 600),
}
"""No place is called emptier than it is, and no figure known, beyond these."""


def crowd_rules_from(settings: Any) -> CrowdRules:
    """The rules with a city's `[settings.crowding]` put in.

    Raises `ShelterError` naming what is wrong.
    """
    if not isinstance(settings, dict):
        raise ShelterError(f"settings.{CROWDING}: a table with {', '.join(_BOUNDS)}")
    for key, value in settings.items():
        if key not in _BOUNDS:
            raise ShelterError(f"settings.{CROWDING}.{key}: no such setting")
        low, high = _BOUNDS[key]
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not low <= value <= high:
            raise ShelterError(
                f"settings.{CROWDING}.{key}: a number from {low} to {high}, not {value!r}"
            )
    rules = replace(CrowdRules(), **{key: float(value) for key, value in settings.items()})
    if min(rules.crowded - rules.some, rules.full - rules.crowded) <= rules.hysteresis:
        raise ShelterError(
            f"settings.{CROWDING}: some < crowded < full, by more than the hysteresis each"
        )
    return rules
