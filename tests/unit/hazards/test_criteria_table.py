"""A city's 発令判断表 out of its file."""

import tomllib
from typing import Any

import pytest

from hazards.criteriatable import criteria_from, default_criteria
from hazards.criterion import Criterion, GaugeLevel, OfBulletin, OfGauge
from hazards.errors import HazardError
from hazards.kinds import AlertLevel, HazardKind

TABLE = """
[[settings.criteria]]
id = "小川-4"
hazard = "flood"
level = 4
bulletin_level = 4
river = "小川"
areas = ["南町二丁目", "北町一丁目"]
why = "小川の氾濫危険情報"

[[settings.criteria]]
id = "浅瀬橋-3"
hazard = "flood"
level = 3
gauge = "浅瀬橋"
at = "evacuation_m"
whole_city = true
why = "避難判断水位"
"""
ROW: dict[str, Any] = {
    "id": "a",
    "hazard": "flood",
    "level": 4,
    "bulletin_level": 4,
    "areas": ["南町二丁目"],
    "why": "計画",
}


def without(*keys: str, **more: Any) -> dict[str, Any]:
    return {key: value for key, value in ROW.items() if key not in keys} | more


def test_a_citys_table_is_read_from_its_settings() -> None:
    found = criteria_from(tomllib.loads(TABLE)["settings"]["criteria"])
    assert found == (
        Criterion(
            "小川-4",
            OfBulletin(4, "小川"),
            HazardKind.FLOOD,
            AlertLevel.ALL_LEAVE,
            ("南町二丁目", "北町一丁目"),
            "小川の氾濫危険情報",
        ),
        Criterion(
            "浅瀬橋-3",
            OfGauge("浅瀬橋", GaugeLevel.EVACUATION),
            HazardKind.FLOOD,
            AlertLevel.ELDERLY_LEAVE,
            (),
            "避難判断水位",
        ),
    )


def test_a_city_without_a_table_has_the_default() -> None:
    assert criteria_from([]) == default_criteria()
    assert len({one.id for one in default_criteria()}) == 12
    assert not any(one.areas_chosen for one in default_criteria())


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "a list of tables"),
        ("flood", "a list of tables"),
        (["flood"], "no. 1: a table with"),
        ([ROW, ROW], "the id 'a' is there twice"),
        ([without(colour="red")], "no. 1: colour: no such key"),
        ([without("id")], "id: is missing"),
        ([without("why")], "why: is missing"),
        ([without("hazard")], "hazard: one of flood, "),
        ([without(hazard=["flood"])], "hazard: one of flood, "),
        ([without(level=2)], "level: a whole number from 3 to 5, not 2"),
        ([without(level=True)], "level: a whole number"),
        ([without(bulletin_level=5)], "too late"),
        ([without(bulletin_level=1)], "bulletin_level: a whole number from 2 to 5"),
        ([without("bulletin_level")], "either bulletin_level = 4, or gauge"),
        ([without(gauge="浅瀬橋", at="danger_m")], "either bulletin_level = 4, or gauge"),
        ([without("bulletin_level", gauge="浅瀬橋")], "at: one of standby_m, "),
        ([without("bulletin_level", gauge="", at="danger_m")], "gauge: is missing"),
        ([without(at="danger_m")], "at: only with a gauge"),
        ([without("areas")], "either areas"),
        ([without(areas=[])], "either areas"),
        ([without(areas=[" "])], "either areas"),
        ([without(areas="南町")], "either areas"),
        ([without(whole_city=True)], "either areas"),
        ([without(why="二\n行")], "why: a line of at most 80"),
        ([without(id="長" * 41)], "id: a line of at most 40"),
        ([without(river=3)], "river: a line"),
        ([without("bulletin_level", gauge="浅瀬橋", at=[])], "at: one of standby_m, "),
    ],
)
def test_a_table_that_cannot_be_used_names_what_is_wrong(settings: Any, words: str) -> None:
    with pytest.raises(HazardError, match=r"^settings\.criteria") as refusal:
        criteria_from(settings)
    assert words in str(refusal.value)
