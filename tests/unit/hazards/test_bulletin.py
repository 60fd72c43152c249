"""What names mean, what stands, and of whom a bulletin speaks."""

from datetime import timedelta

import pytest

from hazards.bulletin import AreaKind, BulletinItem
from hazards.bulletinnames import (
    NEWER,
    OLDER,
    RIVER_COURSES,
    SURGE_LIKELY,
    Course,
    course_of,
    meaning_of,
    river_course_of,
)
from hazards.bulletinplace import Place, concerns, here
from hazards.kinds import HazardKind
from tests.unit.hazards.bulletins import (
    AT,
    FAR,
    HERE,
    OTHER,
    REGION,
    RIVER,
    STRETCH,
    TOWN,
    a_bulletin,
    an_item,
    of_river,
)

FLOOD, INLAND = HazardKind.FLOOD, HazardKind.INLAND_FLOOD
SLIDE, SURGE = HazardKind.LANDSLIDE, HazardKind.STORM_SURGE
SUBJECTS = sorted(NEWER)
NOUNS = [("特別警報", 5), ("危険警報", 4), ("警報", 3), ("注意報", 2)]


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize(("noun", "level"), NOUNS)
def test_a_newer_name_says_its_level_itself(subject: str, noun: str, level: int) -> None:
    for digit in (str(level), "０１２３４５"[level]):
        meaning = meaning_of(f"レベル{digit}{subject}{noun}")
        assert (meaning.level, meaning.said) == (level, True)
        assert meaning.hazards == NEWER[subject]


@pytest.mark.parametrize(
    ("name", "level", "hazards"),
    [
        ("大雨警報（土砂災害）", 3, {SLIDE}),
        ("大雨警報（浸水害）", None, {INLAND}),
        ("洪水警報", 3, {FLOOD}),
        ("土砂災害警戒情報", 4, {SLIDE}),
        ("大雨特別警報（土砂災害）", 5, {SLIDE}),
        ("大雨特別警報（浸水害）", 5, {FLOOD, INLAND}),
        ("氾濫注意情報", 2, {FLOOD}),
        ("氾濫注意情報（警戒情報解除）", 2, {FLOOD}),
        ("氾濫注意情報解除", 2, {FLOOD}),
        ("氾濫警戒情報", 3, {FLOOD}),
        ("氾濫危険情報", 4, {FLOOD}),
        ("氾濫発生情報", 5, {FLOOD}),
        ("氾濫発生情報（氾濫水の予報）", 5, {FLOOD}),
        ("高潮特別警報", 4, {SURGE}),
        ("高潮警報", 4, {SURGE}),
        ("高潮注意報", 2, {SURGE}),
        (SURGE_LIKELY, 3, {SURGE}),
        ("大雨注意報", 2, {SLIDE, INLAND}),
        ("洪水注意報", 2, {FLOOD}),
        ("早期注意情報", 1, set()),
        ("記録的短時間大雨情報", None, {FLOOD, SLIDE, INLAND}),
        ("雷注意報", None, set()),
        ("暴風特別警報", None, set()),
        ("どこにもない警報", None, set()),
        ("", None, set()),
    ],
)
def test_an_older_name_implies_its_level(
    name: str, level: int | None, hazards: set[HazardKind]
) -> None:
    meaning = meaning_of(name)
    assert (meaning.level, meaning.said, set(meaning.hazards)) == (level, False, hazards)


def test_a_newer_surge_warning_is_not_taken_for_an_older_one() -> None:
    """高潮警報 was of level 4; レベル３高潮警報 is not."""
    assert meaning_of("レベル３高潮警報").level == 3
    assert meaning_of("レベル５高潮特別警報").level == 5


def test_no_name_says_a_level_that_there_is_not() -> None:
    assert {level for level, _ in OLDER.values()} == {1, 2, 3, 4, 5, None}
    assert meaning_of("レベル６大雨警報").level is None


@pytest.mark.parametrize(
    ("word", "course"),
    [
        ("発表", Course.ISSUED),
        ("継続", Course.CONTINUED),
        ("解除", Course.ENDED),
        ("警報から注意報", Course.LOWERED),
        ("特別警報から警報", Course.LOWERED),
        ("発表警報・注意報はなし", Course.ENDED),
        ("見たことのない語", Course.ISSUED),
    ],
)
def test_a_status_word_says_how_a_warning_stands(word: str, course: Course) -> None:
    assert course_of(word) is course


@pytest.mark.parametrize(
    ("code", "name", "course"),
    [
        ("10", "レベル２氾濫注意報解除", Course.ENDED),
        ("22", "氾濫注意情報（警戒情報解除）", Course.LOWERED),
        ("41", "氾濫危険情報", Course.CONTINUED),
        ("", "氾濫注意情報解除", Course.ENDED),
        ("99", "レベル２氾濫注意報（警報解除）", Course.LOWERED),
        ("99", "レベル４氾濫危険警報", Course.ISSUED),
    ],
)
def test_a_rivers_code_says_how_it_stands(code: str, name: str, course: Course) -> None:
    assert river_course_of(code, name) is course


def test_only_code_10_ends_a_rivers_warning() -> None:
    assert [code for code, course in RIVER_COURSES.items() if course is Course.ENDED] == ["10"]


def test_the_highest_level_that_stands_counts_for_a_hazard() -> None:
    found = a_bulletin(
        an_item("レベル４大雨危険警報"),
        an_item("レベル５土砂災害特別警報", condition="解除"),
        an_item("レベル２土砂災害注意報"),
    )
    assert (found.peak(FLOOD), found.peak(SLIDE), found.peak(SURGE)) == (4, 2, 0)


@pytest.mark.parametrize(
    ("item", "lowered"),
    [
        (an_item("大雨注意報", condition="警報から注意報"), True),
        (an_item("レベル３大雨警報", formerly="レベル４大雨危険警報"), True),
        (an_item("レベル４大雨危険警報", formerly="レベル３大雨警報"), False),
        (an_item("レベル３大雨警報", formerly="レベル３大雨警報"), False),
        (of_river("氾濫注意情報（警戒情報解除）", "22"), True),
    ],
)
def test_a_warning_instead_of_a_higher_one_is_lowered(item: BulletinItem, lowered: bool) -> None:
    assert item.is_lowered is lowered
    assert item.in_force


@pytest.mark.parametrize(
    ("item", "concerned"),
    [
        (an_item("レベル３大雨警報", TOWN), True),
        (an_item("レベル３大雨警報", OTHER), False),
        (an_item("レベル３大雨警報", OTHER, REGION), False),
        (an_item("線状降水帯発生", REGION), True),
        (an_item("線状降水帯発生", FAR), False),
        (of_river("氾濫危険情報", "40", STRETCH, RIVER, REGION, OTHER), True),
        (of_river("氾濫危険情報", "40", STRETCH, RIVER, FAR), False),
        (of_river("氾濫危険情報", "40", STRETCH, REGION, OTHER), False),
        (of_river("氾濫危険情報", "40", STRETCH, RIVER), True),
    ],
)
def test_a_bulletin_speaks_of_its_towns_its_rivers_and_else_its_region(
    item: BulletinItem, concerned: bool
) -> None:
    assert concerns(item, HERE) is concerned
    assert here(a_bulletin(item), HERE).items == ((item,) if concerned else ())


def test_a_city_of_several_forecast_areas_is_meant_by_each() -> None:
    north = an_item("レベル３大雨警報", TOWN.__class__("9990211", "北部", AreaKind.MUNICIPALITY))
    assert concerns(north, HERE)
    assert not concerns(north, Place("99911"))


def test_what_tells_of_a_moment_ends_by_itself_and_a_warning_does_not() -> None:
    assert a_bulletin(kind="VPBS50").ends_at == AT + timedelta(hours=3)
    assert a_bulletin(kind="VPWW55").ends_at is None
    end = AT + timedelta(hours=1)
    assert a_bulletin(kind="VPHW51", valid_until=end).ends_at == end


def test_a_later_serial_or_a_later_sending_comes_later() -> None:
    first, second = a_bulletin(serial="9"), a_bulletin(serial="10")
    assert first.order < second.order
    assert a_bulletin().order < a_bulletin(sent_at=AT + timedelta(seconds=1)).order


def test_a_headline_is_shown_in_one_line_and_without_the_word_that_is_no_more() -> None:
    old = "避難" + "勧告"
    found = a_bulletin(headline=f"＜概況＞\n市町村から発令される{old}などに留意し\n")
    assert found.shown_headline == "＜概況＞ 市町村から発令される［避難指示］などに留意し"
    assert old in found.headline
