"""What closes roads now: observed water and 通行止め."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from shapely.geometry.base import BaseGeometry

ALONG_M: Final = 5.0
"""Half the width of what a closure without a street shuts."""

WATER_WORDS: Final = ("水", "氾濫", "決壊", "高潮", "津波", "flood", "water")


@dataclass(frozen=True, slots=True)
class ObservedWater:
    """Water that somebody saw: a polygon in the city's metres. It closes what it covers."""

    id: int
    source: str
    area: BaseGeometry
    observed_at: datetime


@dataclass(frozen=True, slots=True)
class Closure:
    """通行止め, kept by the closed street's own line in metres; only a person reopens.

    `streets` of today's network run along that line; where there is none any more, `area` is
    shut instead: a closure never lapses because the map changed (`safety.md` 6).
    """

    id: int
    streets: tuple[int, ...]
    reason: str
    line: BaseGeometry
    closed_at: datetime

    @property
    def by_water(self) -> bool:
        """Whether water closed it: such a closure is confirmed water (`safety.md` 5)."""
        return any(word in self.reason.lower() for word in WATER_WORDS)

    @property
    def area(self) -> BaseGeometry:
        """The surface along the line, in metres."""
        return self.line.buffer(ALONG_M, cap_style="flat")
