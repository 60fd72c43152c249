"""How many people a place holds, apart for what it is open for."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Capacity:
    """想定収容人数 in persons; None where the city's list does not say.

    `storm_indoor` is 風水害（屋内）, `quake_outdoor` and `quake_indoor` are 地震（屋外・屋内）,
    `unspecified` is a number of which the list does not say what it is for. They are never added
    up, and none stands in for another: a school yard holds nobody in a flood (`safety.md` 15).
    """

    storm_indoor: int | None = None
    quake_outdoor: int | None = None
    quake_indoor: int | None = None
    unspecified: int | None = None


NOT_STATED: Final = Capacity()
"""The capacity of a place of which the list states none."""
