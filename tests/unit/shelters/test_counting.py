"""A figure is what a replay of its head counts says, in whatever order they arrived."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from shelters.counting import CountKind, Figure, HeadCount, Via, after, figure, superseded

EIGHT = datetime(2026, 9, 1, 11, 0, tzinfo=UTC)
"""20:00 in Japan."""
CHANGE, TOTAL, STILL = CountKind.CHANGE, CountKind.TOTAL, CountKind.STILL


def a_count(kind: CountKind, persons: int, minute: float, **more: Any) -> HeadCount:
    at = EIGHT + timedelta(minutes=minute)
    name = more.pop("id", f"{kind}{persons}@{minute}{more.get('room', '')}")
    return HeadCount(id=name, kind=kind, persons=persons, counted_at=at, **more)


def persons(*counts: HeadCount) -> int | None:
    return figure(counts).persons


class Log:
    """What the database does with counts that arrive one by one, in memory."""

    def __init__(self) -> None:
        self.known: dict[str, HeadCount] = {}
        self.figure = Figure()
        self.replays = 0

    def take(self, count: HeadCount) -> None:
        if count.id in self.known:
            return
        undone = {one.undoes for one in self.known.values() if one.undoes and not one.held}
        original = self.known.get(count.undoes) if count.undoes else None
        if original and (original.id in undone or original.undoes):
            original = None
        self.known[count.id] = count
        found = after(self.figure, count, original=original, undone=count.id in undone)
        self.replays += found is None
        self.figure = figure(self.known.values()) if found is None else found


def test_nobody_counted_is_unknown_and_not_nobody() -> None:
    assert figure([]).persons is None
    assert persons(a_count(TOTAL, 0, 0)) == 0


def test_changes_add_up_from_an_empty_place() -> None:
    assert persons(a_count(CHANGE, 5, 0), a_count(CHANGE, 1, 1), a_count(CHANGE, -2, 2)) == 4


def test_a_total_supersedes_what_was_counted_before_it() -> None:
    late = a_count(CHANGE, 7, 1)
    found = figure([a_count(TOTAL, 100, 2), a_count(CHANGE, 3, 3), late])
    assert found.persons == 103
    assert superseded(found, late)
    assert not superseded(found, a_count(CHANGE, 3, 3))


def test_still_current_says_the_total_again_and_makes_it_young() -> None:
    found = figure([a_count(TOTAL, 40, 0), a_count(STILL, 40, 25)])
    assert (found.persons, found.counted_at) == (40, EIGHT + timedelta(minutes=25))


def test_still_current_wipes_out_nobody_whom_another_tablet_counted_offline() -> None:
    """One tablet says that 40 are still inside; another comes back with 50 who came before that."""
    log = Log()
    log.take(a_count(TOTAL, 40, 0))
    log.take(a_count(STILL, 40, 25))
    for minute in range(10, 20):
        log.take(a_count(CHANGE, 5, minute))
    assert (log.figure.persons, log.figure.counted_at) == (90, EIGHT + timedelta(minutes=25))
    assert log.figure == figure(log.known.values())


def test_still_current_changes_no_number_whatever_it_names() -> None:
    counted = [a_count(TOTAL, 40, 0), a_count(TOTAL, 30, 1, room="gym")]
    found = figure([*counted, a_count(STILL, 7, 25), a_count(STILL, 99, 26, room="gym")])
    assert (found.persons, found.in_room("gym"), found.whole) == (40, 30, counted[0].key)
    assert found.counted_at == EIGHT + timedelta(minutes=26)


def test_still_current_says_nothing_where_nobody_ever_counted() -> None:
    still = a_count(STILL, 40, 25, via=Via.PHONE)
    found = figure([still])
    assert (found.persons, found.counted_at, found.via) == (None, None, None)
    assert superseded(found, still)
    log = Log()
    log.take(still)
    log.take(a_count(TOTAL, 12, 5))
    assert (log.figure.persons, log.figure.counted_at) == (12, EIGHT + timedelta(minutes=25))
    assert (log.figure.via, superseded(log.figure, still)) == (Via.PHONE, False)


def test_still_current_that_is_undone_takes_nobody_away() -> None:
    log = Log()
    for count in (
        a_count(TOTAL, 40, 0),
        a_count(STILL, 40, 25, id="still"),
        a_count(CHANGE, -40, 26, undoes="still"),
    ):
        log.take(count)
    assert log.figure.persons == 40
    assert log.figure == figure(log.known.values())


def test_a_late_total_only_sets_what_newer_changes_are_added_to() -> None:
    log = Log()
    log.take(a_count(CHANGE, 2, 10))
    log.take(a_count(TOTAL, 50, 5))
    assert log.figure.persons == 52
    log.take(a_count(TOTAL, 60, 20))
    log.take(a_count(TOTAL, 10, 15))
    assert (log.figure.persons, log.figure.counted_at) == (60, EIGHT + timedelta(minutes=20))


def test_more_who_left_than_came_shows_nobody_and_forgets_nothing() -> None:
    found = figure([a_count(CHANGE, -3, 0)])
    assert (found.raw, found.persons) == (-3, 0)
    assert persons(a_count(CHANGE, -3, 0), a_count(CHANGE, 5, 1)) == 2


def test_what_is_held_changes_nothing_but_is_kept_in_sight() -> None:
    held = a_count(TOTAL, 1430, 5, held=True)
    found = figure([a_count(TOTAL, 143, 0), held])
    assert (found.persons, found.held) == (143, (held,))
    assert figure([a_count(TOTAL, 143, 0), held, a_count(TOTAL, 150, 9)]).held == ()


def test_counts_in_rooms_find_those_who_were_counted_at_the_door() -> None:
    door = a_count(TOTAL, 143, 0)
    rooms = [a_count(TOTAL, 98, 1, room="gym"), a_count(TOTAL, 22, 2, room="kitchen")]
    assert persons(door, *rooms) == 143
    assert persons(door, *rooms, a_count(TOTAL, 50, 3, room="music")) == 98 + 22 + 50


def test_without_a_count_at_the_door_the_rooms_are_the_place() -> None:
    found = figure([a_count(TOTAL, 98, 1, room="gym"), a_count(CHANGE, 2, 2, room="gym")])
    assert (found.persons, found.in_room("gym")) == (100, 100)
    assert persons(a_count(TOTAL, 98, 1, room="gym"), a_count(TOTAL, 90, 2, room="gym")) == 90


def test_fewer_in_the_place_than_in_its_rooms_makes_the_rooms_unknown() -> None:
    found = figure([a_count(TOTAL, 98, 1, room="gym"), a_count(TOTAL, 60, 2)])
    assert (found.persons, found.in_room("gym")) == (60, None)
    later = figure([a_count(TOTAL, 98, 1, room="gym"), a_count(TOTAL, 120, 2)])
    assert (later.persons, later.in_room("gym")) == (120, 98)


def test_a_room_of_which_nobody_said_who_was_in_it_stays_unknown() -> None:
    found = figure([a_count(TOTAL, 143, 0), a_count(CHANGE, 1, 1, room="gym")])
    assert (found.persons, found.in_room("gym")) == (144, None)


def test_an_undoing_takes_back_once_however_often_it_is_sent() -> None:
    five = a_count(CHANGE, 5, 1, id="five")
    undo = [a_count(CHANGE, -5, 2, id=f"undo{n}", undoes="five") for n in range(2)]
    assert persons(a_count(TOTAL, 10, 0), five, *undo) == 10
    log = Log()
    for count in (undo[0], undo[0], five, undo[1], five):
        log.take(count)
    assert log.figure.persons == 0


def test_an_undoing_before_its_count_arrives_waits_for_it() -> None:
    log = Log()
    log.take(a_count(TOTAL, 10, 0))
    log.take(a_count(CHANGE, -5, 2, undoes="five"))
    assert log.figure.persons == 10
    log.take(a_count(CHANGE, 5, 1, id="five"))
    assert log.figure.persons == 10


def test_undoing_what_a_later_total_covers_takes_nobody_away() -> None:
    five = a_count(CHANGE, 5, 1, id="five")
    total, undo = a_count(TOTAL, 30, 2), a_count(CHANGE, -5, 3, undoes="five")
    assert persons(five, total, undo) == 30


def test_a_total_typed_wrongly_can_be_undone() -> None:
    wrong = a_count(TOTAL, 14, 5, id="wrong")
    log = Log()
    for count in (a_count(TOTAL, 140, 0), wrong, a_count(CHANGE, -14, 6, undoes="wrong")):
        log.take(count)
    assert log.figure.persons == 140


def test_an_undoing_cannot_be_undone() -> None:
    five = a_count(CHANGE, 5, 1, id="five")
    undo = a_count(CHANGE, -5, 2, id="undo", undoes="five")
    again = a_count(CHANGE, 5, 3, id="again", undoes="undo")
    assert persons(five, undo, again) == 0


def test_a_click_needs_no_replay_after_any_number_of_counts() -> None:
    log = Log()
    log.take(a_count(TOTAL, 10, 0))
    for minute in range(1, 200):
        log.take(a_count(CHANGE, 1, minute, id=f"click{minute:03}", room="gym"))
    log.take(a_count(CHANGE, 1, 50.5, id="from an offline tablet"))
    log.take(a_count(CHANGE, -1, 201, id="undo", undoes="click150"))
    log.take(a_count(CHANGE, 9, -1, id="older than the total"))
    assert log.replays == 0
    assert log.figure == figure(log.known.values())


IDS = [f"id{number}" for number in range(7)]


@st.composite
def counts(draw: st.DrawFn) -> list[HeadCount]:
    """A night of up to 7 counts: rooms, late ones, held ones, undoings of whatever there is."""
    chosen = draw(st.lists(st.sampled_from(IDS), min_size=1, max_size=7, unique=True))
    made = []
    for name in chosen:
        kind = draw(st.sampled_from(CountKind))
        count = a_count(
            kind,
            draw(st.integers(-6, 12) if kind is CHANGE else st.integers(0, 20)),
            draw(st.integers(0, 6)),
            id=name,
            room=draw(st.sampled_from([None, None, "gym", "music"])),
            via=draw(st.sampled_from(Via)),
            held=draw(st.integers(0, 5)) == 0,
        )
        if draw(st.integers(0, 3)) == 0:
            count = replace(count, kind=CHANGE, undoes=draw(st.sampled_from(IDS)))
        made.append(count)
    return made


@given(counts(), st.data())
@settings(deadline=None, max_examples=600)
def test_any_order_and_any_repetition_make_the_same_figure(
    night: list[HeadCount], data: st.DataObject
) -> None:
    arrived = data.draw(st.permutations(night)) + data.draw(st.lists(st.sampled_from(night)))
    mixed = data.draw(st.permutations(arrived))
    log = Log()
    for count in mixed:
        log.take(count)
        assert log.figure == figure(log.known.values())
    assert log.figure == figure(night) == figure(mixed)


@given(counts())
@settings(deadline=None, max_examples=200)
def test_a_place_never_holds_fewer_than_nobody(night: list[HeadCount]) -> None:
    found = figure(night)
    assert found.persons is None or found.persons >= 0
    assert all((found.in_room(room) or 0) >= 0 for room in found.rooms)


@given(counts(), st.sampled_from([None, "gym"]), st.integers(0, 50), st.integers(0, 7))
@settings(deadline=None, max_examples=200)
def test_no_still_current_ever_changes_a_number(
    night: list[HeadCount], room: str | None, number: int, minute: int
) -> None:
    before = figure(night)
    after_it = figure([*night, a_count(STILL, number, minute, id="still", room=room)])
    seen = replace(after_it, newest=before.newest, via=before.via, still=before.still)
    assert seen == before


@given(counts(), st.integers(0, 50))
@settings(deadline=None, max_examples=200)
def test_whoever_counts_everybody_last_is_believed(night: list[HeadCount], number: int) -> None:
    assert figure([*night, a_count(TOTAL, number, 7, id="last")]).persons == number
