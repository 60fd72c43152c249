"""How full a place is, in a word that neither flaps nor grows old unseen."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelters.congestion import (
    Band,
    Counted,
    Shown,
    band_of,
    call_at,
    find_band,
    next_shown,
)
from shelters.place import Opening
from shelters.settings import CrowdRules

RULES = CrowdRules()
EIGHT = datetime(2026, 9, 1, 11, 0, tzinfo=UTC)
S, M = timedelta(seconds=1), timedelta(minutes=1)


def counted(persons: int | None, at: datetime = EIGHT, capacity: int | None = 100) -> Counted:
    return Counted(persons, capacity, at)


@pytest.mark.parametrize(
    ("ratio", "band"),
    [
        (0, Band.ROOM),
        (0.59, Band.ROOM),
        (0.6, Band.SOME),
        (0.8, Band.CROWDED),
        (1.0, Band.FULL),
        (3.0, Band.FULL),
    ],
)
def test_each_word_begins_at_its_threshold(ratio: float, band: Band) -> None:
    assert band_of(ratio, None, RULES) is band


def test_a_word_is_taken_back_only_well_below_its_threshold() -> None:
    assert band_of(0.96, Band.FULL, RULES) is Band.FULL
    assert band_of(0.94, Band.FULL, RULES) is Band.CROWDED
    assert band_of(0.94, Band.CROWDED, RULES) is Band.CROWDED
    assert band_of(0.1, Band.FULL, RULES) is Band.ROOM


@given(st.floats(0, 3), st.sampled_from([None, *Band]))
@settings(deadline=None)
def test_hysteresis_never_calls_a_place_emptier_than_it_is(ratio: float, before: Band) -> None:
    order = list(Band)
    assert order.index(band_of(ratio, before, RULES)) >= order.index(band_of(ratio, None, RULES))


@pytest.mark.parametrize(("persons", "capacity"), [(None, 100), (30, None), (30, 0)])
def test_no_figure_or_no_capacity_is_unknown(persons: int | None, capacity: int | None) -> None:
    assert find_band(persons, capacity, Band.ROOM, RULES) is None


def test_the_first_figure_is_shown_at_once_and_is_due_when_it_grows_old() -> None:
    shown, due = next_shown(Shown(), counted(10), EIGHT, RULES)
    assert (shown.band, shown.persons, due) == (Band.ROOM, 10, EIGHT + 30 * M)


def test_a_second_change_waits_until_its_minute_is_over() -> None:
    first, _ = next_shown(Shown(), counted(10), EIGHT, RULES)
    later = counted(85, EIGHT + 20 * S)
    same, due = next_shown(first, later, EIGHT + 20 * S, RULES)
    assert (same, due) == (first, EIGHT + 60 * S)
    shown, due = next_shown(first, later, EIGHT + 60 * S, RULES)
    assert (shown.band, due) == (Band.CROWDED, EIGHT + 20 * S + 30 * M)


def test_rule_19_an_old_figure_reads_unknown_by_itself_and_at_once() -> None:
    first, due = next_shown(Shown(), counted(10), EIGHT, RULES)
    assert due is not None
    for now in (due, due + S):
        shown, again = next_shown(first, counted(10), now, RULES)
    assert (shown.band, shown.persons, shown.counted_at, again) == (None, None, EIGHT, None)


def test_an_old_figure_does_not_wait_for_its_minute() -> None:
    late = counted(10, EIGHT - 29.5 * M)
    first, due = next_shown(Shown(), late, EIGHT, RULES)
    assert due == EIGHT + 30 * S
    shown, _ = next_shown(first, late, EIGHT + 31 * S, RULES)
    assert shown.persons is None


def test_an_empty_and_full_place_every_5_s_changes_once_a_minute() -> None:
    shown, changes, due = Shown(), [], None
    for tick in range(240):
        now = EIGHT + 5 * tick * S
        figure = counted(0 if tick % 2 else 120, now)
        after, due = next_shown(shown, figure, now, RULES)
        if after != shown:
            changes.append(now)
            assert due is not None
        shown = after
    gaps = [later - earlier for earlier, later in pairwise(changes)]
    assert len(changes) == 20
    assert min(gaps) >= 60 * S


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 150)), max_size=60))
@settings(deadline=None)
def test_the_public_sees_at_most_one_figure_a_minute_and_ends_with_the_newest(
    clicks: list[tuple[int, int]],
) -> None:
    shown, now, changes, figure = Shown(), EIGHT, [], counted(0)
    for pause, persons in clicks:
        now += pause * S
        figure = counted(persons, now)
        after, _ = next_shown(shown, figure, now, RULES)
        changes += [now] if after != shown else []
        shown = after
    assert all(b - a >= 60 * S for a, b in pairwise(changes))
    shown, due = next_shown(shown, figure, now, RULES)
    while due and due < figure.counted_at + 30 * M:  # type: ignore[operator]
        shown, due = next_shown(shown, figure, due, RULES)
    assert shown.persons == figure.persons


def test_a_place_with_people_in_it_is_called_when_nobody_has_counted() -> None:
    assert call_at(Opening.OPEN, EIGHT, None, RULES) == EIGHT + 30 * M
    assert call_at(Opening.FULL, EIGHT, EIGHT + 5 * M, RULES) == EIGHT + 35 * M
    assert call_at(Opening.ENDANGERED, EIGHT, None, RULES) == EIGHT + 30 * M
    for opening in (Opening.UNOPENED, Opening.PREPARING, Opening.CLOSED, Opening.UNCONFIRMED):
        assert call_at(opening, EIGHT, EIGHT, RULES) is None


def test_the_first_figure_does_not_wait_for_a_place_that_was_just_listed() -> None:
    listed, due = next_shown(Shown(), Counted(None, 100, None), EIGHT, RULES)
    assert (listed.capacity, listed.persons, due) == (100, None, None)
    shown, _ = next_shown(listed, counted(10, EIGHT + 5 * S), EIGHT + 5 * S, RULES)
    assert shown.persons == 10


def test_a_clock_that_was_set_back_freezes_nothing() -> None:
    ahead, _ = next_shown(Shown(), counted(10, EIGHT + 120 * M), EIGHT + 120 * M, RULES)
    shown, _ = next_shown(ahead, counted(20), EIGHT, RULES)
    assert shown.persons == 20


def test_who_waited_while_others_were_served_shows_the_public_no_second_change() -> None:
    first, _ = next_shown(Shown(), counted(10), EIGHT, RULES)
    crowded, _ = next_shown(first, counted(85, EIGHT + 70 * S), EIGHT + 70 * S, RULES)
    late = EIGHT + 69.9 * S
    same, due = next_shown(crowded, counted(10, late), late, RULES)
    assert (same, due) == (crowded, EIGHT + 130 * S)
