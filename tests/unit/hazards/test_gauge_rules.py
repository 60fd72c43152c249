"""Which gauge shuts what, out of a city's file."""

from typing import Any

import pytest

from city.position import Position
from hazards.criterion import GaugeLevel
from hazards.errors import HazardError
from hazards.gauge import Gauge
from hazards.gaugerules import GaugeRule, gauge_rules_from
from hazards.observation import ObservationKind
from routing.rules import Rules, rules_from

ROW: dict[str, Any] = {
    "gauge": "大橋水位観測所",
    "level": "danger",
    "kind": "bridge",
    "at": [29.6, 135.4],
}
GAUGE = Gauge("大橋水位観測所", "浅瀬川", Position(29.6, 135.4), 2.0, danger_m=4.0)


def without(*keys: str, **more: Any) -> dict[str, Any]:
    return {key: value for key, value in ROW.items() if key not in keys} | more


def test_a_citys_rules_are_read_from_its_settings() -> None:
    named = without("at", name="中央地下道", kind="underpass", level=3.6, river="浅瀬川")
    found = gauge_rules_from([ROW, named])
    assert found == (
        GaugeRule(
            "大橋水位観測所", "", GaugeLevel.DANGER, ObservationKind.BRIDGE, Position(29.6, 135.4)
        ),
        GaugeRule(
            "大橋水位観測所",
            "浅瀬川",
            3.6,
            ObservationKind.UNDERPASS_FLOODED,
            name="中央地下道",
        ),
    )
    assert [one.threshold_m(GAUGE) for one in found] == [4.0, 3.6]
    assert all(one.is_of(GAUGE) for one in found)


def test_a_level_that_the_gauge_has_not_is_none() -> None:
    (rule,) = gauge_rules_from([without(level="overflow")])
    assert rule.threshold_m(GAUGE) is None


def test_a_gauge_with_a_wide_space_in_its_name_has_rules() -> None:
    (rule,) = gauge_rules_from([without(gauge="大橋水位観測所\u3000上流")])
    assert rule.is_of(Gauge("大橋水位観測所\u3000上流", "浅瀬川", Position(29.6, 135.4), 2.0))


def test_a_rule_of_another_river_is_not_of_the_gauge() -> None:
    (rule,) = gauge_rules_from([without(river="深瀬川")])
    assert not rule.is_of(GAUGE)


def test_other_rooms_pass_over_the_table() -> None:
    assert rules_from({"gauge_rules": [ROW]}) == Rules()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"gauge": "大橋"}, "a list of at most 500 tables"),
        ([[]], "no. 1: a table with at, gauge, kind"),
        ([without(at=[29.6, 135.4], gage="x")], "gage: no such key"),
        ([without("gauge")], "gauge: is missing"),
        ([without(gauge="大" * 61)], "gauge: a line of at most 60"),
        ([without("level")], "level: one of standby, caution, evacuation, danger, overflow"),
        ([without(level="danger_m")], "not 'danger_m'"),
        ([without(level=True)], "not True"),
        ([without(level=float("nan"))], "level:"),
        ([without(level=100_000)], "level:"),
        ([without("at")], "either at = [lat, lon], or name"),
        ([without(name="大橋")], "either at = [lat, lon], or name"),
        ([without("at", name=" ")], "name: is missing"),
        ([without(at=[29.6])], "at: [lat, lon]"),
        ([without(at=[135.4, 29.6])], "逆"),
        ([without(kind="road")], "kind: one of bridge, underpass, not 'road'"),
        ([ROW, without(level="overflow"), ROW], "no. 3: as no. 1"),
    ],
)
def test_what_is_wrong_is_named(given: Any, words: str) -> None:
    with pytest.raises(HazardError) as caught:
        gauge_rules_from(given)
    assert words in str(caught.value)
