"""How many come of those who are told to go."""

from typing import Any

import numpy as np
import pytest

from routing.errors import RoutingError
from routing.plan.turnout import Turnout, demand, turnout_from


def test_nobody_who_is_not_told_to_go_is_demand() -> None:
    persons = np.array([3, 3, 2, 1, 4], np.int16)
    some = np.array([True, True, False, True, True])
    everybody = np.array([True, True, False, False, False])
    zoned = np.array([False, True, True, False, True])
    assert demand(persons, some, everybody, zoned, Turnout()).tolist() == [45, 90, 0, 5, 40]


def test_rule_15_fifteen_of_a_hundred_and_more_are_planned_for() -> None:
    assert Turnout().level_4 >= 0.15
    assert Turnout().zoned_level_4 >= Turnout().level_4


def test_a_city_may_plan_for_all_or_for_none() -> None:
    assert turnout_from({"level_4": 1, "zoned_level_4": 0}) == Turnout(0.05, 1, 0.10, 0)
    assert turnout_from({}) == Turnout()


@pytest.mark.parametrize("value", [3.0, -0.1, "15%", True, None, float("nan")])
def test_three_hundred_of_a_hundred_are_refused(value: Any) -> None:
    with pytest.raises(RoutingError, match=r"turnout\.level_4: a share from 0 to 1"):
        turnout_from({"level_4": value})


def test_an_unknown_name_is_named() -> None:
    with pytest.raises(RoutingError, match=r"turnout\.level_5: no such setting"):
        turnout_from({"level_5": 0.2})
