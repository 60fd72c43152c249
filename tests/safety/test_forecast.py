"""Water that is forecast is neither a map of what could be nor seen: rules 5 and 7."""

import pytest

from hazards.zone import DEPTH_M
from operations.answer import answer
from operations.serving import Freshness
from routing.exposure import DEPTHS, FORECASTS, Exposure
from routing.guidance import Guidance
from routing.roads import StreetFlag
from routing.verdict import Verdict
from tests.builders import (
    FAR_OFF,
    NOON,
    a_grid,
    a_site,
    a_version,
    ask,
    depth,
    forecast,
    reason_codes,
    street_between,
)
from tests.safety.straight_up import SOUTH, grid, streets_of
from web.said import ZONED

ACROSS = (-50, 110, 350, 190)
"""Over all streets between the second and the third row of junctions."""
DOOR = (110, 95)
HERE = (0, 0, 300, 300)


def _metres(told: Guidance) -> dict[str, dict[str, int]]:
    """What the API says of the metres in water."""
    table = answer(told, Freshness(NOON, stale=False))
    exposure = table["exposure"]
    return {key: exposure[key] for key in ("assumed", "forecast")}


@pytest.mark.parametrize("rank", DEPTH_M)
def test_rule_05_forecast_metres_are_not_called_assumed(rank: int) -> None:
    told = ask(a_version(grid(zones=[forecast(rank, *ACROSS)])), SOUTH)
    assert told.first is not None
    assert told.first.exposure == {FORECASTS[rank - 1]: pytest.approx(80, abs=1)}
    assert _metres(told) == {"assumed": {}, "forecast": {str(rank): 80}}
    assert "through_forecast" in reason_codes(told)
    assert "through_assumed" not in reason_codes(told)


def test_rule_05_assumed_metres_are_not_called_forecast() -> None:
    told = ask(a_version(grid(zones=[depth(2, *ACROSS)])), SOUTH)
    assert _metres(told) == {"assumed": {"2": 80}, "forecast": {}}
    assert "through_forecast" not in reason_codes(told)


def test_rule_05_water_that_is_both_is_told_as_both_and_of_a_forecast_the_deepest() -> None:
    """Later steps of a forecast lie over its earlier ones."""
    steps = [forecast(1, *ACROSS), forecast(3, -50, 150, 350, 190)]
    told = ask(a_version(grid(zones=[depth(2, *ACROSS), *steps])), SOUTH)
    assert _metres(told) == {"assumed": {"2": 80}, "forecast": {"1": 40, "3": 40}}


def test_rule_07_a_bridge_stands_above_assumed_water_not_above_what_is_forecast() -> None:
    flags = {(7, 11): StreetFlag.BRIDGE}
    bridge = (7, 11)
    assumed = grid(zones=[depth(4, *ACROSS)], flags=flags)
    assert street_between(assumed, *bridge) in streets_of(ask(a_version(assumed), SOUTH))
    ground = grid(zones=[forecast(4, *ACROSS)], flags=flags)
    street = street_between(ground, *bridge)
    assert ground.exposed[street][Exposure.FORECAST_4] == pytest.approx(80)
    assert street not in streets_of(ask(a_version(ground), SOUTH))


def test_rule_07_whoever_crosses_a_bridge_over_forecast_water_is_told_its_metres() -> None:
    flags = {(row, row + 4): StreetFlag.BRIDGE for row in (4, 5, 6, 7)}
    told = ask(a_version(grid(zones=[forecast(4, *ACROSS)], flags=flags)), SOUTH)
    assert _metres(told) == {"assumed": {}, "forecast": {"4": 80}}


def test_rule_05_yards_inside_forecast_water_are_told_as_forecast() -> None:
    yard = (90, 96, 140, 99)
    told = ask(a_version(grid(zones=[forecast(2, *yard)])), SOUTH)
    assert told.first is not None
    assert told.first.exposure.keys() == {Exposure.FORECAST_2}


@pytest.mark.parametrize("rank", DEPTH_M)
def test_rule_03_a_door_where_water_is_forecast_is_told_so_and_offered_to_leave(rank: int) -> None:
    ground = a_grid(zones=[*FAR_OFF, forecast(rank, 0, 0, 150, 150)], sites=[a_site(290, 290)])
    told = ask(a_version(ground), DOOR)
    assert told.verdict is Verdict.WATCH
    reasons = {reason.code: reason for reason in told.reasons}
    assert reasons["in_forecast"].source == "zone:forecast"
    assert "in_depth" not in reasons
    assert "unmapped" not in reasons
    assert reasons.keys() & ZONED == {"in_forecast"}
    assert "in_forecast" not in reason_codes(ask(a_version(ground), (205, 205)))


def test_rule_05_assumed_and_forecast_depths_of_a_door_are_both_said() -> None:
    zones = [*FAR_OFF, depth(3, *HERE), forecast(2, *HERE)]
    told = ask(a_version(a_grid(zones=zones, sites=[a_site(290, 290)])), DOOR)
    said = {reason.code: reason.values for reason in told.reasons}
    assert said["in_depth"] == {"depth": "3〜5 m"}
    assert said["in_forecast"] == {"depth": "0.5〜3 m"}


def test_ranks_of_forecast_and_of_assumed_water_are_in_one_order() -> None:
    assert [code.name[-1] for code in FORECASTS] == [code.name[-1] for code in DEPTHS]
    assert len(FORECASTS) == len(DEPTHS) == len(DEPTH_M)
