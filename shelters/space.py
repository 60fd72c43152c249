"""Room in a place while people come: what is free, and when its overflow rooms are needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from shelters.rooms import Room

ARRIVE_WITHIN: Final = timedelta(hours=3)
"""Who is expected after an order comes within so long, evenly: policy, until arrivals are known."""
SOONEST: Final = timedelta(minutes=30)
"""However late it is, whoever is still expected does not come within less: policy."""


@dataclass(frozen=True, slots=True)
class Space:
    """A place in persons: what its rooms in use hold (`ordinary`, None where nobody said), what its
    overflow rooms would add that are not open yet, who is `inside` by the last figure, and for whom
    staff hold room. `full`: somebody there said so.
    """

    ordinary: int | None
    overflow: tuple[Room, ...]
    inside: int
    held: int
    full: bool

    def free(self, unstated: int) -> int:
        """Persons that may still be sent there, overflow rooms included (`safety.md` 12); of a
        place of which nobody said how many it holds, `unstated` less those inside.
        """
        if self.full:
            return 0
        holds = unstated if self.ordinary is None else self.ordinary
        holds += sum(room.capacity or 0 for room in self.overflow)
        return max(holds - self.inside - self.held, 0)


@dataclass(frozen=True, slots=True)
class Overflow:
    """What a place needs beside its rooms in use: for how many `persons`, from when on, in which
    `rooms`; and for how many there is no room in any (`beyond`).
    """

    persons: int
    needed_at: datetime
    rooms: tuple[str, ...]
    beyond: int


def overflow(space: Space, coming: int, ordered_at: datetime, now: datetime) -> Overflow | None:
    """What `coming` persons make a place need, None where its rooms in use hold all.

    They come evenly until `ARRIVE_WITHIN` after the order.
    """
    if space.ordinary is None:
        return None
    left = max(space.ordinary - space.inside - space.held, 0)
    persons = coming - left
    if persons <= 0:
        return None
    until = max(ordered_at + ARRIVE_WITHIN, now + SOONEST)
    needed_at = now + (until - now) * (left / coming)
    rooms, found = _rooms_for(space.overflow, persons)
    return Overflow(persons, needed_at, rooms, max(persons - found, 0))


def _rooms_for(rooms: Sequence[Room], persons: int) -> tuple[tuple[str, ...], int]:
    """The first overflow rooms that hold so many, or all there are, and how many they hold."""
    names: list[str] = []
    found = 0
    for room in rooms:
        if found >= persons:
            break
        if room.capacity:
            names.append(room.name)
            found += room.capacity
    return tuple(names), found
