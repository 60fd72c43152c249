"""The verdict's truth table (`safety.md` 3-5). Nothing else decides whether to stay or go."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hazards.kinds import AlertLevel


class Verdict(StrEnum):
    """What a household is told."""

    GO = "go"
    STAY_SAFE = "stay_safe"
    SECURE_NOW = "secure_now"
    WATCH = "watch"


@dataclass(frozen=True, slots=True)
class Situation:
    """What the verdict is decided from.

    - `level`: the highest level in force at the door, or asked about where that is higher.
    - `landslide_order`: an order of level 3 or higher for landslides covers the door.
    - `in_landslide_zone`: the door stands in a warning zone, yellow or red, or nobody knows.
    - `surrounded`: the door stands in observed water, or seen or confirmed water leaves it next to
      nothing of the network, and no way.
    - `needs_time`: level 3 is addressed to this household.
    - `may_stay`: everything that a planned stay needs is known, and holds.
    - `has_way`: a way to an open, suitable site exists.
    """

    level: AlertLevel
    landslide_order: bool
    in_landslide_zone: bool
    surrounded: bool
    needs_time: bool
    may_stay: bool
    has_way: bool

    @property
    def told_to_leave(self) -> bool:
        """Whether an order addresses this household: level 4 all, level 3 those who need time,
        and everybody in a landslide zone under an order for it.
        """
        return (
            self.level >= AlertLevel.ALL_LEAVE
            or (self.level == AlertLevel.ELDERLY_LEAVE and self.needs_time)
            or self.below_a_slope
        )

    @property
    def below_a_slope(self) -> bool:
        """Under a landslide order in a landslide zone: leave, whatever the building."""
        return self.landslide_order and self.in_landslide_zone


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table: the first that applies decides."""

    name: str
    applies: Callable[[Situation], bool]
    verdict: Verdict


TABLE: Final = (
    Row("level 5 in force", lambda s: s.level >= AlertLevel.SECURE_NOW, Verdict.SECURE_NOW),
    Row("surrounded by observed water", lambda s: s.surrounded, Verdict.SECURE_NOW),
    Row("nobody here told to leave", lambda s: not s.told_to_leave, Verdict.WATCH),
    Row("below a slope under its order", lambda s: s.below_a_slope and s.has_way, Verdict.GO),
    Row("a planned stay holds", lambda s: s.may_stay and not s.below_a_slope, Verdict.STAY_SAFE),
    Row("told to leave", lambda s: s.has_way, Verdict.GO),
    Row("told to leave, no way", lambda s: True, Verdict.SECURE_NOW),
)


def decide(situation: Situation) -> Row:
    """The first row of the table that applies."""
    return next(row for row in TABLE if row.applies(situation))
