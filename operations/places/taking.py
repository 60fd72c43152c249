"""Counts of a place, one after the other: what is new, what is in doubt, what they make."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from city.staff import Caller
from data.places.figures import Kept
from data.places.headcounts import Received
from data.places.placerows import Place
from shelters.counting import CountKind, Figure, Flag, HeadCount, Via, after, superseded
from shelters.doubts import doubt, moment_of
from shelters.rooms import capacity_in_use


@dataclass(frozen=True, slots=True)
class GivenCount:
    """A count as a device sent it: its id is the device's own, `at` is by the device's clock.

    `room` None is the place as a whole; `confirmed`: somebody was asked whether the number is
    right; `undoes` is the id of a count that this one takes back.
    """

    id: str
    kind: CountKind
    persons: int
    at: datetime
    room: str | None = None
    via: Via = Via.CLICKER
    confirmed: bool = False
    undoes: str | None = None


class Status(StrEnum):
    """What became of a count: in the figure, older than a count of all, in doubt, or not new."""

    APPLIED = "applied"
    SUPERSEDED = "superseded"
    HELD = "held"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one count."""

    id: str
    status: Status
    flags: tuple[Flag, ...]


class Taking:
    """What is `new` at a place, and the `figure` with it, None where a replay is needed.

    `ids` are those that are known anywhere; what is taken is added to them.
    """

    def __init__(self, place: Place, kept: Kept, known: Sequence[HeadCount], ids: set[str]) -> None:
        self.place = place
        same = kept.reckoned.begins == place.begins
        self.figure: Figure | None = kept.reckoned.figure if same else None
        self.new: list[Received] = []
        self._last = kept.reckoned.figure
        self._ids = ids
        self._here = {count.id: count for count in known}
        self._undone = {one.undoes for one in known if one.undoes and not one.held}

    def take(
        self, given: GivenCount, by: Caller, sent_at: datetime, now: datetime
    ) -> HeadCount | Taken:
        """Take one count; one whose id is known stays as it was received first."""
        if given.id in self._ids:
            flags = self._here[given.id].flags if given.id in self._here else ()
            return Taken(given.id, Status.KNOWN, flags)
        count = self._doubted(given, sent_at, now)
        self._apply(count)
        if self.figure and self.figure.raw < 0 and count.persons < 0 and not count.held:
            count = replace(count, flags=tuple(dict.fromkeys((*count.flags, Flag.NEGATIVE))))
        self._ids.add(count.id)
        self._here[count.id] = count
        self.new.append(Received(count, given.at, now, by.actor, given.confirmed))
        return count

    def result(self, one: HeadCount | Taken, figure: Figure, added: set[str]) -> Taken:
        """What became of what was taken, with the figure and the ids that the log did not know."""
        if isinstance(one, Taken):
            return one
        if one.id not in added:
            return Taken(one.id, Status.KNOWN, one.flags)
        if one.held:
            return Taken(one.id, Status.HELD, one.flags)
        gone = superseded(figure, one) or self._is_before(one)
        return Taken(one.id, Status.SUPERSEDED if gone else Status.APPLIED, one.flags)

    def _doubted(self, given: GivenCount, sent_at: datetime, now: datetime) -> HeadCount:
        moment = moment_of(given.at, sent_at=sent_at, now=now)
        size = None if given.undoes else self._size(given)
        flags = (*moment.flags, *([size] if size else []))
        return HeadCount(
            id=given.id,
            kind=given.kind,
            persons=given.persons,
            counted_at=moment.at,
            room=given.room,
            via=given.via,
            undoes=given.undoes,
            flags=flags,
            held=size is not None or Flag.FUTURE in flags,
        )

    def _size(self, given: GivenCount) -> Flag | None:
        rooms = {room.room: room.capacity for room in self.place.rooms}
        whole = capacity_in_use(self.place.rooms, self.place.stated, self.place.hazards)
        known = self._last.in_room(given.room) if given.room else self._last.persons
        capacity = rooms.get(given.room) or whole if given.room else whole
        return doubt(
            given.kind, given.persons, capacity=capacity, confirmed=given.confirmed, known=known
        )

    def _apply(self, count: HeadCount) -> None:
        original = None
        if count.undoes and count.undoes not in self._undone:
            original = self._here.get(count.undoes)
        if count.undoes and not count.held:
            self._undone.add(count.undoes)
        if self.figure is None or self._is_before(count):
            return
        if original and (original.undoes or self._is_before(original)):
            original = None
        undone = count.id in self._undone
        self.figure = after(self.figure, count, original=original, undone=undone)
        self._last = self.figure or self._last

    def _is_before(self, count: HeadCount) -> bool:
        """Whether it is of an earlier opening of the place."""
        return self.place.begins is not None and count.counted_at < self.place.begins
