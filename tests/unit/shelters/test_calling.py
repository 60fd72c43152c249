"""Whom headquarters calls next."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelters.calling import Uncounted, in_order_of_calls, unknown_since
from shelters.place import Opening
from shelters.settings import CrowdRules

NOW = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)


def ago(minutes: int) -> datetime:
    return NOW - timedelta(minutes=minutes)


def since(
    opening: Opening,
    *,
    opened: datetime | None = None,
    ordered: datetime | None = None,
    counted: datetime | None = None,
    below_zero: bool = False,
) -> datetime | None:
    return unknown_since(
        opening,
        opening_since=opened,
        ordered_since=ordered,
        counted_at=counted,
        below_zero=below_zero,
        rules=CrowdRules(),
        now=NOW,
    )


def test_an_open_place_has_the_life_of_a_figure_to_count_first() -> None:
    assert since(Opening.OPEN, opened=ago(29)) is None
    assert since(Opening.OPEN, opened=ago(50)) == ago(20)


def test_a_figure_past_its_time_is_missed_from_then_on() -> None:
    assert since(Opening.FULL, opened=ago(200), counted=ago(37)) == ago(7)
    assert since(Opening.FULL, opened=ago(200), counted=ago(23)) is None


def test_a_place_open_by_plan_is_asked_about_once_an_order_stands() -> None:
    assert since(Opening.UNCONFIRMED) is None
    assert since(Opening.UNCONFIRMED, ordered=ago(3)) == ago(3)
    assert since(Opening.UNCONFIRMED, ordered=ago(60), counted=ago(40)) == ago(10)
    assert since(Opening.UNCONFIRMED, ordered=ago(60), counted=ago(20)) is None


@pytest.mark.parametrize("opening", [Opening.OPEN, Opening.FULL, Opening.UNCONFIRMED])
def test_a_figure_below_zero_is_missed_from_the_moment_it_was_counted(opening: Opening) -> None:
    told: dict[str, Any] = {"opened": ago(200), "ordered": ago(200), "counted": ago(1)}
    assert since(opening, **told) is None
    assert since(opening, **told, below_zero=True) == ago(1)


@pytest.mark.parametrize("opening", [Opening.UNOPENED, Opening.PREPARING, Opening.CLOSED])
@pytest.mark.parametrize("below_zero", [False, True])
def test_where_nobody_is_sent_nobody_is_counted(opening: Opening, below_zero: bool) -> None:
    found = since(
        opening, opened=ago(300), ordered=ago(300), counted=ago(200), below_zero=below_zero
    )
    assert found is None


def test_near_to_full_comes_before_long_unknown_and_just_called_comes_last() -> None:
    places = [
        Uncounted("long", ago(90)),
        Uncounted("short", ago(10)),
        Uncounted("called", ago(300), near_full=True, called_at=ago(9)),
        Uncounted("called before", ago(60), called_at=ago(10)),
        Uncounted("near full", ago(1), near_full=True),
    ]
    found = [place.id for place in in_order_of_calls(places, NOW)]
    assert found == ["near full", "long", "called before", "short", "called"]


PLACES = st.lists(
    st.builds(
        Uncounted,
        id=st.text(max_size=3),
        unknown_since=st.integers(0, 600).map(ago),
        near_full=st.booleans(),
        called_at=st.none() | st.integers(0, 30).map(ago),
    ),
    max_size=20,
)


@given(PLACES)
@settings(deadline=None)
def test_no_place_is_lost_from_the_list(places: list[Uncounted]) -> None:
    found = in_order_of_calls(places, NOW)
    assert sorted(map(repr, found)) == sorted(map(repr, places))
