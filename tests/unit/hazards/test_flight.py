"""A flight's track places what has a time and no position, and says how surely."""

import math
from datetime import UTC, datetime, timedelta

import pytest

from city.position import Position
from hazards.aiming import FLAT
from hazards.flight import BadFlight, Exemption, Fix, Flight, Track

BEGINS = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
METRE = 1 / 111_000


def track(*fixes: Fix, begins: datetime | None = BEGINS) -> Track:
    return Track(fixes, begins)


def fix(seconds: float, north_m: float = 0.0, height_m: float | None = None) -> Fix:
    return Fix(seconds, Position(35 + north_m * METRE, 139), height_m)


def at(seconds: float) -> datetime:
    return BEGINS + timedelta(seconds=seconds)


def test_between_two_fixes_it_is_on_the_line_between_them() -> None:
    found = track(fix(0), fix(4, 20, 60), fix(8, 60, 80)).at(at(5))
    assert found is not None
    assert (found.position.lat - 35) / METRE == pytest.approx(30, abs=0.01)
    assert found.height_m == pytest.approx(65)


def test_the_error_is_that_of_fixes_of_clocks_and_of_turns_in_between() -> None:
    flying = track(fix(0), fix(4, 20))  # 5 m/s, both clocks a second apart: 5 m
    exactly, between = flying.at(at(4)), flying.at(at(2))
    assert exactly is not None
    assert between is not None
    assert exactly.sigma_m == pytest.approx(math.hypot(FLAT.position_m, 5), rel=0.01)
    assert between.sigma_m == pytest.approx(math.hypot(FLAT.position_m, 5, 4), rel=0.01)


def test_before_after_and_in_a_gap_nobody_knows() -> None:
    gapped = track(fix(0), fix(5), fix(16), fix(17))
    assert gapped.at(at(0)) is not None
    assert gapped.at(at(17)) is not None
    for seconds in (-0.1, 10, 17.1):
        assert gapped.at(at(seconds)) is None


def test_a_track_without_a_beginning_places_nothing() -> None:
    assert track(fix(0), fix(5), begins=None).at(at(2)) is None


def test_a_height_that_one_fix_lacks_is_not_made_up() -> None:
    found = track(fix(0, height_m=50), fix(4)).at(at(2))
    assert found is not None
    assert found.height_m is None


@pytest.mark.parametrize(
    ("fixes", "begins", "words"),
    [
        ((), BEGINS, "ある点がありません"),
        ((fix(2), fix(1)), BEGINS, "前後"),
        ((fix(2), fix(2)), BEGINS, "前後"),
        ((fix(0), fix(math.nan)), BEGINS, "ある点がありません"),
        ((fix(0),), BEGINS.replace(tzinfo=None), "時差"),
    ],
)
def test_a_track_that_cannot_be_is_refused(
    fixes: tuple[Fix, ...], begins: datetime, words: str
) -> None:
    with pytest.raises(BadFlight, match=words):
        Track(fixes, begins)


def test_a_flight_says_by_which_right_it_flew() -> None:
    plain = Flight("JU000000000A", "架空 太郎")
    permitted = Flight("JU000000000A", "架空 太郎", permit="東空運航 第000号")
    rescue = Flight("JU000000000A", "架空 太郎", exemption=Exemption("架空市災害対策本部"))
    assert plain.right == "許可・特例の記載なし"
    assert permitted.right == "許可番号 東空運航 第000号"
    assert rescue.right == "捜索・救助の特例（航空法132条の92）・依頼 架空市災害対策本部"


def test_a_flight_that_nobody_answers_for_is_refused() -> None:
    with pytest.raises(BadFlight, match="機体"):
        Flight(" ", "架空 太郎")
    with pytest.raises(BadFlight, match="操縦者"):
        Flight("JU000000000A", "")
    with pytest.raises(BadFlight, match="依頼した機関"):
        Flight("JU000000000A", "架空 太郎", exemption=Exemption(" "))
