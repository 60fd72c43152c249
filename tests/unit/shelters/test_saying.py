"""How full a place is, as it is said: with its age, or as unknown; nobody is refused."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelters.saying import BANDS, UNKNOWN, crowding_words, moment_words

JAPAN = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 10, 10, 20, 42, tzinfo=JAPAN)


def a_state(band: str | None = "some", *, minutes_ago: float = 1, **values: Any) -> dict[str, Any]:
    """The public state of an open place, counted so long ago; figures stand for 30 minutes."""
    counted = (NOW - timedelta(minutes=minutes_ago)).astimezone(ZoneInfo("UTC"))
    ends = counted + timedelta(minutes=30)
    return {
        "opening": "open",
        "opening_since": None,
        "band": band,
        "counted_at": counted.isoformat(),
        "unknown_after": ends.isoformat(),
        "overflow": False,
        **values,
    }


@pytest.mark.parametrize(
    ("band", "words"),
    [
        ("room", "20時41分の報告で、空いています。"),
        ("some", "20時41分の報告で、やや混雑しています。"),
        ("crowded", "20時41分の報告で、混雑しています。"),
        ("full", "20時41分の報告で、満員ですが、来た人は断りません。"),
    ],
)
def test_a_known_figure_is_said_with_the_time_of_its_report(band: str, words: str) -> None:
    assert crowding_words(a_state(band), NOW) == words


def test_nothing_known_is_unknown_and_the_place_can_be_used() -> None:
    assert crowding_words(None, NOW) == UNKNOWN
    assert crowding_words(a_state(None), NOW) == UNKNOWN
    assert crowding_words(a_state(counted_at=None), NOW) == UNKNOWN
    assert crowding_words(a_state(unknown_after=None), NOW) == UNKNOWN
    assert crowding_words(a_state("a band of another version"), NOW) == UNKNOWN


def test_an_old_figure_is_never_said() -> None:
    assert "空いて" in crowding_words(a_state("room", minutes_ago=30), NOW)
    assert crowding_words(a_state("room", minutes_ago=30.1), NOW) == UNKNOWN


def test_a_figure_of_another_clock_has_no_age_and_is_unknown() -> None:
    assert "空いて" in crowding_words(a_state("room", minutes_ago=-1), NOW)
    assert crowding_words(a_state("room", minutes_ago=-5), NOW) == UNKNOWN


def test_a_place_that_said_it_is_full_is_full_whatever_was_counted() -> None:
    said = a_state("room", opening="full", opening_since="2026-10-10T20:15:00+09:00")
    assert crowding_words(said, NOW) == "20時15分から満員ですが、来た人は断りません。"
    old = a_state("room", minutes_ago=99, opening="full")
    assert crowding_words(old, NOW) == "満員ですが、来た人は断りません。"


def test_a_full_place_with_a_spare_room_says_so() -> None:
    assert crowding_words(a_state("full", overflow=True), NOW).endswith("別の部屋を開けています。")
    assert "別の部屋" not in crowding_words(a_state("some", overflow=True), NOW)


def test_a_moment_of_another_day_is_said_with_its_day() -> None:
    midnight = datetime(2026, 10, 11, 0, 5, tzinfo=JAPAN)
    assert moment_words(midnight, midnight) == "0時5分"
    assert moment_words(NOW, midnight) == "昨日の20時42分"
    assert moment_words(NOW - timedelta(days=3), NOW) == "10月7日の20時42分"
    assert moment_words(NOW.replace(minute=0), NOW) == "20時"


@settings(deadline=None)
@given(
    band=st.sampled_from([*BANDS, None]),
    minutes_ago=st.floats(-600, 600),
    opening=st.sampled_from(["open", "full", "unconfirmed"]),
)
def test_nobody_is_refused_and_nothing_old_is_live(
    band: str | None, minutes_ago: float, opening: str
) -> None:
    words = crowding_words(a_state(band, minutes_ago=minutes_ago, opening=opening), NOW)
    assert "入れません" not in words
    if "満員" in words:
        assert "来た人は断りません" in words
    if "報告" in words:
        assert -2 <= minutes_ago <= 30.0
    assert all(len(sentence) <= 60 for sentence in words.split("。"))
