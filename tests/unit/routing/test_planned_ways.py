"""Doors are led by the plan: by the place of whoever lives there, and by its prices."""

from dataclasses import replace

import numpy as np

from routing.homes import homes
from routing.plan.assigned import NOWHERE, CityPlan, nobody
from routing.plan.near import SAME_HOME_M, planned_near
from routing.version import PlanVersion
from tests.builders import a_grid, a_household, a_site, a_version, an_order, ask

WEST, EAST = 0, 1
HOME = (100.0, 205.0)


def planned(
    site: int, *, price: tuple[int, int] = (0, 0), full: tuple[str, ...] = ()
) -> PlanVersion:
    """A grid under level 4, one household near the western of two sites, told a site."""
    ground = a_grid(4, sites=[a_site(10, 205, name="西"), a_site(290, 205, name="東")])
    version = a_version(ground, orders=[an_order(4)], full_sites=full)
    one = np.array([HOME]), np.full(1, 2, np.int16), np.full(1, -1, np.int32)
    told = replace(nobody(2), site=np.array([site], np.int16), price=np.array(price, np.int64))
    version.plan = CityPlan(homes(ground, *one), told)
    return version


def first(version: PlanVersion, at: tuple[float, float], **more: object) -> str:
    told = ask(version, at, **more)  # type: ignore[arg-type]
    assert told.first is not None
    return told.first.site.name


def test_the_door_of_a_household_is_led_to_its_place_though_another_is_nearer() -> None:
    assert first(planned(WEST), HOME) == "西"
    told = ask(planned(EAST), HOME)
    assert told.first is not None
    assert told.second is not None
    assert (told.first.site.name, told.second.site.name) == ("東", "西")


def test_a_door_where_nobody_is_known_to_live_is_led_by_the_prices() -> None:
    away = (HOME[0], HOME[1] - SAME_HOME_M - 1)
    assert planned_near(planned(EAST), *away) is None
    assert first(planned(EAST), away) == "西"
    assert first(planned(EAST, price=(3000, 0)), away) == "東"


def test_no_price_sends_anybody_farther_than_a_full_place_would() -> None:
    version = planned(NOWHERE, price=(10**9, 5))
    farthest = version.ground.rules.full_detour_s * 10
    assert version.begin_at.tolist() == [farthest, 5]
    assert planned(NOWHERE, full=("東",)).begin_at.tolist() == [0, farthest]


def test_a_full_place_is_not_the_second_beside_the_planned_one() -> None:
    """However near it is; where the planned one is full itself, both are named."""
    for before in (None, "東"):
        told = ask(planned(EAST, full=("西",)), HOME, told=before)
        assert told.first is not None
        assert (told.first.site.name, told.second) == ("東", None)
    both = ask(planned(EAST, full=("西", "東")), HOME)
    assert both.second is not None
    assert both.second.site.name == "西"


def test_whoever_was_told_a_place_before_goes_on_to_it() -> None:
    assert first(planned(EAST), HOME, told="西") == "西"


def test_a_wheelchair_is_not_led_far_to_a_place_planned_for_walkers() -> None:
    version = planned(EAST)
    near = replace(version.ground.rules, full_detour_s=60)
    strict = replace_rules(version, near)
    wheels = a_household("wheelchair")
    assert first(version, HOME, household=wheels) == "東"
    assert first(strict, HOME, household=wheels) == "西"
    assert first(strict, HOME) == "東"


def replace_rules(version: PlanVersion, rules: object) -> PlanVersion:
    changed = PlanVersion.of(1, replace(version.ground, rules=rules), version.picture)  # type: ignore[arg-type]
    changed.plan = version.plan
    return changed


def test_nobody_is_led_to_a_planned_place_that_became_unsafe() -> None:
    version = planned(EAST)
    shut = a_version(version.ground, orders=[an_order(4)], closed_sites=["東"])
    shut.plan = version.plan
    assert first(shut, HOME) == "西"


def test_a_plan_shows_no_way_at_level_5() -> None:
    version = planned(EAST)
    worst = a_version(version.ground, orders=[an_order(5)])
    worst.plan = version.plan
    told = ask(worst, HOME)
    assert (told.verdict, told.first, told.second) == ("secure_now", None, None)
