"""Whom of the facilities to call next, and when a call is enough."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hazards.facilitycalls import FacilityAnswer, LastCall, Threatened, in_order_of_calls

NOW = datetime(2026, 10, 10, 20, 42, tzinfo=UTC)
HOUR = timedelta(hours=1)


def a_facility(name: str = "家", **values: Any) -> Threatened:
    given = {
        "level": 4,
        "since": NOW - HOUR,
        "depth_rank": 2,
        "landslide": 0,
        "collapse": False,
        "last": None,
    }
    return Threatened(id=name, **{**given, **values})


def called(
    answer: FacilityAnswer = FacilityAnswer.LEAVING, level: int = 4, minutes: int = 5
) -> LastCall:
    return LastCall(level, answer, NOW - timedelta(minutes=minutes))


def test_a_facility_under_an_order_that_nobody_called_is_due() -> None:
    assert a_facility().is_due
    assert not a_facility(level=0, since=None).is_due


@pytest.mark.parametrize("answer", list(FacilityAnswer))
def test_only_an_answer_that_settles_it_is_enough(answer: FacilityAnswer) -> None:
    settled = answer not in {FacilityAnswer.NO_ANSWER, FacilityAnswer.NEEDS_HELP}
    assert a_facility(last=called(answer)).is_told is settled


def test_a_higher_level_or_a_newer_order_makes_it_due_again() -> None:
    assert a_facility(level=5, last=called(level=4)).is_due
    assert a_facility(since=NOW, last=called(minutes=5)).is_due
    assert not a_facility(level=4, last=called(level=5)).is_due


def test_the_highest_level_comes_first_then_slopes_then_the_deepest_water() -> None:
    rows = [
        a_facility("浅い", depth_rank=1),
        a_facility("深い", depth_rank=4),
        a_facility("赤い斜面", depth_rank=0, landslide=2),
        a_facility("レベル5", level=5, depth_rank=1),
        a_facility("伝わった", depth_rank=6, last=called()),
        a_facility("応援", depth_rank=1, last=called(FacilityAnswer.NEEDS_HELP)),
    ]
    assert [one.id for one in in_order_of_calls(rows, NOW)] == [
        *("レベル5", "応援", "赤い斜面", "深い", "浅い"),
        "伝わった",
    ]


def test_one_that_does_not_answer_waits_ten_minutes_behind_the_others_of_its_level() -> None:
    missed = a_facility("出ない", depth_rank=6, last=called(FacilityAnswer.NO_ANSWER))
    rows = [missed, a_facility("次", depth_rank=1), a_facility("レベル3", level=3)]
    assert [one.id for one in in_order_of_calls(rows, NOW)] == ["次", "出ない", "レベル3"]
    later = in_order_of_calls(rows, NOW + timedelta(minutes=10))
    assert later[0].id == "出ない"
