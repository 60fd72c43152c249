"""What is odd about a count is said, and what is in doubt is not applied."""

from datetime import UTC, datetime, timedelta

import pytest

from shelters.counting import CountKind, Flag
from shelters.doubts import doubt, moment_of

NOW = datetime(2026, 9, 1, 11, 0, tzinfo=UTC)
S, M, H = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
CHANGE, TOTAL, STILL = CountKind.CHANGE, CountKind.TOTAL, CountKind.STILL


def test_a_count_of_a_moment_ago_is_nothing_odd() -> None:
    found = moment_of(NOW - 20 * S, sent_at=NOW - S, now=NOW)
    assert (found.at, found.flags) == (NOW - 20 * S, ())


@pytest.mark.parametrize("wrong", [2 * H, -2 * H, -3650 * 24 * H])
def test_a_clock_that_is_wrong_is_corrected_by_its_error(wrong: timedelta) -> None:
    found = moment_of(NOW - M + wrong, sent_at=NOW + wrong, now=NOW)
    assert (found.at, found.flags) == (NOW - M, (Flag.CLOCK,))


def test_two_sendings_of_one_wrong_clock_stay_in_their_order() -> None:
    first = moment_of(NOW + 2 * H, sent_at=NOW + 2 * H, now=NOW + 4 * S)
    second = moment_of(NOW + 2 * H + S, sent_at=NOW + 2 * H + S, now=NOW + S)
    assert first.at < second.at


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
        (STILL, 1001, 100, Flag.TEN_TIMES),
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
    found = doubt(kind, persons, capacity=capacity, confirmed=False, known=10)
    assert found is flag


def test_what_a_person_confirms_is_believed_but_never_fewer_than_nobody() -> None:
    for kind in CountKind:
        assert doubt(kind, 9999, capacity=100, confirmed=True, known=10) is None
    assert doubt(TOTAL, -5, capacity=100, confirmed=True, known=10) is Flag.NEGATIVE


def test_still_current_is_no_news_however_large() -> None:
    assert doubt(STILL, 1430, capacity=100, confirmed=False, known=1430) is None
