"""Each rule finds a planted defect, and is silent about the clean alert."""

from dataclasses import replace
from datetime import timedelta

import pytest

from alerts.kinds import Medium, Status
from alerts.wording.findings import Severity
from alerts.wording.linter import RULES, stopping
from alerts.wording.reading.proposals import read_words
from alerts.wording.standard import standard_templates
from city.reading import Reading
from tests.unit.alerts.asase import GAZETTEER, NOW, TEMPLATES, an_alert, findings, found, rendering
from tests.unit.alerts.planted import JA, STOPS, WARNS, planted

ABOLISHED = "避難" + "勧告"


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


@pytest.mark.parametrize("name", ["大川", "新田", "天神"])
def test_rule_17_a_place_that_a_dictionary_takes_for_a_word_is_not_read_by_guesswork(
    name: str,
) -> None:
    """Live it stops, in a drill it warns; once somebody confirmed it, it is read aloud."""
    alert = an_alert(reason=f"{name}で、水があふれました。")
    live = rendering(alert, engine=read_words)
    assert "reading" in found(alert, live, STOPS)
    assert live.message(Medium.LOUDSPEAKER) is None
    drill = replace(alert, status=Status.EXERCISE)
    assert "reading" in found(drill, rendering(drill, engine=read_words), WARNS)
    known = replace(GAZETTEER, readings=(*GAZETTEER.readings, Reading(name, "あ", confirmed=True)))
    sure = rendering(alert, known, engine=read_words)
    assert "reading" not in found(alert, sure, STOPS, gazetteer=known)


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


def test_the_linter_knows_readings_by_the_gazetteer_it_is_given() -> None:
    alert = an_alert()
    unsure = replace(
        GAZETTEER, readings=tuple(replace(one, confirmed=False) for one in GAZETTEER.readings)
    )
    assert "reading" in found(alert, rendering(alert), STOPS, gazetteer=unsure)
