"""What a bulletin or a water level suggests to a person, and what never."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from city.position import Position
from hazards.bulletin import Bulletin, Issue, Status
from hazards.criteria import met, not_yet, remarks, suggested
from hazards.criteriatable import UNCHOSEN, default_criteria
from hazards.criterion import (
    LONGEST_SENTENCE,
    Criterion,
    GaugeLevel,
    OfBulletin,
    OfGauge,
    WaterLevel,
    sentence,
)
from hazards.errors import HazardError
from hazards.gauge import Gauge
from hazards.kinds import AlertLevel, HazardKind
from hazards.order import EvacuationOrder
from tests.builders import a_box, an_order
from tests.unit.hazards.bulletins import AT, a_bulletin, an_item, of_river

FLOOD, SLIDE = HazardKind.FLOOD, HazardKind.LANDSLIDE
L3, L4, L5 = AlertLevel.ELDERLY_LEAVE, AlertLevel.ALL_LEAVE, AlertLevel.SECURE_NOW
SOUTH, NORTH = "南町二丁目", "北町一丁目"
DEFAULT = default_criteria()
RISEN = a_bulletin(of_river("氾濫危険情報", "40"))
SQUARE = a_box(0, 0, 1, 1)


def of_bulletin(
    level: int = 4, *areas: str, river: str = "", hazard: HazardKind = FLOOD
) -> Criterion:
    name = f"{hazard}-{level}-{'-'.join(areas)}"
    return Criterion(name, OfBulletin(level, river), hazard, AlertLevel(level), areas, "市の計画")


def proposed(
    seen: Bulletin, *standing: EvacuationOrder, before: Bulletin | None = None
) -> set[str]:
    return {one.criterion for one in suggested(DEFAULT, seen, standing, before)}


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (a_bulletin(of_river("氾濫危険情報", "40")), {"flood-4"}),
        (a_bulletin(of_river("レベル４氾濫危険警報", "41")), {"flood-4"}),
        (a_bulletin(of_river("氾濫発生情報", "51")), {"flood-5"}),
        (a_bulletin(of_river("氾濫注意情報", "20")), set()),
        (a_bulletin(an_item("土砂災害警戒情報")), {"landslide-4"}),
        (a_bulletin(an_item("大雨警報（土砂災害）")), {"landslide-3"}),
        (a_bulletin(an_item("大雨警報（浸水害）")), set()),
        (a_bulletin(an_item("レベル４大雨危険警報")), {"flood-4", "inland_flood-4"}),
        (a_bulletin(an_item("高潮警報")), {"storm_surge-4"}),
        (a_bulletin(an_item("レベル３高潮警報")), {"storm_surge-3"}),
        (a_bulletin(an_item("暴風特別警報"), an_item("雷注意報")), set()),
        (a_bulletin(), set()),
    ],
)
def test_any_city_is_suggested_the_level_that_the_jmas_name_stands_for(
    seen: Bulletin, expected: set[str]
) -> None:
    assert proposed(seen) == expected


def test_without_a_citys_own_table_the_words_say_that_areas_must_be_chosen() -> None:
    (one,) = suggested(DEFAULT, RISEN, [])
    assert one.area_names == ()
    assert not one.areas_chosen
    assert UNCHOSEN in sentence(one)


def test_the_words_name_office_time_river_and_level() -> None:
    (one,) = suggested([of_bulletin(4, SOUTH)], RISEN, [])
    assert one.said == (
        "架空地方気象台 9月1日20時00分発表 小川上流 氾濫危険情報（警戒レベル4相当）"
    )
    assert sentence(one).endswith("市の計画（警戒レベル4 避難指示の目安）")


def test_words_are_never_longer_than_a_proposals_reason() -> None:
    (one,) = suggested(DEFAULT, replace(RISEN, office="長" * 300), [])
    assert len(sentence(one)) == LONGEST_SENTENCE


@pytest.mark.parametrize("status", [Status.TRAINING, Status.TEST])
def test_a_drill_or_a_test_suggests_and_remarks_nothing(status: Status) -> None:
    seen = replace(RISEN, status=status)
    assert suggested(DEFAULT, seen, []) == []
    ended = a_bulletin(of_river("氾濫注意情報解除", "10"), status=status)
    assert remarks(ended, [an_order()]) == []


@pytest.mark.parametrize(
    "seen",
    [
        a_bulletin(issue=Issue.CANCELLED),
        a_bulletin(of_river("氾濫注意情報解除", "10")),
        a_bulletin(of_river("氾濫注意情報（警戒情報解除）", "22")),
        a_bulletin(an_item("洪水警報", condition="解除")),
        a_bulletin(an_item("洪水警報", condition="特別警報から警報")),
        a_bulletin(an_item("レベル３大雨警報", formerly="レベル４大雨危険警報")),
        a_bulletin(of_river("氾濫警戒情報", "31")),
        a_bulletin(),
    ],
)
def test_rule_11_a_downgrade_suggests_nothing_and_leaves_a_remark(seen: Bulletin) -> None:
    for order in (an_order(4), an_order(4, names=[SOUTH], area=SQUARE)):
        assert proposed(seen, order, before=RISEN) == set()
        (said,) = remarks(seen, [order], RISEN)
        assert "避難情報は続いています" in said
        assert "解除は人が判断します" in said
    assert proposed(seen, before=RISEN) == set()
    assert remarks(seen, [], RISEN) == []


def test_what_goes_on_or_rises_leaves_no_remark() -> None:
    for before in (None, RISEN, a_bulletin(of_river("氾濫警戒情報", "30"))):
        assert remarks(RISEN, [an_order(4)], before) == []


def test_a_downgrade_of_one_hazard_does_not_silence_another() -> None:
    before = a_bulletin(an_item("洪水警報"))
    seen = a_bulletin(an_item("洪水警報", condition="解除"), an_item("大雨警報（土砂災害）"))
    assert proposed(seen, before=before) == {"landslide-3"}


@pytest.mark.parametrize(
    ("order", "left"),
    [
        (an_order(4), None),
        (an_order(5), None),
        (an_order(3), (SOUTH, NORTH)),
        (an_order(4, SLIDE), (SOUTH, NORTH)),
        (an_order(4, names=["南町2丁目"], area=SQUARE), (NORTH,)),
        (an_order(4, names=[SOUTH, NORTH], area=SQUARE), None),
        (an_order(4, names=["地図で示した区域"], area=SQUARE), (SOUTH, NORTH)),
    ],
)
def test_what_stands_at_that_level_or_higher_is_left_out(
    order: EvacuationOrder, left: tuple[str, ...] | None
) -> None:
    found = suggested([of_bulletin(4, SOUTH, NORTH)], RISEN, [order])
    assert [one.area_names for one in found] == ([] if left is None else [left])


def test_only_an_order_for_the_whole_city_covers_the_whole_city() -> None:
    named = an_order(4, names=[SOUTH, NORTH], area=SQUARE)
    assert not_yet(FLOOD, L4, (), [named]) == ()
    assert not_yet(FLOOD, L4, (), [named, an_order(4)]) is None


def test_of_one_area_only_the_highest_level_is_suggested() -> None:
    table = [of_bulletin(3, SOUTH), of_bulletin(4, SOUTH, NORTH), of_bulletin(3, "東町")]
    found = suggested(table, RISEN, [])
    assert [(int(one.level), one.area_names) for one in found] == [
        (4, (SOUTH, NORTH)),
        (3, ("東町",)),
    ]


def test_a_criterion_of_one_river_hears_no_other() -> None:
    assert met(of_bulletin(4, river="小川"), RISEN)
    assert met(of_bulletin(4, river="小川上流"), RISEN)
    assert not met(of_bulletin(4, river="大川"), RISEN)
    assert not met(of_bulletin(4, river="小川"), a_bulletin(an_item("レベル４大雨危険警報")))


GAUGE = Gauge("浅瀬橋", "小川", Position(29.6, 135.4), evacuation_m=2.0, danger_m=3.1)


def at_gauge(at: GaugeLevel, river: str = "", name: str = "浅瀬橋") -> Criterion:
    return Criterion(f"g-{at}", OfGauge(name, at, river), FLOOD, L4, (SOUTH,), "市の計画")


@pytest.mark.parametrize(
    ("level_m", "expected"), [(3.09, []), (3.1, ["g-danger_m"]), (4.0, ["g-danger_m"])]
)
def test_a_gauge_at_its_level_or_above_suggests(level_m: float, expected: list[str]) -> None:
    seen = WaterLevel(GAUGE, level_m, AT)
    found = suggested([at_gauge(GaugeLevel.DANGER)], seen, [])
    assert [one.criterion for one in found] == expected
    assert suggested([at_gauge(GaugeLevel.DANGER)], seen, [an_order(4)]) == []


def test_the_words_of_a_gauge_name_its_level() -> None:
    (one,) = suggested([at_gauge(GaugeLevel.DANGER)], WaterLevel(GAUGE, 3.4, AT), [])
    assert one.said == ("小川 浅瀬橋 9月1日20時00分 水位 3.40 m（氾濫危険水位 3.10 m 以上）")


@pytest.mark.parametrize(
    "criterion",
    [
        at_gauge(GaugeLevel.OVERFLOW),
        at_gauge(GaugeLevel.DANGER, river="大川"),
        at_gauge(GaugeLevel.DANGER, name="深瀬橋"),
        of_bulletin(3),
    ],
)
def test_another_gauge_or_a_level_that_none_set_suggests_nothing(criterion: Criterion) -> None:
    assert not met(criterion, WaterLevel(GAUGE, 9.0, AT))


def test_a_gauge_is_nothing_to_a_bulletin() -> None:
    assert not met(at_gauge(GaugeLevel.DANGER), RISEN)


@pytest.mark.parametrize("level", [AlertLevel.NONE, AlertLevel.EARLY_NOTICE, AlertLevel.ADVISORY])
def test_only_levels_of_orders_are_suggested(level: AlertLevel) -> None:
    with pytest.raises(HazardError, match="3・4・5"):
        Criterion("c", OfBulletin(2), FLOOD, level, (), "why")


NAMES = st.sampled_from(
    [
        *("洪水警報", "大雨警報（土砂災害）", "土砂災害警戒情報", "レベル４大雨危険警報"),
        *("レベル５氾濫特別警報", "レベル２大雨注意報", "大雨特別警報（浸水害）", "高潮警報"),
    ]
)
CONDITIONS = st.sampled_from(["発表", "継続", "解除", "警報から注意報", "特別警報から警報"])
BULLETINS = st.builds(
    lambda pairs, status, issue: a_bulletin(
        *(an_item(name, condition=word) for name, word in pairs), status=status, issue=issue
    ),
    st.lists(st.tuples(NAMES, CONDITIONS), max_size=4),
    st.sampled_from(list(Status)),
    st.sampled_from(list(Issue)),
)


@given(seen=BULLETINS, before=st.none() | BULLETINS, level=st.sampled_from([3, 4, 5]))
@settings(deadline=None, max_examples=200)
def test_whatever_comes_no_hazard_is_suggested_more_than_the_jma_says(
    seen: Bulletin, before: Bulletin | None, level: int
) -> None:
    standing = [an_order(level)]
    for one in suggested(DEFAULT, seen, standing, before):
        assert one.level <= seen.peak(one.hazard)
        assert seen.is_real
        assert not seen.is_cancelled
        assert one.hazard is not FLOOD or one.level > level
        assert before is None or seen.peak(one.hazard) >= before.peak(one.hazard)


def test_how_old_a_bulletin_is_shows_in_the_words() -> None:
    (one,) = suggested(DEFAULT, replace(RISEN, reported_at=AT - timedelta(days=3)), [])
    assert "8月29日20時00分発表" in one.said
