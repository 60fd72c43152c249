"""Until when to order, and within which bounds a city may set what it is reckoned with."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hazards.dutysettings import DutySettings, duty_settings_from
from hazards.errors import HazardError
from hazards.orderdeadline import TimeNeeded

SUNSET = datetime(2026, 10, 10, 8, 12, tzinfo=UTC)


def test_the_moment_to_order_leaves_time_to_hear_to_set_out_and_to_walk() -> None:
    minute = timedelta(minutes=1)
    needed = TimeNeeded(30 * minute, 15 * minute, timedelta(minutes=42, seconds=1), True)
    assert needed.whole == 88 * minute
    assert needed.latest_before(SUNSET) == SUNSET - 88 * minute


def test_a_city_may_be_more_careful_and_never_less() -> None:
    assert duty_settings_from({}) == DutySettings()
    assert duty_settings_from({"telling_min": 45}).telling_min == 45
    assert duty_settings_from({"gust_limit_m_s": 15}).gust_limit_m_s == 15


@pytest.mark.parametrize(
    "settings",
    [{"telling_min": 20}, {"gust_limit_m_s": 40}, {"unknown_walk_min": "60"}, {"gust": 20}, []],
    ids=["told at once", "in a storm", "no number", "no such key", "no table"],
)
def test_a_setting_out_of_bounds_is_refused_by_its_name(settings: Any) -> None:
    with pytest.raises(HazardError, match=r"settings\.duties"):
        duty_settings_from(settings)
