"""Areas in few words, in three languages, and read back from them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.kinds import Language
from alerts.wording.areas import fewer, group_words, grouped
from alerts.wording.areawords import brief_areas, brief_group, city_words, full_area, full_group
from alerts.wording.checks.areasaid import areas_said, counted
from tests.unit.alerts.asase import CITY, FOUR, GAZETTEER, an_alert

KANJI = "〇一二三四五六七八九"
STEMS = ["渡場", "澪北", "浅瀬中央", "上浅瀬"]
NAMES = st.lists(
    st.one_of(
        st.builds(
            lambda stem, n: f"{stem}{KANJI[n]}丁目", st.sampled_from(STEMS), st.integers(1, 9)
        ),
        st.sampled_from(["下浅瀬地区", "浅瀬本町", "鵜首"]),
    ),
    min_size=1,
    max_size=25,
    unique=True,
)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (FOUR, "渡場一丁目〜四丁目"),
        (("渡場一丁目",), "渡場一丁目"),
        (("渡場二丁目", "渡場一丁目"), "渡場一丁目・二丁目"),
        (("渡場一丁目", "渡場三丁目"), "渡場一丁目・三丁目"),
        (
            ("渡場三丁目", *FOUR, "渡場六丁目", "下浅瀬地区"),
            "渡場一丁目〜四丁目・六丁目、下浅瀬地区",
        ),
        (("渡場1丁目", "渡場2丁目", "渡場3丁目"), "渡場1丁目〜3丁目"),
    ],
)
def test_numbers_that_follow_each_other_are_joined(names: tuple[str, ...], words: str) -> None:
    assert "、".join(map(group_words, grouped(names))) == words


def test_each_language_has_its_own_names() -> None:
    (group,) = grouped(FOUR)
    assert full_group(group, Language.EASY_JAPANESE, GAZETTEER) == "渡場（わたしば）1〜4丁目"
    assert brief_group(group, Language.EASY_JAPANESE, GAZETTEER) == "渡場1〜4丁目"
    english = full_group(group, Language.ENGLISH, GAZETTEER)
    assert english == "Watashiba 1-4 chome (渡場一丁目〜四丁目)"
    assert brief_group(group, Language.ENGLISH, GAZETTEER) == "Watashiba 1-4"


def test_a_name_that_nobody_confirmed_is_not_spelled() -> None:
    (group,) = grouped(["澪北一丁目"])
    assert full_group(group, Language.ENGLISH, GAZETTEER) == "澪北1丁目"
    assert full_group(group, Language.EASY_JAPANESE, GAZETTEER) == "澪北1丁目"


def test_the_fictional_city_is_called_fictional_in_english() -> None:
    assert city_words(CITY, Language.ENGLISH, GAZETTEER) == "Asase City (fictional)"
    assert city_words(CITY, Language.JAPANESE, GAZETTEER) == CITY


def test_the_whole_city_is_one_area() -> None:
    alert = an_alert(area_names=(), whole_city=True)
    assert full_area(alert, Language.JAPANESE, GAZETTEER) == "市内全域"
    assert list(brief_areas(alert, Language.ENGLISH, GAZETTEER)) == [("the whole city", 0)]


def test_areas_that_do_not_fit_are_counted() -> None:
    alert = an_alert(area_names=(*FOUR, "下浅瀬地区"))
    assert list(brief_areas(alert, Language.JAPANESE, GAZETTEER)) == [
        ("渡場一丁目〜四丁目、下浅瀬地区", 0),
        ("渡場一丁目〜四丁目 ほか1区域", 1),
        ("渡場一丁目 ほか4区域", 4),
    ]


@settings(deadline=None)
@given(NAMES)
def test_no_area_is_lost_however_few_are_named(names: list[str]) -> None:
    for named, left in fewer(grouped(names)):
        assert sum(group.count for group in named) + left == len(names)


@settings(deadline=None)
@given(NAMES, st.sampled_from(list(Language)))
def test_what_is_named_is_read_back(names: list[str], language: Language) -> None:
    alert = an_alert(area_names=tuple(names))
    full = full_area(alert, language, GAZETTEER)
    assert areas_said(full, names, language, GAZETTEER) == set(names)
    for words, left in brief_areas(alert, language, GAZETTEER):
        assert counted(words, language) == left
        assert len(areas_said(words, names, language, GAZETTEER)) == len(names) - left


def test_an_area_within_the_name_of_another_is_not_said() -> None:
    names = ["浅瀬", "下浅瀬地区", "渡場一丁目", "渡場十一丁目"]
    said = areas_said("下浅瀬地区と渡場十一丁目", names, Language.JAPANESE, GAZETTEER)
    assert said == {"下浅瀬地区", "渡場十一丁目"}
