"""Moments in the city's zone, as elements that carry them whole."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from web.clock import Clock
from web.language import translator

NOW = datetime(2026, 10, 10, 11, 42, 7, 5, tzinfo=UTC)
CLOCK = Clock(ZoneInfo("Asia/Tokyo"), NOW, translator("ja"))


def test_moment_is_an_element_with_its_offset() -> None:
    assert CLOCK.time(NOW) == '<time datetime="2026-10-10T20:42:07+09:00">20:42</time>'


def test_time_is_the_citys_and_yesterdays_has_its_date() -> None:
    assert CLOCK.text(NOW) == "20:42"
    yesterday = NOW - timedelta(hours=21)
    assert CLOCK.text(yesterday) == "2026年10月9日 23:42"
    assert CLOCK.time(yesterday) == (
        '<time datetime="2026-10-09T23:42:07+09:00">2026年10月9日 23:42</time>'
    )
    assert ">2026年10月10日 20:42<" in CLOCK.dated(NOW)


def test_moment_stands_in_a_sentence_and_the_sentence_is_escaped() -> None:
    assert CLOCK.says("{time} <開設>", NOW) == f"{CLOCK.time(NOW)} &lt;開設&gt;"
