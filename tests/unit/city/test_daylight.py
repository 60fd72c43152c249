"""Whether it is dark."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from city.daylight import is_night, next_sun
from city.position import Position

JAPAN = timezone(timedelta(hours=9))
UBE = Position(33.95, 131.25)


@pytest.mark.parametrize(
    ("month", "day", "hour", "dark"),
    [
        (6, 21, 4, True),
        (6, 21, 6, False),
        (6, 21, 12, False),
        (6, 21, 19, True),
        (12, 21, 7, True),
        (12, 21, 9, False),
        (12, 21, 16, False),
        (12, 21, 17, True),
        (12, 21, 0, True),
    ],
)
def test_it_is_dark_from_half_an_hour_before_sunset(
    month: int, day: int, hour: int, dark: bool
) -> None:
    """Sun in Ube: 05:03 to 19:30 at midsummer, 07:16 to 17:12 at midwinter."""
    assert is_night(UBE, datetime(2026, month, day, hour, 10, tzinfo=JAPAN)) is dark


def test_the_offset_of_the_time_does_not_matter() -> None:
    moment = datetime(2026, 9, 1, 12, 0, tzinfo=JAPAN)
    assert is_night(UBE, moment) is is_night(UBE, moment.astimezone(UTC)) is False


def test_polar_nights_and_midsummers_are_answered_too() -> None:
    assert is_night(Position(80, 15), datetime(2026, 12, 21, 12, tzinfo=UTC))
    assert not is_night(Position(80, 15), datetime(2026, 6, 21, 0, tzinfo=UTC))


def test_the_next_sunset_is_todays_until_it_is_past_and_tomorrows_after() -> None:
    tokyo, zone = Position(35.68, 139.69), ZoneInfo("Asia/Tokyo")
    noon = datetime(2026, 10, 10, 12, 0, tzinfo=zone)
    rises, sets = next_sun(tokyo, noon, "Asia/Tokyo")
    assert (sets.day, sets.hour, sets.minute) == (10, 17, 12)
    assert (rises.day, rises.hour) == (11, 5)
    _, after = next_sun(tokyo, sets, "Asia/Tokyo")
    assert after.day == 11
