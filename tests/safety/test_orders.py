"""Levels and orders: rules 4, 10 and 11."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from shapely import LineString

from city.traveller import Profile
from data import mapped
from hazards.errors import HazardError
from hazards.kinds import LEVEL_WORDS, AlertLevel
from operations.answer import answer
from operations.serving import Freshness
from routing.guidance import Guidance
from routing.verdict import Verdict
from tests.builders import (
    LANDSLIDE,
    NIGHT,
    NOON,
    STAYER,
    a_box,
    a_grid,
    a_household,
    a_site,
    a_version,
    an_order,
    ask,
    depth,
    reason_codes,
    slope,
    town_version,
)

ROOT = Path(__file__).parents[2]
ROOMS = ("city", "hazards", "shelters", "routing", "alerts", "data", "web", "operations", "api")
DOOR = (110, 95)
ABOUT_A_WAY = (
    *("destination", "route", "distance_m", "duration_s"),
    *("exposure", "steps", "alternative", "leave_by"),
)


def _grid() -> Any:
    return a_grid(sites=[a_site(290, 290), a_site(10, 290)], zones=[depth(2, 0, 0, 200, 150)])


def _answer(told: Guidance) -> dict[str, Any]:
    return answer(told, Freshness(NOON, stale=False))


def test_rule_04_nobody_is_sent_to_a_site_in_an_area_of_level_5() -> None:
    near, far = a_site(200, 105, name="近い"), a_site(10, 290, name="遠い")
    worst = an_order(5, area=a_box(180, 80, 320, 220), number=2)
    told = ask(a_version(a_grid(sites=[near, far]), orders=[an_order(4), worst]), DOOR)
    assert told.verdict is Verdict.GO
    assert told.first is not None
    assert told.first.site.name == "遠い"
    assert told.second is None


def test_rule_04_level_5_gives_no_reason_to_leave() -> None:
    """On an unmapped slope the words 「避難してください」 would contradict it."""
    ground = a_grid(sites=[a_site(290, 290)], complete=("depth",))
    told = ask(a_version(ground, orders=[an_order(5, LANDSLIDE)]), DOOR)
    assert told.verdict is Verdict.SECURE_NOW
    assert "landslide_unknown" not in reason_codes(told)


def test_rule_04_nobody_is_sent_through_an_area_of_level_5() -> None:
    ground = a_grid(sites=[a_site(105, 305)])
    belt = a_box(50, 140, 150, 160)
    told = ask(a_version(ground, orders=[an_order(4), an_order(5, area=belt, number=2)]), DOOR)
    assert told.first is not None
    assert not LineString(ground.metres.xy(told.first.line)).intersects(belt)
    wall = an_order(5, area=a_box(-50, 140, 350, 160), number=2)
    told = ask(a_version(ground, orders=[an_order(4), wall]), DOOR)
    assert (told.verdict, told.first) == (Verdict.SECURE_NOW, None)


@pytest.mark.parametrize("household", [a_household(), STAYER, a_household("slow", "bungalow")])
def test_rule_04_level_5_names_no_place(household: Any) -> None:
    told = ask(a_version(_grid(), orders=[an_order(5)]), DOOR, household)
    assert told.verdict is Verdict.SECURE_NOW
    assert (told.first, told.second) == (None, None)
    table = _answer(told)
    assert {key: table[key] for key in ABOUT_A_WAY} == dict.fromkeys(ABOUT_A_WAY)
    assert "避難場所30" not in str(table)
    assert table["level_words"] == "緊急安全確保"


def test_rule_04_level_5_asked_about_names_no_place_either() -> None:
    told = ask(a_version(_grid()), DOOR, level=5)
    assert (told.verdict, told.first, told.second) == (Verdict.SECURE_NOW, None, None)


def test_rule_04_level_5_of_any_hazard_wins_over_lower_orders() -> None:
    orders = [an_order(4), an_order(5, LANDSLIDE, number=2), an_order(3, number=3)]
    told = ask(a_version(_grid(), orders=orders), DOOR)
    assert (told.level, told.verdict) == (5, Verdict.SECURE_NOW)
    assert [order.level for order in told.orders] == [5, 4, 3]


def test_rule_04_level_5_holds_in_its_area_and_on_its_border() -> None:
    version = a_version(_grid(), orders=[an_order(5, area=a_box(0, 0, 200, 200))])
    assert ask(version, DOOR).verdict is Verdict.SECURE_NOW
    assert ask(version, (200 - 1e-9, 95)).verdict is Verdict.SECURE_NOW
    assert ask(version, (250, 250)).verdict is not Verdict.SECURE_NOW


def test_rule_04_nobody_in_the_town_is_given_a_place_at_level_5() -> None:
    version = town_version(orders=[an_order(5)])
    for x, y in version.ground.roads.junction_xy[::60].tolist():
        told = ask(version, (x, y), STAYER)
        assert (told.verdict, told.first, told.second) == (Verdict.SECURE_NOW, None, None)


@pytest.mark.parametrize("level", [3, 4])
@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("when", [NOON, NIGHT])
def test_rule_10_leave_by_is_now_under_an_order_that_applies_and_never_a_time(
    level: int, profile: Profile, when: Any
) -> None:
    told = ask(a_version(_grid(), orders=[an_order(level)]), DOOR, a_household(profile), when=when)
    applies = level == 4 or profile is not Profile.WALK
    assert told.verdict is (Verdict.GO if applies else Verdict.WATCH)
    assert _answer(told)["leave_by"] == ("now" if applies else None)


def test_rule_10_below_a_slope_it_is_now_for_everybody() -> None:
    ground = a_grid(sites=[a_site(290, 290)], zones=[slope(1, 90, 80, 130, 120)])
    told = ask(a_version(ground, orders=[an_order(3, LANDSLIDE)]), DOOR)
    assert _answer(told)["leave_by"] == "now"


def test_rule_10_no_time_to_leave_by_is_ever_computed_without_an_order() -> None:
    assert _answer(ask(a_version(_grid()), DOOR))["leave_by"] is None


def test_rule_11_an_order_stands_until_it_is_lifted_by_a_person() -> None:
    version = a_version(_grid(), orders=[an_order(4)])
    for days in (0, 1, 30, 400):
        told = ask(version, DOOR, when=NOON + timedelta(days=days))
        assert (told.level, told.verdict, told.leave_now) == (4, Verdict.GO, True)


def test_rule_11_an_order_has_no_time_at_which_it_ends() -> None:
    assert not {"until", "expires_at", "ends_at", "valid_until"} & set(
        type(an_order()).__dataclass_fields__
    )


def test_rule_11_an_order_survives_being_saved_and_mapped_again(tmp_path: Path) -> None:
    orders = [an_order(4, area=a_box(0, 0, 200, 200)), an_order(3, LANDSLIDE, number=2)]
    version = a_version(_grid(), orders=orders)
    mapped.save_version(tmp_path, version, mapped.Origin("1"))
    again = mapped.open_version(tmp_path, version.ground)
    assert again.picture.orders == version.picture.orders


@pytest.mark.parametrize("asked", [0, 1, 2, 3])
def test_rule_11_a_level_asked_about_may_raise_but_never_lower(asked: int) -> None:
    version = a_version(_grid(), orders=[an_order(4)])
    told = ask(version, DOOR, level=asked)
    assert (told.level, told.verdict) == (4, Verdict.GO)
    assert "level_asked" not in reason_codes(told)


def test_rule_11_a_raised_level_says_that_it_was_asked() -> None:
    told = ask(a_version(_grid(), orders=[an_order(3)]), DOOR, level=4)
    assert (told.level, told.verdict) == (4, Verdict.GO)
    assert {"order", "level_asked"} <= reason_codes(told)


@pytest.mark.parametrize("level", [0, 1, 2])
def test_rule_11_no_order_has_a_level_below_3(level: int) -> None:
    with pytest.raises(HazardError):
        an_order(level)


def test_the_words_of_the_levels_are_those_of_the_law() -> None:
    assert LEVEL_WORDS[AlertLevel.ELDERLY_LEAVE] == "高齢者等避難"
    assert LEVEL_WORDS[AlertLevel.ALL_LEAVE] == "避難指示"
    assert LEVEL_WORDS[AlertLevel.SECURE_NOW] == "緊急安全確保"


def test_the_word_that_the_law_gave_up_in_2021_stands_in_no_source_file() -> None:
    word = "避難" + "勧告"
    files = [
        path
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.suffix in {".py", ".html", ".css", ".js", ".po", ".toml", ".typ", ".mako", ".ini"}
    ]
    assert len(files) > 60
    assert [str(path) for path in files if word in path.read_text("utf-8")] == []


def test_no_english_text_speaks_of_an_advisory_to_evacuate() -> None:
    given_up = re.compile("evacuation (advi" + "sory|recommendation)", re.IGNORECASE)
    sources = [p for room in ROOMS for p in (ROOT / room).rglob("*.p[yo]")]
    assert [str(p) for p in sources if given_up.search(p.read_text("utf-8"))] == []


def test_an_answers_route_runs_from_the_door_to_the_sites_door() -> None:
    told = ask(a_version(_grid(), orders=[an_order(4)]), DOOR)
    table = _answer(told)
    line = LineString(table["route"]["coordinates"])
    site = table["destination"]
    assert line.coords[0] == pytest.approx(
        (told.question.position.lon, told.question.position.lat), abs=1e-6
    )
    assert line.coords[-1] == pytest.approx((site["lon"], site["lat"]), abs=1e-6)
