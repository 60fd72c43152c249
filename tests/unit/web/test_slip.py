"""The slip: its rows say what the verdict would say, and no step of a way is missing."""

import re
from dataclasses import replace
from itertools import product

import pytest

from city.traveller import Dwelling, Household, Profile
from hazards.kinds import AlertLevel, HazardKind
from hazards.zone import ZoneLayer
from routing.guidance import Guidance
from routing.steps import Step, Turn
from routing.verdict import Verdict
from shelters.place import Opening
from tests.unit.web.ground import NOW, asks, ground, order, version
from tests.unit.web.test_way_page import TOWER, page, words
from web.clock import Clock
from web.language import translator
from web.paper import Layout, layout
from web.placeview import place_view
from web.securing import level_5_words
from web.slip import leaves_at, slip_rows, verdict_at

JAPANESE = translator("ja")
DRY, WET, RIM, SLOPE = (300, 400), (610, 130), (610, 10), (700, 650)
FLOOD, LANDSLIDE = frozenset({HazardKind.FLOOD}), frozenset({HazardKind.LANDSLIDE})
STAY = "この部屋にとどまる。条件がひとつでも違えば出る"
LEVELS = (AlertLevel.ELDERLY_LEAVE, AlertLevel.ALL_LEAVE)
GROUNDS = {
    gap: version(on=ground(unknown=gap)) for gap in ((), (ZoneLayer.LANDSLIDE,), tuple(ZoneLayer))
}
HOUSEHOLDS = [
    replace(home, profile=profile)
    for home, profile in product(
        (Household(), TOWER, replace(TOWER, floor=1), Household(dwelling=Dwelling.HOUSE)), Profile
    )
]


def does(guidance: Guidance) -> dict[int, str]:
    """What the slip says at each level."""
    return {row.level: row.does for row in slip_rows(guidance, JAPANESE)}


def test_slow_household_that_may_stay_reads_stay_at_both_levels() -> None:
    told = asks(version(order(3)), household=replace(TOWER, profile=Profile.SLOW))
    assert told.verdict is Verdict.STAY_SAFE
    assert does(told) == {3: STAY, 4: STAY}
    text = words(page(told))
    assert text.count(STAY) == 2
    assert "高齢者等避難が出たら" not in text


def test_walkers_who_may_stay_are_not_told_to_leave_before_an_order() -> None:
    told = asks(version(), household=TOWER)
    assert told.verdict is Verdict.WATCH
    assert does(told) == {3: STAY, 4: STAY}
    text = words(page(told))
    assert "とどまれなくなったらすぐ出る" in text
    assert "避難指示が出たら" not in text


def test_household_that_may_not_stay_leaves_at_its_level() -> None:
    assert does(asks(version())) == {3: "時間のかかる人は、今すぐ出る", 4: "全員、今すぐ出る"}
    slow = asks(version(), household=Household(Profile.SLOW))
    assert does(slow) == {3: "今すぐ出る", 4: "全員、今すぐ出る"}
    assert does(asks(version(), *SLOPE)) == does(slow)


@pytest.mark.parametrize("household", HOUSEHOLDS)
@pytest.mark.parametrize("gap", GROUNDS)
def test_rows_follow_the_truth_table_for_every_household(
    gap: tuple[ZoneLayer, ...], household: Household
) -> None:
    plan = GROUNDS[gap]
    for at, hazards, level in product((DRY, WET, RIM, SLOPE), (FLOOD, LANDSLIDE), LEVELS):
        calm = asks(plan, *at, household, hazards=hazards)
        told = asks(plan, *at, household, hazards=hazards, level=level)
        assert calm.verdict is Verdict.WATCH
        assert verdict_at(calm, level) is told.verdict
        assert does(calm) == does(told)
        assert (leaves_at(calm) == level) >= (told.verdict is Verdict.GO and level == LEVELS[0])
        stays = told.verdict is Verdict.STAY_SAFE
        assert stays <= (does(told) == {3: STAY, 4: STAY})
        assert (told.verdict is Verdict.GO) <= does(told)[level].endswith("今すぐ出る")


def test_stricter_of_the_level_in_force_and_of_the_hazards_named_decides_the_row() -> None:
    """A landslide was only asked about: level 3 is in force for floods alone."""
    told = asks(version(order(3)), *SLOPE, hazards=LANDSLIDE)
    assert told.verdict is Verdict.WATCH
    assert does(told) == {3: "今すぐ出る", 4: "全員、今すぐ出る"}
    assert leaves_at(told) == 3
    assert "土砂災害の高齢者等避難が出たら今すぐ出る" in words(page(told))
    flood = asks(version(order(3)), *SLOPE)
    assert does(flood) == {3: "時間のかかる人は、今すぐ出る", 4: "全員、今すぐ出る"}


def test_planned_stay_at_the_level_in_force_stays_on_the_slip() -> None:
    """Outside every slope's zone a landslide that was asked about sends nobody out."""
    for level in LEVELS:
        home = replace(TOWER, profile=Profile.SLOW)
        told = asks(version(order(level)), *WET, home, hazards=LANDSLIDE)
        assert told.verdict is Verdict.STAY_SAFE
        assert does(told) == {3: STAY, 4: STAY}


def walked(guidance: Guidance, count: int, street: str = "本町通り") -> Guidance:
    """The same guidance, its first way of so many steps and no second one."""
    assert guidance.first
    turns = [Step(Turn.LEFT, n % 8, f"{street}{n}", 20.0 + n) for n in range(count - 1)]
    first = replace(guidance.first)
    vars(first)["steps"] = (*turns, Step(Turn.ARRIVE, 0, "", 30.0))
    return replace(guidance, first=first, second=None)


def laid_out(guidance: Guidance) -> Layout:
    """Where its slip holds the steps."""
    assert guidance.first
    clock = Clock(NOW.tzinfo, NOW, JAPANESE)
    return layout(place_view(guidance, guidance.first, clock, JAPANESE), None)


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("count", [5, 30, 200])
def test_paper_holds_every_step_to_the_very_end(count: int, lang: str) -> None:
    html = page(walked(asks(version(order(4))), count), lang)
    slip = html[html.index('class="slip s-places"') :]
    assert slip.count("<li>") == count
    assert [n for n in range(count - 1) if not re.search(f"本町通り{n}[< ]", slip)] == []
    assert "続きは画面で" not in html
    assert ('class="slip s-more"' in html) == (count == 200)


def test_steps_take_the_room_that_they_need() -> None:
    guidance = asks(version(order(4)))
    assert laid_out(walked(guidance, 12)) is Layout.BESIDE
    assert laid_out(walked(guidance, 25)) is Layout.BELOW
    assert (
        laid_out(walked(guidance, 40, "県道3号妻崎開作小野田線・市道中央線")) is Layout.NEXT_SHEET
    )
    assert laid_out(walked(guidance, 90)) is Layout.NEXT_SHEET


def test_words_of_level_5_take_their_room_from_the_steps() -> None:
    """As many steps as fit beside the map, and more hazards above them."""
    guidance = asks(version(order(4)))
    clock = Clock(NOW.tzinfo, NOW, JAPANESE)
    count = max(n for n in range(5, 40) if laid_out(walked(guidance, n)) is Layout.BESIDE)
    first = walked(guidance, count).first
    assert first
    place = place_view(guidance, first, clock, JAPANESE)
    every = asks(version(order(4)), hazards=frozenset(HazardKind))
    assert layout(place, None, level_5_words(guidance, JAPANESE)) is Layout.BESIDE
    assert layout(place, None, level_5_words(every, JAPANESE)) is Layout.BELOW


def test_slip_says_that_english_is_a_draft_at_its_head_and_foot() -> None:
    for told in (asks(version(order(4))), asks(version(order(4)), household=TOWER)):
        html = page(told, "en")
        head = html[html.index('class="slip s-top"') : html.index("<table>")]
        assert "Draft translation: not yet reviewed by the city" in head
        assert '<p class="keep" lang="en"><b>Draft translation' in html
        assert "Draft" not in page(told)


def test_door_without_a_way_has_no_slip() -> None:
    assert 'class="slip' not in page(asks(version(opening=Opening.CLOSED)))
