"""The latest moment to order so that people walk by daylight and before the wind.

For headquarters alone: it never delays an order that is due (`safety.md` 10).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class TimeNeeded:
    """From the decision until people are there: `telling`, `delay` before they set out, the `walk`
    of all but one household in twenty at a slow pace. `is_known`: a plan says how far they walk.
    """

    telling: timedelta
    delay: timedelta
    walk: timedelta
    is_known: bool

    @property
    def whole(self) -> timedelta:
        """All of it, as full minutes upwards."""
        minutes = -(-(self.telling + self.delay + self.walk) // timedelta(minutes=1))
        return timedelta(minutes=minutes)

    def latest_before(self, end: datetime) -> datetime:
        """When the order must be out so that people are there by `end`."""
        return end - self.whole
