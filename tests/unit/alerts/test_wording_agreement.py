"""Another level, hazard, area or action than the record has, in any medium, is found."""

from dataclasses import replace

import pytest

from alerts.kinds import Language, Medium, Step
from hazards.kinds import HazardKind
from tests.unit.alerts.asase import AREAS, FOUR, an_alert, found, rendering
from tests.unit.alerts.planted import EN, JA, STOPS, WARNS, planted, swapped


@pytest.mark.parametrize(
    ("medium", "old", "new", "lang"),
    [
        (Medium.SMS, "警戒レベル4", "警戒レベル3", JA),
        (Medium.SMS, "警戒レベル4避難指示", "避難", JA),
        (Medium.MAIL, "避難指示", "高齢者等避難", JA),
        (Medium.LOUDSPEAKER, "4", "5", JA),
        (Medium.AREA_MAIL, "レベル4", "レベル５", JA),
        (Medium.TELEVISION, "レベル4", "レベル", Language.EASY_JAPANESE),
        (Medium.SMS, "Level 4", "Level 2", EN),
        (Medium.LINE, "#aa00aa", "#ff2800", JA),
        (Medium.LINE, "#aa00aa", "#5b6570", JA),
    ],
)
def test_another_level_in_one_medium_stops(
    medium: Medium, old: str, new: str, lang: Language
) -> None:
    assert planted(an_alert(), medium, old, new, lang) & {"level"} == {"level"}


def test_a_bulletins_level_in_an_officers_reason_is_no_disagreement() -> None:
    alert = an_alert(level=3, reason="浅瀬川に、レベル4氾濫危険警報が出ました。")
    assert "level" not in found(alert, rendering(alert), STOPS)


@pytest.mark.parametrize(
    ("medium", "old", "lang"),
    [
        (Medium.SMS, "（洪水）", JA),
        (Medium.LOUDSPEAKER, "洪水", JA),
        (Medium.SOCIAL, "こうずい", Language.EASY_JAPANESE),
        (Medium.WEB, "loods", EN),
    ],
)
def test_a_medium_without_the_hazard_stops(medium: Medium, old: str, lang: Language) -> None:
    assert "hazard" in planted(an_alert(), medium, old, "", lang)


def test_a_second_hazard_is_a_warning() -> None:
    alert = an_alert()
    both = swapped(rendering(alert), Medium.MAIL, "発令しました。", "発令しました。津波も来ます。")
    assert found(alert, both, WARNS) >= {"hazard"}
    assert "hazard" not in found(alert, both, STOPS)


@pytest.mark.parametrize(
    ("medium", "old", "new", "lang"),
    [
        (Medium.SMS, "四丁目", "三丁目", JA),
        (Medium.SMS, "四丁目", "五丁目", JA),
        (Medium.MAIL, "渡場一丁目〜四丁目", "渡場", JA),
        (Medium.MAIL, "渡場一丁目〜四丁目", "渡場一丁目 ほか3区域", JA),
        (Medium.TELEVISION, "渡場一丁目〜四丁目", "渡場一丁目 ほか4区域", JA),
        (Medium.LOUDSPEAKER, "から", "、", JA),
        (Medium.AREA_MAIL, "渡場一丁目〜四丁目", "渡場一丁目〜四丁目、下浅瀬地区", JA),
        (Medium.LINE, "Watashiba 1-4", "Watashiba 1-3", EN),
        (Medium.WEB, "1〜4丁目", "1・4丁目", Language.EASY_JAPANESE),
    ],
)
def test_other_areas_in_one_medium_stop(medium: Medium, old: str, new: str, lang: Language) -> None:
    assert "area" in planted(an_alert(), medium, old, new, lang)


def test_an_area_that_an_officer_only_mentions_is_no_other_area() -> None:
    alert = an_alert(reason="下浅瀬地区で、水があふれました。")
    assert "area" not in found(alert, rendering(alert), STOPS)


def test_the_whole_city_is_not_some_areas() -> None:
    alert = an_alert(area_names=(), whole_city=True)
    changed = swapped(rendering(alert), Medium.SMS, "市内全域", "市内の一部")
    assert {"area", "first_part"} <= found(alert, changed, STOPS)


def test_areas_that_are_counted_need_the_place_of_the_list() -> None:
    names = (*FOUR, "浅瀬中央一丁目", "浅瀬中央三丁目", "上浅瀬五丁目", "下浅瀬地区")
    alert = an_alert(area_names=names)
    rendered = rendering(alert)
    sms = rendered.messages[Medium.SMS][JA]["text"]
    assert "ほか" in sms
    bare = swapped(rendered, Medium.SMS, "https://", "")
    assert "list" in found(alert, bare, STOPS, areas=(*AREAS, *names))
    assert "list" not in found(alert, rendered, STOPS, areas=(*AREAS, *names))


@pytest.mark.parametrize(
    "medium", [Medium.LINE, Medium.SMS, Medium.MAIL, Medium.TELEVISION, Medium.LOUDSPEAKER]
)
def test_another_action_in_one_medium_stops(medium: Medium) -> None:
    assert "action" in planted(an_alert(), medium, "全員", "一部")


def test_another_action_than_in_the_record_stops() -> None:
    alert = an_alert()
    assert "action" in found(replace(alert, action="橋を渡らないこと。"), rendering(alert), STOPS)


def test_an_officers_own_action_is_pointed_out() -> None:
    alert = an_alert(action="全員、今すぐ逃げること。")
    assert found(alert, rendering(alert), WARNS) >= {"own_action", "not_translated"}


def test_an_all_clear_has_no_colour_and_needs_no_number() -> None:
    alert = an_alert(step=Step.ALL_CLEAR, hazard=HazardKind.LANDSLIDE)
    rendered = rendering(alert)
    assert not found(alert, rendered, STOPS)
    (card,) = rendered.messages[Medium.LINE][JA]["messages"]
    card["contents"]["header"]["backgroundColor"] = "#aa00aa"
    assert "level" in found(alert, rendered, STOPS)
