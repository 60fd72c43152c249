"""Each rule finds a planted defect, and is silent about the clean alert."""

import copy
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from alerts.alert import Alert
from alerts.kinds import Language, Medium, Step
from alerts.wording.findings import Severity
from alerts.wording.linter import RULES, stopping
from alerts.wording.rendered import Rendered
from alerts.wording.standard import standard_templates
from hazards.kinds import HazardKind
from tests.unit.alerts.asase import (
    AREAS,
    FOUR,
    GAZETTEER,
    NOW,
    SETTINGS,
    TEMPLATES,
    an_alert,
    findings,
    found,
    rendering,
)

JA, EN = Language.JAPANESE, Language.ENGLISH
STOPS, WARNS = Severity.STOPS, Severity.WARNS
ABOLISHED = "避難" + "勧告"


def swapped(
    rendered: Rendered, medium: Medium, old: str, new: str, lang: Language = JA
) -> Rendered:
    """The rendering with some words of one medium replaced, wherever they stand in it."""

    def walk(value: Any) -> Any:
        if isinstance(value, str):
            return value.replace(old, new)
        if isinstance(value, dict):
            return {key: walk(one) for key, one in value.items()}
        return [walk(one) for one in value] if isinstance(value, list) else value

    messages = {one: dict(by_language) for one, by_language in rendered.messages.items()}
    before = copy.deepcopy(messages[medium][lang])
    messages[medium][lang] = walk(before)
    assert messages[medium][lang] != before, "nothing was planted"
    return replace(rendered, messages=messages)


def planted(alert: Alert, medium: Medium, old: str, new: str, lang: Language = JA) -> set[str]:
    """What stops after the words of one medium were changed."""
    return found(alert, swapped(rendering(alert), medium, old, new, lang), STOPS)


def test_a_clean_alert_passes_every_rule() -> None:
    for level in (3, 4, 5):
        alert = an_alert(level=level, reason="浅瀬川が、あふれました。")
        assert not stopping(findings(alert, rendering(alert)))
        assert found(alert, rendering(alert), Severity.PASSES) == {rule.code for rule in RULES}


def test_what_stops_comes_first_and_is_said_in_both_languages() -> None:
    alert = an_alert(area_names=("澪北一丁目",), expires_at=NOW)
    listed = findings(alert, rendering(alert))
    order = [STOPS, WARNS, Severity.PASSES]
    assert [order.index(one.severity) for one in listed] == sorted(
        order.index(one.severity) for one in listed
    )
    assert all("（" in one.words and one.words.endswith("）") for one in listed)


@pytest.mark.parametrize("medium", [Medium.LINE, Medium.SMS, Medium.TELEVISION, Medium.LOUDSPEAKER])
def test_an_abolished_word_stops_wherever_it_stands(medium: Medium) -> None:
    assert "abolished" in planted(an_alert(), medium, "避難指示", ABOLISHED)
    spaced = f"{ABOLISHED[:2]} {ABOLISHED[2:]}"
    alert = an_alert(reason=f"{spaced}が出ました。")
    assert "abolished" in found(alert, rendering(alert), STOPS)


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


SENT_AWAY = [
    "第一小学校は、開いています。",
    "南公民館を開けました。",
    "近くの公民館へ避難してください。",
    "体育館に行ってください。",
    "家の2階に上がること。",
    "二階へ上がること。",
]


@pytest.mark.parametrize("words", SENT_AWAY)
@pytest.mark.parametrize("part", ["reason", "action"])
def test_rule_4_level_5_with_a_place_to_go_to_stops(part: str, words: str) -> None:
    alert = an_alert(level=5, **{part: words})
    assert {"place", "second_floor"} & found(alert, rendering(alert), STOPS)


def test_level_5_may_say_that_going_is_dangerous() -> None:
    alert = an_alert(level=5, reason="避難場所へ向かうのは、危険です。")
    assert "place" not in found(alert, rendering(alert), STOPS)


def test_below_level_5_a_place_may_be_named_and_a_floor_is_a_warning() -> None:
    alert = an_alert(reason="南公民館を開けました。2階も使えます。")
    assert not {"place", "second_floor"} & found(alert, rendering(alert), STOPS)
    assert "second_floor" in found(alert, rendering(alert), WARNS)


def test_an_area_with_a_sites_name_in_it_is_no_place_to_go_to() -> None:
    alert = an_alert(level=5, area_names=("浅瀬中央一丁目",))
    assert not found(alert, rendering(alert), STOPS, sites=("浅瀬中央一丁目",))


def test_rule_17_an_unread_name_stops_live_and_warns_in_a_drill() -> None:
    for drill, severity in ((False, STOPS), (True, WARNS)):
        alert = an_alert(area_names=("澪北一丁目",), drill=drill)
        (finding,) = [one for one in findings(alert, rendering(alert)) if one.code == "reading"]
        assert (finding.severity, finding.medium) == (severity, Medium.LOUDSPEAKER)
        assert "澪北" in finding.words


def test_rule_17_a_place_in_free_text_counts_too() -> None:
    alert = an_alert(reason="鵜首で、水があふれました。")
    assert "reading" in found(alert, rendering(alert), STOPS)


def test_estimated_readings_are_listed() -> None:
    alert = an_alert(reason="堤防が切れました。")
    (finding,) = [one for one in findings(alert, rendering(alert)) if one.code == "estimated"]
    assert "堤防" in finding.words


def test_rule_17_an_unreviewed_template_stops_live_and_warns_in_a_drill() -> None:
    drafts = standard_templates()
    live, drill = an_alert(), an_alert(drill=True)
    assert "reviewed" in found(live, rendering(live, templates=drafts), STOPS)
    assert "reviewed" in found(drill, rendering(drill, templates=drafts), WARNS)
    assert "reviewed" not in found(drill, rendering(drill, templates=drafts), STOPS)


def test_a_language_that_is_left_out_is_a_warning() -> None:
    japanese = [one for one in TEMPLATES if one.language is JA]
    alert = an_alert()
    rendered = rendering(alert, templates=japanese)
    assert "left_out" in found(alert, rendered, WARNS)
    assert not found(alert, rendered, STOPS)


def test_an_alert_that_is_over_stops() -> None:
    alert = an_alert()
    assert "expired" in found(alert, rendering(alert), STOPS, now=alert.expires_at)
    almost = alert.expires_at - timedelta(seconds=1)
    assert "expired" not in found(alert, rendering(alert), STOPS, now=almost)


@pytest.mark.parametrize(("minutes", "stopped"), [(1, True), (29, True), (30, False), (0, False)])
def test_an_alert_that_is_over_within_half_an_hour_stops(minutes: int, stopped: bool) -> None:
    """The clock runs from now, not from the draft: one that is over is stopped as such."""
    alert = an_alert()
    now = alert.expires_at - timedelta(minutes=minutes)
    assert ("too_short" in found(alert, rendering(alert), STOPS, now=now)) == stopped


def test_another_revision_stops() -> None:
    alert = an_alert()
    assert "record" in found(replace(alert, revision=2), rendering(alert), STOPS)


def test_a_text_without_area_or_action_stops() -> None:
    alert = an_alert()
    nowhere = replace(alert, area_names=())
    assert "complete" in found(nowhere, rendering(alert), STOPS)
    nothing = replace(rendering(alert), actions={JA: ("",)})
    assert "complete" in found(alert, nothing, STOPS)


@pytest.mark.parametrize(
    ("medium", "old", "new"),
    [
        (Medium.SMS, "【訓練】", ""),
        (Medium.MAIL, "【訓練】", "訓練"),
        (Medium.AREA_MAIL, "第1版\n【訓練】", "第1版"),
        (Medium.LOUDSPEAKER, "訓練", "放送"),
        (Medium.LINE, "#7b8794", "#aa00aa"),
        (Medium.LINE, "【訓練】", "【本番】"),
    ],
)
def test_rule_16_a_drill_without_its_mark_or_with_a_levels_colour_stops(
    medium: Medium, old: str, new: str
) -> None:
    assert "drill" in planted(an_alert(drill=True), medium, old, new)


def test_rule_16_a_drill_whose_spoken_lines_do_not_say_so_stops() -> None:
    alert = an_alert(drill=True)
    rendered = rendering(alert)
    for gone in ("head", "tail"):
        message = {**rendered.messages[Medium.LOUDSPEAKER][JA], gone: None}
        messages = {**rendered.messages, Medium.LOUDSPEAKER: {JA: message}}
        assert "drill" in found(alert, replace(rendered, messages=messages), STOPS)


def test_rule_16_a_drills_record_with_a_live_text_stops() -> None:
    live, drill = an_alert(), an_alert(drill=True)
    assert "drill" in found(drill, rendering(live), STOPS)
    assert {"drill", "live"} <= found(live, rendering(drill), STOPS)


@pytest.mark.parametrize("words", ["これは訓練ではありません。", "くんれんです。", "Not a drill。"])
def test_rule_16_a_live_alert_that_says_drill_stops(words: str) -> None:
    alert = an_alert(reason=words)
    assert "live" in found(alert, rendering(alert), STOPS)


def test_rule_20_the_fictional_city_is_called_fictional() -> None:
    assert "fictional" in planted(an_alert(), Medium.SMS, "（架空）", "")


@pytest.mark.parametrize(
    ("medium", "old", "new"),
    [
        (Medium.SMS, "逃げること。", "逃げること。" + "。" * 600),
        (Medium.MAIL, "警戒レベル4", "警戒レベル4" + "　" * 100),
        (Medium.AREA_MAIL, "避難指示", "避難指示" * 3),
        (Medium.AREA_MAIL, "浅瀬川の", "浅瀬川の" * 100),
        (Medium.SOCIAL, "逃げること。", "逃げること。" + "。" * 100),
        (Medium.LINE, "逃げること。", "逃げること。" + "。" * 4000),
    ],
)
def test_what_no_carrier_takes_stops(medium: Medium, old: str, new: str) -> None:
    assert "length" in planted(an_alert(), medium, old, new)


@pytest.mark.parametrize(
    "garbled",
    [
        "\x00",
        "\x1b[0m",
        "\ufffd",
        "\u202e",
        "\u200b",
        "縺ｫ",
        "ã\x81\x82",
        "????",
        "\ue000",
        "《",
        "{area}",
    ],
)
def test_garbled_words_stop(garbled: str) -> None:
    assert "garbled" in planted(an_alert(), Medium.MAIL, "浅瀬川", f"浅瀬川{garbled}")


def test_ordinary_punctuation_is_not_garbled() -> None:
    alert = an_alert(reason="「浅瀬川」の水位：6.84ｍ（20時）……危険！？ Café, naïve。")
    assert "garbled" not in found(alert, rendering(alert), STOPS)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("【浅瀬市（架空）】", "【浅瀬市（架空）】" + "お知らせ。" * 9),
        ("渡場一丁目〜四丁目", "ここ"),
    ],
)
def test_an_sms_that_does_not_begin_with_area_and_action_stops(old: str, new: str) -> None:
    assert "first_part" in planted(an_alert(), Medium.SMS, old, new)


def test_an_officers_long_first_sentence_is_stopped_before_it_is_sent() -> None:
    long = (
        "危険な場所にいる人は、いそいで必要なものだけを持って、近所の人と声をかけ合い、逃げること。"
    )
    alert = an_alert(action=long)
    assert "first_part" in found(alert, rendering(alert), STOPS)


def test_a_sentence_too_long_to_be_heard_stops() -> None:
    alert = an_alert(reason="あ" * 61 + "。")
    (finding,) = [one for one in findings(alert, rendering(alert)) if one.code == "heard"]
    assert (finding.severity, finding.medium) == (STOPS, Medium.LOUDSPEAKER)
    short = an_alert(reason="あ" * 60 + "。")
    assert "heard" not in found(short, rendering(short), STOPS)
    slower = replace(SETTINGS, longest_sentence_morae=90)
    assert "heard" not in found(alert, rendering(alert), STOPS, settings=slower)


def test_an_all_clear_has_no_colour_and_needs_no_number() -> None:
    alert = an_alert(step=Step.ALL_CLEAR, hazard=HazardKind.LANDSLIDE)
    rendered = rendering(alert)
    assert not found(alert, rendered, STOPS)
    (card,) = rendered.messages[Medium.LINE][JA]["messages"]
    card["contents"]["header"]["backgroundColor"] = "#aa00aa"
    assert "level" in found(alert, rendered, STOPS)


def test_the_linter_knows_readings_by_the_gazetteer_it_is_given() -> None:
    alert = an_alert()
    unsure = replace(
        GAZETTEER, readings=tuple(replace(one, confirmed=False) for one in GAZETTEER.readings)
    )
    assert "reading" in found(alert, rendering(alert), STOPS, gazetteer=unsure)
