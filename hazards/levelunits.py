"""What a water level is counted in."""

import math
from enum import StrEnum
from typing import Final

from hazards.errors import HazardError

LARGEST_M: Final = 10_000.0


class Unit(StrEnum):
    """What a sensor counts in."""

    METRE = "m"
    CENTIMETRE = "cm"
    MILLIMETRE = "mm"
    FOOT = "ft"


METRES: Final = {
    Unit.METRE: 1.0,
    Unit.CENTIMETRE: 0.01,
    Unit.MILLIMETRE: 0.001,
    Unit.FOOT: 0.3048,
}


def metres(value: float, unit: Unit) -> float:
    """A value in metres, to the millimetre; raises `HazardError` for what is no number."""
    found = value * METRES[unit]
    if not math.isfinite(found):
        raise HazardError("水位が数ではありません（no level）")
    return round(found, 3)


def is_level(level_m: float) -> bool:
    """Whether any water on earth stands there."""
    return abs(level_m) <= LARGEST_M
