"""What may not be said where orders stand, in an officer's own words or in any other."""

import pytest

from alerts.alert import Alert
from alerts.kinds import AlertKind, Step
from alerts.wording.abolished import names_abolished
from alerts.wording.findings import Severity
from alerts.wording.standingorders import StandingOrder
from hazards.kinds import AlertLevel, HazardKind
from hazards.order import ORDERED
from tests.unit.alerts.asase import FOUR, a_notice, an_alert, found, rendering

STOPS, WARNS = Severity.STOPS, Severity.WARNS
FIVE = (StandingOrder(AlertLevel.SECURE_NOW, HazardKind.FLOOD, FOUR[:1]),)
THREE = (StandingOrder(AlertLevel.ELDERLY_LEAVE, HazardKind.FLOOD, ()),)
KINDS = sorted(set(AlertKind) - {AlertKind.EVACUATION})


def a_general(kind: AlertKind = AlertKind.GENERAL, **words: str) -> Alert:
    return a_notice(kind, **{"action": "水をためておくこと。", **words})


def stopped(alert: Alert, orders: tuple[StandingOrder, ...] = ()) -> set[str]:
    return found(alert, rendering(alert), STOPS, orders=orders)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "words",
    [
        "南公民館で、水を配っています。",
        "避難所へ、すぐ避難してください。",
        "体育館へ逃げること。",
        "体育館を開けました。",
        "近くの学校を目指して、逃げること。",
    ],
)
def test_rule_4_under_level_5_no_alert_names_a_place_or_sends_there(
    kind: AlertKind, words: str
) -> None:
    for alert in (a_general(kind, reason=words), a_general(kind, action=words)):
        assert "place" in stopped(alert, FIVE)
        assert "place" not in stopped(alert, THREE)


def test_rule_4_another_hazard_s_lower_level_under_level_5_names_no_place_either() -> None:
    alert = an_alert(level=4, hazard=HazardKind.LANDSLIDE, reason="南公民館が開いています。")
    assert "place" in stopped(alert, FIVE)
    assert "place" not in stopped(alert)


@pytest.mark.parametrize("level", ORDERED)
@pytest.mark.parametrize("hazard", sorted(HazardKind))
def test_the_standard_words_of_every_level_and_hazard_pass_under_level_5(
    hazard: HazardKind, level: AlertLevel
) -> None:
    for step in sorted(Step):
        alert = an_alert(level=level, hazard=hazard, step=step, reason="雨が続いています。")
        assert not {"place", "second_floor"} & stopped(alert, FIVE)


@pytest.mark.parametrize(
    "words",
    [
        "体育館を開けました。そこへ逃げること。",
        "そこへ逃げること。",
        "丘の上の広場まで移動してください。",
        "隣の町に避難しましょう。",
        "北小へ避難。",
    ],
)
def test_rule_4_level_5_sends_nobody_to_a_place_that_only_people_there_know(words: str) -> None:
    assert "place" in stopped(an_alert(level=5, action=words))
    assert "place" in stopped(an_alert(level=5, reason=words))


@pytest.mark.parametrize(
    "words",
    [
        "家のいちばん高い所に移ること。",
        "近くの頑丈な建物へ移動すること。",
        "上の階へ逃げること。",
        "崖から離れた側の部屋に移ること。",
        "外へ避難するのは、危険です。",
        "川に行かないこと。",
        "直ちに避難すること。",
    ],
)
def test_level_5_may_send_people_up_and_keep_them_in(words: str) -> None:
    assert "place" not in stopped(an_alert(level=5, action=words))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "words",
    [
        "避難指示を解除しました。",
        "警戒レベル５が出ました。",
        "緊急安全確保を発令しました。",
        "高齢者等避難は、終わりました。",
        "解除された避難指示について、お知らせします。",
        "避 難 情 報を取り消しました。",
    ],
)
def test_orders_are_told_and_ended_by_orders_alone(kind: AlertKind, words: str) -> None:
    assert "said_elsewhere" in stopped(a_general(kind, reason=words))
    assert "said_elsewhere" in stopped(a_general(kind, action=words))


def test_a_notice_may_say_what_to_do_under_an_order() -> None:
    alert = a_general(reason="避難情報に従ってください。水道管が破れました。")
    assert "said_elsewhere" not in stopped(alert)


@pytest.mark.parametrize("words", ["家に帰ってもよいです。", "自宅へ戻れます。", "家に戻ること。"])
def test_nobody_is_sent_home_while_an_order_stands(words: str) -> None:
    alert = a_general(action=words)
    assert "home" in stopped(alert, THREE)
    assert "home" not in stopped(alert)


def test_what_warns_of_going_home_is_no_sending_home() -> None:
    assert "home" not in stopped(a_general(action="家に帰らないでください。"), FIVE)


@pytest.mark.parametrize(
    ("level", "words"),
    [
        (4, "警戒レベル5、緊急安全確保です。"),
        (4, "警戒レベル五です。"),
        (4, "高齢者等避難が出ています。"),
        (5, "避難指示を続けます。"),
        (3, "避 難 指 示に備えること。"),
        (3, "レベル４になりました。"),
    ],
)
def test_another_level_in_an_officer_s_words_stops(level: int, words: str) -> None:
    assert "other_level" in stopped(an_alert(level=level, reason=words))
    assert "other_level" in stopped(an_alert(level=level, action=words))


@pytest.mark.parametrize("words", ["避難指示を続けます。", "警戒レベル4相当の情報が出ました。"])
def test_its_own_level_and_the_jma_s_may_be_said(words: str) -> None:
    assert "other_level" not in stopped(an_alert(level=4, reason=words))


def test_the_jma_s_level_is_no_level_of_the_city() -> None:
    alert = an_alert(level=3, reason="警戒レベル4相当の情報が出ました。")
    assert "other_level" not in stopped(alert)


@pytest.mark.parametrize(
    "word",
    [
        "避難" + "勧告",
        "避難" + "かんこく",
        "ひなん" + "かんこく",
        "ヒナン" + "カンコク",
        "避難" + "勧吿",
        "避難" + "勸告",
        "避難" + "勸吿",
        "避　難　" + "勧　告",
        "避難（ひなん）" + "勧告（かんこく）",
        "避難・" + "勧告",
    ],
)
def test_the_abolished_name_is_found_however_it_is_written(word: str) -> None:
    assert names_abolished(f"いま{word}が出ました。")
    assert "abolished" in stopped(an_alert(reason=f"いま、{word}が出ました。"))


def test_other_words_are_not_the_abolished_name() -> None:
    assert not names_abolished("避難指示を発令しました。避難訓練、勧告、ひなんじょ。")


@pytest.mark.parametrize("number", ["03-1234-5678", "０９０−１２３４−５６７８", "0312345678"])
def test_a_telephone_number_is_looked_at(number: str) -> None:
    for alert in (an_alert(reason=f"電話は{number}です。"), a_general(action=f"{number}へ。")):
        assert "phone" in found(alert, rendering(alert), WARNS)
        assert "phone" not in stopped(alert)


def test_times_and_depths_are_no_telephone_numbers() -> None:
    alert = an_alert(reason="20時30分に、水位が6.84メートル、119番は使えます。")
    assert "phone" not in found(alert, rendering(alert), WARNS)
