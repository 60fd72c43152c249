"""No city's setting switches a rule off: rules 3, 5, 7 and 8 (those of 9 are beside its speeds)."""

from typing import Any

import pytest

from hazards.kinds import AlertLevel
from routing.errors import RoutingError
from routing.exposure import DEPTHS, FORECASTS, Exposure
from routing.rules import Rules, rules_from


def refused(settings: dict[str, Any], limit: str) -> None:
    with pytest.raises(RoutingError, match=rf"{limit}\b.*: safety outranks a city's settings"):
        rules_from(settings)


def test_rule_03_a_storey_is_never_taken_for_higher_than_three_metres() -> None:
    refused({"storey_height_m": 3.01}, "3")
    assert rules_from({"storey_height_m": 2.5}).storey_height_m == 2.5


@pytest.mark.parametrize("code", [c for c in Rules().penalty_s_per_m if c not in FORECASTS])
def test_rule_05_every_assumed_zone_costs_something(code: Exposure) -> None:
    name = code.name.lower()
    least = {Exposure.LANDSLIDE_SPECIAL: 20, Exposure.DEPTH_1: 4}.get(code, 10)
    refused({"penalty_s_per_m": {name: 0}}, str(least))
    refused({"penalty_s_per_m": {name: least - 0.1}}, str(least))
    lowest = {other.name.lower(): 10 for other in DEPTHS[1:]} | {name: least}
    assert rules_from({"penalty_s_per_m": lowest}).penalty_s_per_m[code] == least


def test_rule_05_deeper_water_never_costs_less() -> None:
    with pytest.raises(RoutingError, match="depth_6 costs less than depth_5: safety outranks"):
        rules_from({"penalty_s_per_m": {"depth_6": 39}})
    with pytest.raises(RoutingError, match="depth_2 costs less than depth_1"):
        rules_from({"penalty_s_per_m": {"depth_1": 13}})


def test_rule_05_only_assumed_zones_have_a_penalty() -> None:
    """Water that was seen is closed: no setting gives it a price."""
    with pytest.raises(RoutingError, match="a table with depth_1"):
        rules_from({"penalty_s_per_m": {"observed": 1}})


def test_rule_05_water_that_is_forecast_follows_the_depths_setting_and_has_none_of_its_own() -> (
    None
):
    with pytest.raises(RoutingError, match="a table with depth_1"):
        rules_from({"penalty_s_per_m": {"forecast_3": 600}})
    for given in ({}, {"penalty_s_per_m": {"depth_3": 27.5, "depth_6": 90}}):
        penalty = rules_from(given).penalty_s_per_m
        assert [penalty[code] for code in FORECASTS] == [penalty[code] for code in DEPTHS]


def test_rule_07_bridges_and_underpasses_keep_their_penalty() -> None:
    refused({"bridge_penalty_s": 0}, "10")
    refused({"underpass_penalty_s": 59}, "60")


@pytest.mark.parametrize("level", [0, 4, 5, 3.0, True, "3"])
def test_rule_07_underpasses_close_at_level_3_at_the_latest(level: Any) -> None:
    refused({"underpass_closes_at": level}, "3")


def test_rule_07_underpasses_may_close_earlier() -> None:
    rules = rules_from({"underpass_closes_at": 1})
    assert rules.underpass_closes_at is AlertLevel.EARLY_NOTICE


@pytest.mark.parametrize("level", [2, 6, True])
def test_rule_07_bridges_close_at_a_level_of_orders_or_by_a_person(level: Any) -> None:
    refused({"bridge_closes_at": level}, "from 3 to 5")
    assert Rules().bridge_closes_at is None
    assert rules_from({"bridge_closes_at": 5}).bridge_closes_at is AlertLevel.SECURE_NOW


def test_the_way_to_the_street_is_never_free() -> None:
    refused({"off_street_s_per_m": 4.9}, "5")
