"""What speaks against a count as it arrives: its moment, or its size.

A doubtful count is held: kept, flagged, and not applied until a person says the number again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from shelters.counting import CountKind, Flag

CLOCKS_DIFFER: Final = timedelta(minutes=2)
"""A device whose clock is this far from ours is corrected; a count this far ahead is none."""
TIMES: Final = 10
LARGEST_CHANGE: Final = 500
"""Persons who come or go at once, without somebody confirming it: no door lets more through."""
LARGEST_TOTAL: Final = 5_000
"""Persons in a place of which nobody knows how many it holds, without somebody confirming it."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When people were counted, by our clock, and what is odd about it."""

    at: datetime
    flags: tuple[Flag, ...] = ()


def moment_of(device_at: datetime, *, sent_at: datetime, now: datetime) -> Moment:
    """The moment of a count that a device sent at `sent_at` by its own clock.

    The clock's error is rounded to the minute: two sendings of one device, of which one took
    longer, are shifted alike and stay in their order.
    """
    error, at = now - sent_at, device_at
    flags: tuple[Flag, ...] = ()
    if abs(error) > CLOCKS_DIFFER:
        at += timedelta(minutes=round(error / timedelta(minutes=1)))
        flags = (Flag.CLOCK,)
    if at - now > CLOCKS_DIFFER:
        return Moment(at, (*flags, Flag.FUTURE))
    return Moment(at, (*flags, Flag.LATE) if now - at > CLOCKS_DIFFER else flags)


def doubt(
    kind: CountKind, persons: int, *, capacity: int | None, confirmed: bool, known: int | None
) -> Flag | None:
    """What speaks against the size of a count; `known` is the figure that stands there.

    `capacity` is that of the room or place, None (or 0) where nobody knows it. That the figure is
    still right is no news, however large it is.
    """
    if kind is CountKind.CHANGE:
        return Flag.TEN_TIMES if abs(persons) > LARGEST_CHANGE and not confirmed else None
    if persons < 0:
        return Flag.NEGATIVE
    if confirmed or (kind is CountKind.STILL and persons == known):
        return None
    return Flag.TEN_TIMES if persons > (TIMES * (capacity or 0) or LARGEST_TOTAL) else None
