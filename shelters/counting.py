"""Head counts: an append-only log of what people counted, and the figure that it makes.

The figure is that of a replay in the order (counted_at, id), whatever the order of arrival and
however often an event arrives. An event that comes last in that order, or that only adds, needs no
replay (`after`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeAlias

Key: TypeAlias = tuple[datetime, str]
HELD_SHOWN: Final = 20
"""Of what is held, the newest ones that a figure keeps in sight."""


class CountKind(StrEnum):
    """CHANGE adds; TOTAL is all who are there; STILL (変わりなし) says that nothing has changed.

    A STILL makes the figure younger and never another one, whatever number it names: whoever says
    it has perhaps not seen what another tablet counted and could not send yet.
    """

    CHANGE = "change"
    TOTAL = "total"
    STILL = "still"


class Via(StrEnum):
    """How the people were counted."""

    CLICKER = "clicker"
    TALLY = "tally"
    QR = "qr"
    PHONE = "phone"
    HEADQUARTERS = "headquarters"


COUNTED_BY: Final[Mapping[Via, str]] = {
    Via.CLICKER: "係員",
    Via.TALLY: "係員",
    Via.QR: "係員",
    Via.PHONE: "電話",
    Via.HEADQUARTERS: "本部",
}


class Flag(StrEnum):
    """What is odd about a count: kept and said, whether or not it is applied.

    ELSEWHERE alone is never kept: another place has a count of this id.
    """

    NEGATIVE = "negative"
    TEN_TIMES = "ten_times"
    FUTURE = "future"
    CLOCK = "clock"
    LATE = "late"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class HeadCount:
    """One count as it was received. `room` None is the place as a whole.

    `held` counts are kept and not applied until a person says the number again. `undoes` names the
    count that this one takes back; its own number then says nothing.
    """

    id: str
    kind: CountKind
    persons: int
    counted_at: datetime
    room: str | None = None
    via: Via = Via.CLICKER
    undoes: str | None = None
    flags: tuple[Flag, ...] = ()
    held: bool = False

    @property
    def key(self) -> Key:
        """Its place in the order of a replay."""
        return self.counted_at, self.id

    @property
    def is_absolute(self) -> bool:
        """Whether it says how many there are, rather than how many came or went."""
        return self.kind is CountKind.TOTAL and self.undoes is None

    @property
    def is_still(self) -> bool:
        """Whether it counts nobody, and says that the figure is right."""
        return self.kind is CountKind.STILL and self.undoes is None

    def taken_back(self) -> "HeadCount":
        """What is left of it once it is undone: somebody was there and counted nobody."""
        return self if self.is_still else replace(self, kind=CountKind.CHANGE, persons=0)


@dataclass(frozen=True, slots=True)
class Figure:
    """Who is inside. `loose` are persons counted without a room; of a room None is unknown.

    `raw` may be negative, so that changes may come in any order; `persons` never is, and is None
    where nobody ever counted. `newest` is the newest count or STILL, `via` how it was said.
    `absolute` and `whole` are the newest counts of all who were there, in any room and in the place
    as a whole. Where nobody counted there is nothing that is still right: `still` then keeps the
    newest STILL for a count that was made before it and arrives after it.
    """

    loose: int = 0
    rooms: Mapping[str, int | None] = field(default_factory=dict)
    newest: Key | None = None
    absolute: Key | None = None
    whole: Key | None = None
    via: Via | None = None
    held: tuple[HeadCount, ...] = ()
    still: tuple[Key, Via] | None = None

    @property
    def raw(self) -> int:
        """The sum of all that was counted."""
        return self.loose + self.in_rooms

    @property
    def in_rooms(self) -> int:
        """The sum of the rooms that are known."""
        return sum(count for count in self.rooms.values() if count is not None)

    @property
    def persons(self) -> int | None:
        """How many are inside, None where nobody ever counted."""
        return None if self.newest is None else max(0, self.raw)

    @property
    def counted_at(self) -> datetime | None:
        """When somebody counted last, or said that it is still right."""
        return self.newest[0] if self.newest else None

    def in_room(self, room: str) -> int | None:
        """How many are in a room, None where that is not known."""
        count = self.rooms.get(room)
        return None if count is None else max(0, count)


def figure(counts: Iterable[HeadCount]) -> Figure:
    """Replay counts that are given in any order, some perhaps several times."""
    known = {count.id: count for count in counts}
    undone = {count.undoes for count in known.values() if count.undoes and not count.held}
    found = Figure()
    for count in sorted(known.values(), key=lambda one: one.key):
        found = _applied(found, count, undone=count.id in undone)
    return found


def after(
    before: Figure, count: HeadCount, *, original: HeadCount | None = None, undone: bool = False
) -> Figure | None:
    """The figure with a count that is not in it yet, None where only a replay tells.

    `original` is what the count undoes, if that is known and was not undone before; `undone` says
    that a count which undoes this one was there first.
    """
    if original is None or count.held:
        return _after_own(before, count, undone=undone)
    if original.held or original.is_absolute:
        return None
    seen = _applied(before, count)
    if original.is_still or _is_superseded(before, original):
        return seen
    if before.absolute and original.key < before.absolute:
        return None
    return _added(seen, original.room, -original.persons)


def superseded(found: Figure, count: HeadCount) -> bool:
    """Whether a newer count of all who were there leaves nothing of this one in the total.

    Nor does anything come of a STILL where nobody ever counted.
    """
    if count.is_still and found.newest is None:
        return True
    return found.whole is not None and count.key < found.whole


def _after_own(before: Figure, count: HeadCount, *, undone: bool) -> Figure | None:
    late = before.newest is not None and count.key < before.newest
    covered = before.absolute is not None and count.key < before.absolute
    says = not (count.undoes or count.held or count.is_still)
    if says and not _is_superseded(before, count):
        sets = count.is_absolute and not undone
        if (late and sets) or covered:
            return None
    return _applied(before, count, undone=undone)


def _is_superseded(before: Figure, count: HeadCount) -> bool:
    """A change of the place as a whole, before all who were there were counted."""
    return not count.is_absolute and count.room is None and superseded(before, count)


def _applied(before: Figure, count: HeadCount, *, undone: bool = False) -> Figure:
    undone = undone and count.undoes is None
    if count.held:
        held = before.held if undone else _in_sight(before.whole, (*before.held, count))
        return replace(before, held=held)
    count = count.taken_back() if undone else count
    seen = _dated(before, count)
    if count.undoes is not None or count.is_still or _is_superseded(before, count):
        return seen
    if not count.is_absolute:
        return _added(seen, count.room, count.persons)
    return _counted_room(seen, count) if count.room else _counted_whole(seen, count)


def _dated(before: Figure, count: HeadCount) -> Figure:
    """The figure of the moment of a count, if that is the newest."""
    said = (count.key, count.via)
    if before.newest is None:
        said = max(said, before.still or said)
        if count.is_still:
            return replace(before, still=said)
    elif count.key <= before.newest:
        return before
    return replace(before, newest=said[0], via=said[1], still=None)


def _added(before: Figure, room: str | None, persons: int) -> Figure:
    """A room of which nobody said how many were in it before is unknown, and its people loose."""
    if room is None:
        return replace(before, loose=before.loose + persons)
    empty = None if before.whole else 0
    count = before.rooms.get(room, empty)
    if count is None:
        rooms = {**before.rooms, room: None}
        return replace(before, loose=before.loose + persons, rooms=rooms)
    return replace(before, rooms={**before.rooms, room: count + persons})


def _counted_room(before: Figure, count: HeadCount) -> Figure:
    """All in one room: whoever was counted without a room is found there first.

    So a count at the door and counts in the rooms give nobody twice; what the loose ones do not
    explain changes the total.
    """
    more = count.persons - (before.rooms.get(str(count.room)) or 0)
    explained = min(more, max(before.loose, 0)) if more > 0 else max(more, min(before.loose, 0))
    return replace(
        before,
        loose=before.loose - explained,
        rooms={**before.rooms, str(count.room): count.persons},
        absolute=count.key,
    )


def _counted_whole(before: Figure, count: HeadCount) -> Figure:
    """All in the place: fewer than the rooms' sum, and nobody knows any more who is where."""
    negative = any(known is not None and known < 0 for known in before.rooms.values())
    wrong = negative or before.in_rooms > count.persons
    rooms: Mapping[str, int | None] = dict.fromkeys(before.rooms) if wrong else before.rooms
    loose = count.persons - (0 if wrong else before.in_rooms)
    held = _in_sight(count.key, before.held)
    return replace(before, loose=loose, rooms=rooms, absolute=count.key, whole=count.key, held=held)


def _in_sight(whole: Key | None, held: Iterable[HeadCount]) -> tuple[HeadCount, ...]:
    """What is held and newer than the last count of the whole place, oldest first."""
    newer = sorted((one for one in held if not whole or one.key > whole), key=lambda one: one.key)
    return tuple(newer[-HELD_SHOWN:])
