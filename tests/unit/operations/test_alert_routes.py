"""Routes of cars: every area once, and home before the words are over."""

from dataclasses import replace
from datetime import timedelta

import pytest

from operations.alerts.papermaking import BACK_BEFORE, WHOLE, routes_of
from tests.unit.alerts.asase import FOUR, NOW, SETTINGS, an_alert

DISTRICTS = replace(SETTINGS, districts={FOUR[0]: "北部", FOUR[1]: "南部", FOUR[2]: "北部"})


def test_each_area_is_on_one_route_those_of_a_district_together() -> None:
    routes = routes_of(an_alert(), DISTRICTS)
    assert [(one.name, one.area_names) for one in routes] == [
        ("北部", (FOUR[0], FOUR[2])),
        ("南部", (FOUR[1],)),
        ("区域を順に回る", (FOUR[3],)),
    ]


def test_the_whole_city_has_a_route_a_district_or_one() -> None:
    whole = an_alert(area_names=(), whole_city=True)
    assert [one.area_names for one in routes_of(whole, DISTRICTS)] == [("北部",), ("南部",)]
    assert [one.area_names for one in routes_of(whole, SETTINGS)] == [(WHOLE,)]


@pytest.mark.parametrize(("lasts", "early"), [(120, True), (46, True), (44, False), (5, False)])
def test_rule_13_cars_turn_home_before_the_text_is_over(lasts: int, early: bool) -> None:
    expires_at = NOW + timedelta(minutes=lasts)
    (route,) = routes_of(an_alert(expires_at=expires_at), SETTINGS)
    assert route.withdraw_at == (expires_at - BACK_BEFORE if early else expires_at)
