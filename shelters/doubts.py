"""What speaks against a count as it arrives: its moment, or its size.

A doubtful count is held: kept, flagged, and not applied until a person says the number again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from shelters.counting import CountKind, Flag

CLOCKS_DIFFER: Final = timedelta(minutes=2)
"""A device whose clock is this far from ours is told so; a count this far ahead is none."""
ON_THE_WAY: Final = timedelta(seconds=15)
"""What a request may take to arrive, as long as a tablet waits for its answer (LONGEST in
`web/static/deskask.js`): that much of an error says nothing against a clock."""
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

    The error that is measured, now − `sent_at`, is the clock's and what the request took on the
    way. Between 0 and `ON_THE_WAY` it is nothing; beyond, the count is shifted by what is beyond.
    So the counts of a right clock are never moved, and stay in their order whichever request is
    slow. A wrong clock is put right to within `ON_THE_WAY`, and there is no threshold at which two
    sendings of one device are shifted differently: they differ by no more than what one was longer
    on the way than the other. Its counts stay in their order where they lie further apart than
    that. What is a little ahead of now, as a minute on paper may be, is of now.
    """
    error = now - sent_at
    at = device_at + error - min(max(error, timedelta(0)), ON_THE_WAY)
    flags = (Flag.CLOCK,) if abs(error) > CLOCKS_DIFFER else ()
    if at - now > CLOCKS_DIFFER:
        return Moment(at, (*flags, Flag.FUTURE))
    at = min(at, now)
    return Moment(at, (*flags, Flag.LATE) if now - at > CLOCKS_DIFFER else flags)


def doubt(kind: CountKind, persons: int, *, capacity: int | None, confirmed: bool) -> Flag | None:
    """What speaks against the size of a count.

    `capacity` is that of the room or place, None (or 0) where nobody knows it. A STILL changes no
    number: its own is not looked at.
    """
    if kind is CountKind.STILL:
        return None
    if kind is CountKind.CHANGE:
        return Flag.TEN_TIMES if abs(persons) > LARGEST_CHANGE and not confirmed else None
    if persons < 0:
        return Flag.NEGATIVE
    if confirmed:
        return None
    return Flag.TEN_TIMES if persons > (TIMES * (capacity or 0) or LARGEST_TOTAL) else None
