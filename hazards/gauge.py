"""水位観測所, and the levels of their river at which somebody acts."""

from dataclasses import dataclass
from itertools import pairwise

from city.position import Position
from hazards.errors import HazardError


@dataclass(frozen=True, slots=True)
class Gauge:
    """A gauge at a river; levels in metres as the gauge counts them, None where none is set.

    `standby_m` 水防団待機水位, `caution_m` 氾濫注意水位, `evacuation_m` 避難判断水位, `danger_m`
    氾濫危険水位, `overflow_m` 氾濫開始水位 (the river runs over). Many gauges count from sea level,
    some from a bed that has since sunk: a level may be hundreds of metres, or below zero. Raises
    `HazardError` where levels do not rise, or none is set.
    """

    name: str
    river: str
    position: Position
    standby_m: float | None = None
    caution_m: float | None = None
    evacuation_m: float | None = None
    danger_m: float | None = None
    overflow_m: float | None = None

    def __post_init__(self) -> None:
        levels = self.levels_m()
        if not levels:
            raise HazardError("no level at which anybody acts")
        if any(upper <= lower for lower, upper in pairwise(levels)):
            raise HazardError(f"levels do not rise: {', '.join(map(str, levels))}")

    def levels_m(self) -> list[float]:
        """The levels that are set, from standby to overflow."""
        named = (self.standby_m, self.caution_m, self.evacuation_m)
        levels = (*named, self.danger_m, self.overflow_m)
        return [level for level in levels if level is not None]
