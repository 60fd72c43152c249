"""What every medium says at level 5, when it is over, and beside an officer's own words."""

from dataclasses import replace
from typing import Any

import pytest

from alerts.kinds import AlertKind, Language, Medium, Step
from alerts.wording.checks.asking import asking
from alerts.wording.checks.texts import shown
from alerts.wording.findings import Severity
from alerts.wording.standingorders import StandingOrder
from hazards.kinds import AlertLevel, HazardKind
from tests.unit.alerts.asase import (
    FOUR,
    LINKS,
    SETTINGS,
    a_notice,
    an_alert,
    findings,
    found,
    rendering,
)

STOPS = Severity.STOPS
FIVE = (StandingOrder(AlertLevel.SECURE_NOW, HazardKind.FLOOD, FOUR[:1], FOUR[:1]),)


def text(rendered: Any, medium: Medium, language: Language = Language.JAPANESE) -> str:
    return str(rendered.messages[medium][language]["text"])


def stopped(alert: Any, **values: Any) -> set[str]:
    return found(alert, rendering(alert), STOPS, **values)


def test_what_an_officer_added_leaves_a_long_sms_before_the_templates_words_do() -> None:
    alert = an_alert(action="橋を、渡らないこと。" * 20)
    sms = rendering(alert).messages[Medium.SMS][Language.JAPANESE]
    assert "高い階に上がること。" in sms["text"]
    assert sms["parts"] <= SETTINGS.sms_parts
    assert "橋を、渡らないこと。" in sms["text"]


LINKED = (Medium.SMS, Medium.MAIL, Medium.SOCIAL)
WAY_OUT = ("逃げ道", "にげる みち", "way out")
SECURE = ("命を守る行動", "いのちを まもる ほうほう", "how to protect your life")


@pytest.mark.parametrize("own", [0, 45])
def test_rule_04_the_link_of_level_5_is_no_way_out_in_any_medium(own: int) -> None:
    links = replace(LINKS, own_length=own)
    for drill in (False, True):
        for one in shown(rendering(an_alert(level=5, drill=drill), links=links)):
            told = one.text.lower()
            assert not any(words.lower() in told for words in WAY_OUT), one
            if one.medium in (*LINKED, Medium.LINE):
                assert any(words in told for words in SECURE), one


@pytest.mark.parametrize("level", [4, 5])
@pytest.mark.parametrize("step", [Step.CANCEL, Step.ALL_CLEAR])
def test_what_is_over_leads_to_no_way_out(step: Step, level: int) -> None:
    for one in shown(rendering(an_alert(level=level, step=step))):
        told = one.text.lower()
        assert not any(words.lower() in told for words in (*WAY_OUT, *SECURE)), one


@pytest.mark.parametrize("hazard", sorted(HazardKind))
@pytest.mark.parametrize("medium", [Medium.SMS, Medium.SOCIAL, Medium.TELEVISION])
def test_rule_04_level_5_says_more_than_to_protect_ones_life(
    medium: Medium, hazard: HazardKind
) -> None:
    rendered = rendering(an_alert(level=5, hazard=hazard), links=replace(LINKS, own_length=45))
    for language in Language:
        if (medium, language) != (Medium.SOCIAL, Language.EASY_JAPANESE):
            second = rendered.actions[language][1]
            assert second in text(rendered, medium, language), language


def test_easy_japanese_writes_how_a_place_is_read_where_it_fits() -> None:
    easy = Language.EASY_JAPANESE
    rendered = rendering(an_alert())
    for medium in (Medium.SMS, Medium.TELEVISION):
        assert "渡場（わたしば）1〜4丁目" in text(rendered, medium, easy)
    names = tuple(f"{stem}{n}丁目" for stem in ("渡場", "浅瀬中央", "上浅瀬") for n in "一三五七九")
    far = text(rendering(an_alert(area_names=names)), Medium.SMS, easy)
    assert "（わたしば）" not in far
    assert "渡場" in far


@pytest.mark.parametrize("drill", [False, True])
@pytest.mark.parametrize("step", [Step.ISSUE, Step.UPDATE])
def test_rule_04_at_level_5_an_officers_own_action_stops(step: Step, drill: bool) -> None:
    alert = an_alert(level=5, step=step, drill=drill, action="いちばん高い所に移ること。")
    (finding,) = [one for one in findings(alert, rendering(alert)) if one.code == "own_five"]
    assert finding.severity is STOPS
    assert "消してください" in finding.words
    assert "own_five" not in stopped(an_alert(level=4, action="橋を、渡らないこと。"))
    assert "own_five" not in stopped(an_alert(level=5, step=Step.ALL_CLEAR, action="休むこと。"))


ASKS = (
    "高台の公園へ走ってください。",
    "体育館に入ること",
    "丘の上へ急いで。",
    "橋を渡って逃げること。",
    "ここに残らず、すぐ外へ出ること。",
    "家を出て、北へ走ること。",
    "Go to the school now.",
    "Ｇｏ to school",
    "水位が上がりました。leave now",
    "高台へ避難しましょう。",
    "すぐ学校へ。",
    "北の丘を目指す。",
    "外へ出ろ。",
    "逃げろ！",
    "動け。",
    "みんなで、動きます。",
    "山の上。",
    "建物の中。",
    "スグニゲテ、水が来ます。",
    "3階に水は来ていません。",
    "全員、学校に行きます。",
    "体育館は安全です。",
    "避難が必要です。",
    "残るのは危険です。",
    "家にいると危険です。",
    "外に出ないと危険です。",
    "体育館に入って、水が来ます。",
    "川の様子を見に行こう。",
    "请去学校",
    "車で。",
    "北小に集合。",
    "丘の方が高いです。",
    "迎えのバスが来ます。",
    "体育館に毛布があります。",
    "水位が上がりました（学校へ逃げてください）。",
    "水位が上がりました。体育館へ",
)
TELLS = (
    "浅瀬川の水位が、上がっています。",
    "浅瀬川が、あふれました。",
    "氾濫が発生しました。",
    "浅瀬川で、越水が発生した。",
    "避難場所へ向かうのは、危険です。",
    "堤防が切れ、水が住宅地へ流れ込んでいます。",
    "水位が、20時30分に6.84メートルになりました。",
    "大雨特別警報が出ました。",
    "逃げ遅れた人がいます。",
    "水が引いていません。",
    "土石流が発生。",
    "津波が来ます。",
    "ダムの放流を行っています。",
    "夕方まで雨が続く見込みです。",
    "レベル5氾濫特別警報が出ました。",
    "高潮で、海の水が町に入りました。",
    "避難判断水位を超えました。",
    "土砂が道に出ています。",
    "水位 43.50 m：氾濫開始水位に達しました。（警戒レベル5 緊急安全確保の目安）",
)


@pytest.mark.parametrize("words", ASKS)
def test_rule_04_at_level_5_a_reason_that_asks_stops(words: str) -> None:
    for drill in (False, True):
        alert = an_alert(level=5, drill=drill, reason=words)
        assert "asks_five" in stopped(alert)
    told = [one for one in findings(alert, rendering(alert)) if one.code == "asks_five"]
    assert all(one.words.split("：「")[1].split("」（")[0] in words for one in told)
    assert all("起きていることだけ" in one.words for one in told)


@pytest.mark.parametrize("words", TELLS)
def test_at_level_5_a_reason_that_tells_what_happens_passes(words: str) -> None:
    assert not list(asking(words))
    assert "asks_five" not in stopped(an_alert(level=5, reason=words))


def test_below_level_5_a_reason_may_ask() -> None:
    assert "asks_five" not in stopped(an_alert(level=4, reason="南公民館へ急いでください。"))


@pytest.mark.parametrize("level", [3, 4])
@pytest.mark.parametrize(
    "words",
    [
        "避難は不要です。",
        "避難する必要はありません。",
        "家で待つこと。",
        "自宅で過ごしてください。",
        "自宅待機をお願いします。",
        "外に出ないこと。",
        "この区域は安全です。",
        "帰宅してください。",
        "家へ戻ること。",
        "車で逃げること。",
        "車に乗って、すぐ避難してください。",
        "川を見に行くこと。",
        "田んぼの様子を見に行ってください。",
        "海へ行ってください。",
        "水の中を歩いてください。",
        "橋は、渡らないこと（家で待つこと）。",
    ],
)
def test_rule_03_own_words_against_the_order_stop(words: str, level: int) -> None:
    assert "against_order" in stopped(an_alert(level=level, action=words))
    assert "against_order" in stopped(an_alert(level=level, reason=words))


def test_each_sentence_against_the_order_is_named() -> None:
    alert = an_alert(level=4, action="避難は不要です。家で待つこと。橋を、渡らないこと。")
    told = [one.words for one in findings(alert, rendering(alert)) if one.code == "against_order"]
    assert [words.split("「")[1].split("」")[0] for words in told] == [
        "避難は不要です。",
        "家で待つこと。",
    ]


@pytest.mark.parametrize(
    "words",
    [
        "車で逃げないこと。",
        "車での避難は、控えてください。",
        "川を見に行かないこと。",
        "帰宅は、危険です。",
        "家に戻らないこと。",
        "川に近づかないこと。",
        "家に残っている人に、声をかけること。",
        "水の中を歩くのは危険です。",
        "南公民館へ、歩いて逃げること。",
        "逃げ遅れた人がいます。",
    ],
)
def test_own_words_that_keep_people_out_of_danger_pass(words: str) -> None:
    assert "against_order" not in stopped(an_alert(level=4, action=words))


NOTICES = sorted(set(AlertKind) - {AlertKind.EVACUATION})


@pytest.mark.parametrize("kind", NOTICES)
@pytest.mark.parametrize("drill", [False, True])
def test_rule_04_where_level_5_stands_nothing_else_is_told(kind: AlertKind, drill: bool) -> None:
    alert = a_notice(kind, action="水をためること。", drill=drill)
    told = findings(alert, rendering(alert), orders=FIVE)
    (finding,) = [one for one in told if one.code == "five_stands"]
    assert finding.severity is STOPS
    assert "次の区域を外してください：渡場一丁目（" in finding.words
    below = replace(FIVE[0], level=AlertLevel.ALL_LEAVE)
    assert "five_stands" not in stopped(alert, orders=(below,))
    whole = a_notice(kind, area_names=(), whole_city=True, action="水をためること。")
    (finding,) = [
        one
        for one in findings(whole, rendering(whole), orders=(replace(FIVE[0], touched=()),))
        if one.code == "five_stands"
    ]
    assert "解除まで" in finding.words


@pytest.mark.parametrize("kind", NOTICES)
def test_a_wrong_notice_is_called_back_where_level_5_stands_and_asks_nothing(
    kind: AlertKind,
) -> None:
    wrong = a_notice(kind, step=Step.CANCEL, reason="水は、止まりません。")
    assert not {"five_stands", "asks_five"} & stopped(wrong, orders=FIVE)
    asks = replace(wrong, reason="体育館に入ること。")
    assert "asks_five" in stopped(asks, orders=FIVE)


def test_a_finding_has_the_words_as_they_stand_and_comes_once() -> None:
    alert = an_alert(level=5, reason="灯原の 小学校へ、逃げて ください。水が来ます。")
    told = [one for one in findings(alert, rendering(alert)) if one.code == "place"]
    assert len(told) == 1
    assert "「灯原の 小学校へ、逃げて ください。」" in told[0].words
    assert "【LINE、SMS" not in told[0].words
    assert "LINE" in told[0].words
    assert "防災無線" in told[0].words
    assert (told[0].medium, told[0].language) == (None, None)
    assert told[0].words.endswith("）")


def test_a_problem_of_one_medium_names_it() -> None:
    alert = an_alert(reason="あ" * 61 + "。")
    (finding,) = [one for one in findings(alert, rendering(alert)) if one.code == "heard"]
    assert finding.medium is Medium.LOUDSPEAKER
