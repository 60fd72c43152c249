"""What of a sensor's readings is believed, and what they say together."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city.position import Position
from hazards import readings as words
from hazards.criterion import GaugeLevel
from hazards.errors import HazardError
from hazards.gauge import Gauge
from hazards.levelunits import METRES, Unit, is_level, metres
from hazards.readings import Reading, doubt_of, judge
from hazards.waterstate import BELOW_ALL, reached, silent_since, trend_m_h, water_state

GAUGE = Gauge("大橋", "浅瀬川", Position(29.6, 135.4), 2.0, 3.0, 3.5, 4.0, 5.0)
BEGIN = datetime(2026, 10, 10, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def at(minutes: float, level_m: float, *, late: float = 0.5, doubt: str = "") -> Reading:
    measured = BEGIN + minutes * MINUTE
    return Reading(measured, level_m, measured + late * MINUTE, doubt)


def series(*levels_m: float, begin: float = 0, every: float = 10) -> list[Reading]:
    return [at(begin + number * every, level) for number, level in enumerate(levels_m)]


def reasons(readings: list[Reading]) -> list[str]:
    return [one.reason for one in judge(GAUGE, readings)]


def is_reached(readings: list[Reading], threshold_m: float = 4.0) -> bool:
    return reached(water_state(GAUGE, readings).believed, threshold_m) is not None


@st.composite
def a_healthy_river(draw: st.DrawFn) -> list[Reading]:
    """Every ten minutes a value, never the same twice running, at most 0.09 m/min."""
    steps = st.integers(-900, 900).filter(bool)
    level, found = draw(st.integers(-1000, 7000)), []
    for number, step in enumerate(draw(st.lists(steps, max_size=30))):
        level += step if -1000 <= level + step <= 7000 else -step
        late = draw(st.floats(0, 24 * 60))
        found.append(at(10 * number, level / 1000, late=late))
    return found


@given(a_healthy_river(), st.randoms(use_true_random=False))
def test_any_order_and_repetition_of_a_healthy_river_says_the_same(
    river: list[Reading], random: Random
) -> None:
    told = [*river, *random.sample(river, len(river) // 2)]
    random.shuffle(told)
    assert water_state(GAUGE, told) == water_state(GAUGE, river)


@given(a_healthy_river(), st.randoms(use_true_random=False))
def test_a_level_is_reached_at_some_time_whatever_comes_first(
    river: list[Reading], random: Random
) -> None:
    told = random.sample(river, len(river))
    once = any(is_reached(told[:some]) for some in range(len(told) + 1))
    assert once == is_reached(river)


@given(a_healthy_river())
def test_everything_of_a_healthy_river_is_believed_once_it_has_moved(river: list[Reading]) -> None:
    assert not any(reason for reason in reasons(river)[1:])


@given(a_healthy_river(), st.sets(st.integers(0, 29)))
def test_more_readings_never_take_back_what_was_reached(
    river: list[Reading], some: set[int]
) -> None:
    few = [one for number, one in enumerate(river) if number in some]
    assert not is_reached(few) or is_reached(river)


def test_two_readings_near_each_other_reach_a_level_and_one_does_not() -> None:
    assert not is_reached(series(3.0, 4.1))
    assert is_reached(series(3.0, 4.0, 4.1))
    assert is_reached(series(3.0, 4.1, 3.9, 4.1))
    assert not is_reached([*series(3.0, 4.1, every=15), at(46, 4.2)])
    assert is_reached([*series(3.0, 4.1, every=15), at(45, 4.2)])


def test_one_moment_is_one_reading_whatever_it_says() -> None:
    assert not is_reached([at(0, 3.0), at(10, 4.1), at(10, 4.2)])


def test_what_was_measured_before_a_person_ended_it_does_not_reach_it_again() -> None:
    believed = water_state(GAUGE, series(3.0, 4.0, 4.1, 4.2)).believed
    assert reached(believed, 4.0, BEGIN + 10 * MINUTE) == tuple(believed[1:])
    assert reached(believed, 4.0, BEGIN + 20 * MINUTE) is None


def test_a_sensor_that_stands_still_in_flood_is_set_aside() -> None:
    found = reasons(series(1.9, *[4.1] * 20))
    assert found[:19] == [""] * 19
    assert found[19:] == [words.STAYED] * 2


def test_a_value_that_never_moved_reaches_nothing() -> None:
    stuck = series(*[4.5] * 30)
    assert not is_reached(stuck)
    assert set(reasons(stuck)) == {words.UNMOVED, words.STAYED}
    assert is_reached([*series(4.4, begin=-10), *stuck])


def test_a_river_that_stands_still_below_its_levels_is_not_stuck() -> None:
    assert reasons(series(*[1.2] * 30)) == [""] * 30


def test_what_a_jump_leads_to_is_set_aside_until_it_has_settled_and_moved() -> None:
    dead = series(1.0, 1.0, *[4.6] * 30)
    assert not is_reached(dead)
    assert reasons(dead)[2:5] == [words.JUMPED] * 3
    assert reasons(dead)[5] == words.UNMOVED
    surge = series(1.0, 1.0, 4.6, 4.7, 4.8, 4.9, 4.95)
    assert reasons(surge)[2:] == [words.JUMPED] * 3 + [""] * 2
    assert is_reached(surge)


@pytest.mark.parametrize("levels_m", [(1.0, 4.6) * 20, (1.0, 1.0, 1.0, 4.6, 1.0, 1.0) * 5])
def test_a_sensor_that_jumps_to_and_fro_reaches_nothing(levels_m: tuple[float, ...]) -> None:
    assert not is_reached(series(*levels_m, every=5))


def test_as_fast_as_the_toga_river_is_no_jump() -> None:
    assert reasons(series(1.0, 2.34, 3.68)) == ["", "", ""]


def test_waves_are_no_jump() -> None:
    assert reasons([at(0, 1.0), at(0.02, 1.3), at(0.04, 1.0)]) == ["", "", ""]


@pytest.mark.parametrize("unit", [Unit.CENTIMETRE, Unit.MILLIMETRE, Unit.FOOT])
def test_a_flood_in_another_unit_is_impossible_by_the_gauges_own_levels(unit: Unit) -> None:
    wrong = [at(10 * n, round((4.1 + n / 100) / METRES[unit], 3)) for n in range(6)]
    assert not is_reached(wrong)
    assert all(f"{unit}" in reason and "あり得ない" in reason for reason in reasons(wrong))


def test_a_sensor_that_changes_to_feet_is_noticed_by_the_factor() -> None:
    changed = series(1.3, 1.31, 1.32 / 0.3048, 1.32 / 0.3048, 1.32 / 0.3048)
    assert reasons(changed)[2:] == [words.UNIT_CHANGED] * 3
    assert not is_reached(changed)


def test_an_impossible_value_says_nothing_of_those_beside_it() -> None:
    found = reasons(series(1.9, 4.0, -999.9, 4.1, 410.0, 4.2))
    assert [bool(reason) for reason in found] == [False, False, True, False, True, False]


def test_a_gauge_without_the_level_at_which_it_overflows_may_stand_higher() -> None:
    brook = Gauge("小橋", "小川", Position(29.6, 135.4), standby_m=2.0)
    assert judge(brook, [at(0, 11.9)])[0].reason == words.UNMOVED
    assert "あり得ない" in judge(brook, [at(0, 12.1)])[0].reason


def test_a_clock_two_hours_off_is_set_aside() -> None:
    ahead = [at(120 + n, 4.1 + n / 100, late=-120) for n in range(5)]
    assert set(reasons(ahead)) == {words.FUTURE}
    now = BEGIN + 120 * MINUTE
    assert doubt_of(now, BEGIN, clock_is_off=False, same_unit=True) == words.FUTURE
    assert doubt_of(BEGIN, now, clock_is_off=True, same_unit=True) == words.SKEWED
    assert doubt_of(BEGIN, now, clock_is_off=False, same_unit=False) == words.OTHER_UNIT
    assert doubt_of(BEGIN, now, clock_is_off=False, same_unit=True) == ""


def test_what_was_from_the_future_once_stays_so_when_it_comes_again() -> None:
    ahead = [at(120 + n, 4.1 + n / 100, late=-120) for n in range(5)]
    again = [at(120 + n, 4.1 + n / 100, late=5) for n in range(5)]
    assert reasons([*ahead, *again]) == reasons([*again, *ahead]) == [words.FUTURE] * 5


def test_what_comes_a_day_late_is_kept_and_concludes_nothing() -> None:
    late = [at(10 * n, 4.1 + n / 100, late=24 * 60 + 1) for n in range(5)]
    assert set(reasons(late)) == {words.TOO_LATE}


def test_a_unit_is_converted_to_the_millimetre_and_nonsense_is_refused() -> None:
    assert metres(412, Unit.CENTIMETRE) == 4.12
    assert metres(13.5, Unit.FOOT) == 4.115
    for value in (float("nan"), float("inf")):
        with pytest.raises(HazardError):
            metres(value, Unit.METRE)
    assert is_level(metres(-10_000, Unit.METRE))
    assert not is_level(metres(10_000.1, Unit.METRE))


def test_the_state_is_the_highest_level_that_is_reached_and_below_all_it_promises_nothing() -> None:
    assert water_state(GAUGE, series(3.9, 4.1)).word == "氾濫危険水位以上"
    assert water_state(GAUGE, series(3.9, 4.1)).at is GaugeLevel.DANGER
    assert water_state(GAUGE, series(3.9, 5.0)).at is GaugeLevel.OVERFLOW
    assert water_state(GAUGE, series(1.9)).word == BELOW_ALL
    assert "安全という意味ではありません" in BELOW_ALL
    assert water_state(GAUGE, []).word.startswith("不明")


def test_the_trend_is_of_the_last_hour_and_one_wrong_value_does_not_turn_it() -> None:
    rising = [round(2 + n * 0.1, 3) for n in range(12)]
    assert trend_m_h(series(*rising)) == 0.6
    rising[8] -= 1.5
    assert trend_m_h(series(*rising)) == pytest.approx(0.6, abs=0.1)
    assert trend_m_h(series(2.0, 2.1)) is None
    assert trend_m_h(series(2.0, 2.1, 2.2, every=5)) is None
    assert trend_m_h([]) is None
    assert str(trend_m_h(series(2.0, 1.9999, 1.9998, 1.9997))) == "0.0"


def test_silence_is_noticed_after_its_time_and_before_the_first_reading_too() -> None:
    half_an_hour = BEGIN + 30 * MINUTE
    assert silent_since(BEGIN, BEGIN - MINUTE, half_an_hour) is None
    assert silent_since(BEGIN, BEGIN - MINUTE, half_an_hour + MINUTE) == BEGIN
    assert silent_since(None, BEGIN, half_an_hour + MINUTE) == BEGIN
    assert silent_since(BEGIN, BEGIN, BEGIN + 6 * MINUTE, 5 * MINUTE) == BEGIN
