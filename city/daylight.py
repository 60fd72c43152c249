"""Whether it is dark: between sunset and sunrise at the city."""

from datetime import datetime, timedelta
from functools import lru_cache

from astral import Observer
from astral.sun import elevation

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
