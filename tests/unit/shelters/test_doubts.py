"""What is odd about a count is said, and what is in doubt is not applied."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelters.counting import CountKind, Flag
from shelters.doubts import ON_THE_WAY, doubt, moment_of

NOW = datetime(2026, 9, 1, 11, 0, tzinfo=UTC)
S, M, H = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
CHANGE, TOTAL, STILL = CountKind.CHANGE, CountKind.TOTAL, CountKind.STILL


def test_a_count_of_a_moment_ago_is_nothing_odd() -> None:
    found = moment_of(NOW - 20 * S, sent_at=NOW - S, now=NOW)
    assert (found.at, found.flags) == (NOW - 20 * S, ())


@pytest.mark.parametrize("wrong", [2 * H, -2 * H, -3650 * 24 * H])
def test_a_clock_that_is_wrong_is_corrected_by_its_error(wrong: timedelta) -> None:
    found = moment_of(NOW - M + wrong, sent_at=NOW + wrong, now=NOW)
    assert NOW - M - ON_THE_WAY <= found.at <= NOW - M
    assert found.flags == (Flag.CLOCK,)


@pytest.mark.parametrize("offset_s", [-119, -121, 119, 118, 29, 31, 90])
def test_two_sendings_of_one_wrong_clock_stay_in_their_order(offset_s: int) -> None:
    """Also around two minutes, and where the error is half a minute more or less."""
    first = _counted_at(NOW, NOW + S, offset_s * S, 3 * S)
    second = _counted_at(NOW + 3 * S, NOW + 4 * S, offset_s * S, S / 10)
    assert first < second


def _counted_at(
    pressed: datetime, sent: datetime, offset: timedelta, latency: timedelta
) -> datetime:
    """When somebody pressed, by our clock, told by a device whose clock is `offset` ahead."""
    return moment_of(pressed + offset, sent_at=sent + offset, now=sent + latency).at


OFFSETS = st.floats(-3 * 3600, 3 * 3600).map(lambda s: s * S)
LATENCIES = st.floats(0.1, 15).map(lambda s: s * S)
WAITS = st.floats(0, 4 * 3600).map(lambda s: s * S)


def test_presses_after_a_total_stay_after_it_where_its_request_is_slow() -> None:
    total = _counted_at(NOW, NOW, timedelta(0), 10 * S)
    presses = [_counted_at(NOW + s * S, NOW + 10 * S, timedelta(0), S / 10) for s in range(1, 10)]
    assert [total, *presses] == [NOW + s * S for s in range(10)]


@given(LATENCIES, LATENCIES, WAITS, WAITS, st.floats(0.001, 600).map(lambda s: s * S))
@settings(deadline=None)
def test_presses_of_a_right_clock_stay_in_their_order(
    latency: timedelta,
    latency_later: timedelta,
    wait: timedelta,
    wait_later: timedelta,
    between: timedelta,
) -> None:
    """Whichever request is longer on the way."""
    later = NOW + between
    first = _counted_at(NOW, NOW + wait, timedelta(0), latency)
    second = _counted_at(later, later + wait_later, timedelta(0), latency_later)
    assert first < second


@given(OFFSETS, LATENCIES, LATENCIES, WAITS, WAITS, st.floats(15, 600).map(lambda s: s * S))
@settings(deadline=None, max_examples=600)
def test_presses_of_a_wrong_clock_stay_in_their_order_where_no_request_lasts_as_long(
    offset: timedelta,
    latency: timedelta,
    latency_later: timedelta,
    wait: timedelta,
    wait_later: timedelta,
    between: timedelta,
) -> None:
    """Whatever its clock says, and whichever request is longer on the way."""
    later = NOW + between
    first = _counted_at(NOW, NOW + wait, offset, latency)
    second = _counted_at(later, later + wait_later, offset, latency_later)
    assert first < second


@given(OFFSETS, LATENCIES, WAITS)
@settings(deadline=None)
def test_a_wrong_clock_is_put_right_and_never_past_now(
    offset: timedelta, latency: timedelta, wait: timedelta
) -> None:
    found = _counted_at(NOW, NOW + wait, offset, latency)
    assert abs(found - NOW) <= ON_THE_WAY
    assert found <= NOW + wait + latency


@given(LATENCIES, WAITS)
@settings(deadline=None)
def test_a_right_clock_is_never_touched(latency: timedelta, wait: timedelta) -> None:
    assert _counted_at(NOW, NOW + wait, timedelta(0), latency) == NOW


@pytest.mark.parametrize("ahead_s", [1, 50, 119])
def test_a_moment_a_little_ahead_of_now_is_now(ahead_s: int) -> None:
    found = moment_of(NOW + ahead_s * S, sent_at=NOW, now=NOW)
    assert (found.at, found.flags) == (NOW, ())


def test_a_count_from_the_future_is_flagged() -> None:
    assert Flag.FUTURE in moment_of(NOW + 3 * M, sent_at=NOW, now=NOW).flags
    assert moment_of(NOW + 90 * S, sent_at=NOW + 90 * S, now=NOW).flags == ()


def test_a_count_hours_later_is_late() -> None:
    found = moment_of(NOW - 3 * H, sent_at=NOW, now=NOW)
    assert (found.at, found.flags) == (NOW - 3 * H, (Flag.LATE,))


@pytest.mark.parametrize(
    ("kind", "persons", "capacity", "flag"),
    [
        (TOTAL, 143, 100, None),
        (TOTAL, 1000, 100, None),
        (TOTAL, 1001, 100, Flag.TEN_TIMES),
        (STILL, 1001, 100, None),
        (STILL, -1, 100, None),
        (TOTAL, 5000, None, None),
        (TOTAL, 5001, None, Flag.TEN_TIMES),
        (TOTAL, 5001, 0, Flag.TEN_TIMES),
        (TOTAL, -1, 100, Flag.NEGATIVE),
        (CHANGE, 500, 10, None),
        (CHANGE, -501, 10, Flag.TEN_TIMES),
    ],
)
def test_an_unlikely_number_is_doubted(
    kind: CountKind, persons: int, capacity: int | None, flag: Flag | None
) -> None:
    assert doubt(kind, persons, capacity=capacity, confirmed=False) is flag


def test_what_a_person_confirms_is_believed_but_never_fewer_than_nobody() -> None:
    for kind in CountKind:
        assert doubt(kind, 9999, capacity=100, confirmed=True) is None
    assert doubt(TOTAL, -5, capacity=100, confirmed=True) is Flag.NEGATIVE
