"""What closes roads now: observed water and 通行止め."""

from dataclasses import dataclass
from datetime import datetime

from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True, slots=True)
class ObservedWater:
    """Water that somebody saw: a polygon in the city's metres. It closes what it covers."""

    id: int
    source: str
    area: BaseGeometry
    observed_at: datetime


@dataclass(frozen=True, slots=True)
class Closure:
    """通行止め of one street, kept by the street's own line in metres; only a person reopens."""

    id: int
    street: int | None
    reason: str
    line: BaseGeometry
    closed_at: datetime
