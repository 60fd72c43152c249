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
    """What became of a count: in the figure, older than a count of all, in doubt, or not new.

    REFUSED: its id is that of a count of another place, and nothing of it is kept.
    """

    APPLIED = "applied"
    SUPERSEDED = "superseded"
    HELD = "held"
    KNOWN = "known"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one count."""

    id: str
    status: Status
    flags: tuple[Flag, ...]


class Taking:
    """What is `new` at a place, and the `figure` with it, None where a replay is needed.

    `ids` are those that are known at any place; what is taken is added to them.
    """

    def __init__(self, place: Place, kept: Kept, known: Sequence[HeadCount], ids: set[str]) -> None:
        self.place = place
        same = kept.reckoned.begins == place.begins
        self.figure: Figure | None = kept.reckoned.figure if same else None
        self.new: list[Received] = []
        self._ids = ids
        self._here = {count.id: count for count in known}
        self._undone = {one.undoes for one in known if self._is_undoing(one)}

    def take(
        self, given: GivenCount, by: Caller, sent_at: datetime, now: datetime
    ) -> HeadCount | Taken:
        """Take one count; one whose id is known here stays as it was received first."""
        if given.id in self._here:
            return Taken(given.id, Status.KNOWN, self._here[given.id].flags)
        if given.id in self._ids:
            return _of_another_place(given.id)
        count = self._doubted(given, sent_at, now)
        self._apply(count)
        if self.figure and self.figure.raw < 0 and count.persons < 0 and not count.held:
            count = replace(count, flags=tuple(dict.fromkeys((*count.flags, Flag.NEGATIVE))))
        self._ids.add(count.id)
        self._here[count.id] = count
        self.new.append(Received(count, given.at, now, by.actor, given.confirmed))
        return count

    def result(self, one: HeadCount | Taken, figure: Figure, added: set[str]) -> Taken:
        """What became of what was taken, with the figure and the ids that the log did not know.

        It knows those of the same place under the id that a reload took from it: their persons are
        in the figure with which the new id began.
        """
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
            room=given.room if self._has(given) else None,
            via=given.via,
            undoes=given.undoes,
            flags=flags,
            held=size is not None or Flag.FUTURE in flags,
        )

    def _has(self, given: GivenCount) -> bool:
        """Whether the room is one of the place's. Who came into another one came into the place;
        how many are in it all in all is kept under its name.
        """
        change = given.kind is CountKind.CHANGE
        return not change or any(room.room == given.room for room in self.place.rooms)

    def _size(self, given: GivenCount) -> Flag | None:
        rooms = {room.room: room.capacity for room in self.place.rooms}
        whole = capacity_in_use(self.place.rooms, self.place.stated, self.place.hazards)
        capacity = rooms.get(given.room) or whole if given.room else whole
        return doubt(given.kind, given.persons, capacity=capacity, confirmed=given.confirmed)

    def _apply(self, count: HeadCount) -> None:
        original = None
        if count.undoes and count.undoes not in self._undone:
            original = self._here.get(count.undoes)
        if count.undoes and self._is_undoing(count):
            self._undone.add(count.undoes)
        if self.figure is None or self._is_before(count):
            return
        if original and (original.undoes or self._is_before(original)):
            original = None
        undone = count.id in self._undone
        self.figure = after(self.figure, count, original=original, undone=undone)

    def _is_undoing(self, count: HeadCount) -> bool:
        """Whether it takes back a count of this opening."""
        return bool(count.undoes) and not count.held and not self._is_before(count)

    def _is_before(self, count: HeadCount) -> bool:
        """Whether it is of an earlier opening of the place."""
        return self.place.begins is not None and count.counted_at < self.place.begins


def _of_another_place(count_id: str) -> Taken:
    """Nobody is counted twice under one id, and nobody is told that they were counted here."""
    return Taken(count_id, Status.REFUSED, (Flag.ELSEWHERE,))
