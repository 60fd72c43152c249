"""What a water level is counted in."""

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
    """A value in metres, to the millimetre; raises `HazardError` for what is no level at all."""
    found = value * METRES[unit]
    if not abs(found) <= LARGEST_M:
        raise HazardError("水位は -10000 m から 10000 m までです（no level）")
    return round(found, 3)
