"""Points of a flight track, as rows of any file write them."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Final

from city.errors import BadPosition
from city.position import Position
from data.errors import BrokenSource

MOST_FIXES: Final = 100_000
"""Ten a second for nearly three hours."""
NOWHERE: Final = "the position is 0,0: no fix"
EXPORT: Final = "export the track again from the drone's tool, as CSV or GPX"


@dataclass(frozen=True, slots=True)
class Point:
    """One row: seconds since some beginning, the moment where the row says it, and where."""

    row: int
    seconds: float | None
    moment: datetime | None
    position: Position
    height_m: float | None = None


def position_of(path: Path, row: int, lat: str, lon: str) -> Position:
    """Latitude and longitude as a row writes them; raises `BrokenSource`."""
    try:
        return Position(float(lat), float(lon))
    except (BadPosition, ValueError):
        what = f"latitude {lat[:20]!r}, longitude {lon[:20]!r}: no such position"
        raise BrokenSource(path, what, row=row, remedy=EXPORT) from None


def is_nowhere(position: Position) -> bool:
    """Whether a receiver wrote zeros before it knew where it was."""
    return abs(position.lat) < 1e-6 and abs(position.lon) < 1e-6


def aware(path: Path, row: int, text: str, zone: tzinfo) -> datetime:
    """A time by ISO 8601, or with slashes; raises `BrokenSource`."""
    try:
        at = datetime.fromisoformat(text.strip().replace("/", "-"))
    except ValueError:
        what = f"time {text[:30]!r}: no such time"
        raise BrokenSource(path, what, row=row, remedy=EXPORT) from None
    return at if at.tzinfo is not None else at.replace(tzinfo=zone)
