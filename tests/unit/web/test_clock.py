"""Ages in words, times in the city's zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from web.clock import Clock
from web.language import translator

NOW = datetime(2026, 10, 10, 11, 42, tzinfo=UTC)
CLOCK = Clock(ZoneInfo("Asia/Tokyo"), NOW, translator("ja"))


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (-5, "たった今"),
        (0.9, "たった今"),
        (1, "1分前"),
        (59, "59分前"),
        (60, "1時間前"),
        (112, "1時間52分前"),
        (60 * 24, "1日前"),
        (60 * 50, "2日前"),
    ],
)
def test_age_is_said_in_words(minutes: float, words: str) -> None:
    assert CLOCK.age(NOW - timedelta(minutes=minutes)) == words


def test_time_is_the_citys_and_yesterdays_has_its_date() -> None:
    assert CLOCK.time(NOW) == "20:42"
    assert CLOCK.time(NOW - timedelta(hours=21)) == "2026年10月9日 23:42"
    assert CLOCK.stamp(NOW - timedelta(minutes=12)) == "20:30（12分前）"
