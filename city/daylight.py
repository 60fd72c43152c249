"""Whether it is dark: between sunset and sunrise at the city."""

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from astral import Observer
from astral.sun import elevation, sunrise, sunset

from city.position import Position


def is_night(position: Position, at: datetime) -> bool:
    """Whether the sun is below the horizon (with refraction) at an aware time.

    Half an hour of margin on both sides: who sets out at dusk walks in the dark.
    """
    minute = at.replace(second=0, microsecond=0)
    return _is_night(round(position.lat, 1), round(position.lon, 1), minute)


@lru_cache(maxsize=64)
def _is_night(lat: float, lon: float, minute: datetime) -> bool:
    """By the minute and a tenth of a degree, which is 25 seconds of the sun's way."""
    observer = Observer(lat, lon)
    margin = timedelta(minutes=30)
    return min(elevation(observer, minute + shift) for shift in (-margin, margin)) < -0.833


def next_sun(position: Position, at: datetime, zone: str) -> tuple[datetime, datetime]:
    """The next sunrise and the next sunset after an aware time, by the clock of a time zone.

    Raises `ValueError` where the sun does not rise or set on these days.
    """
    observer, here = Observer(position.lat, position.lon), ZoneInfo(zone)
    today = at.astimezone(here).date()
    rises, sets = (
        next(
            found
            for days in range(-1, 3)
            if (found := sun(observer, today + timedelta(days=days), tzinfo=here)) > at
        )
        for sun in (sunrise, sunset)
    )
    return rises, sets
