"""Papers to be read aloud: their order, their seconds, and how a drill differs."""

import json
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from alerts.errors import NotFit
from alerts.kinds import AlertKind, Language, Step
from alerts.scripts.announcement import announcement
from alerts.scripts.car import Route, car_script, recall
from alerts.scripts.head import head_of
from alerts.scripts.lines import Line, LineKind, duration_words
from alerts.scripts.paper import circular, crawls, posters, return_sheet
from alerts.scripts.radio import radio_sheet
from alerts.scripts.settings import ScriptSettings
from alerts.wording.morae import morae
from alerts.wording.ruby import kana
from alerts.wording.template import edited
from hazards.kinds import AlertLevel
from tests.unit.alerts.asase import (
    FOUR,
    GAZETTEER,
    LINKS,
    NOW,
    SETTINGS,
    TEMPLATES,
    a_notice,
    an_alert,
    rendering,
)

SIGNALS = {LineKind.CHIME_UP, LineKind.CHIME_DOWN, LineKind.SIREN, LineKind.AGAIN, LineKind.CUE}
ROUTE = Route("経路3", ("渡場四丁目",), NOW + timedelta(minutes=40))


def script(alert: Any) -> Any:
    return announcement(alert, rendering(alert), SETTINGS)


def kinds(lines: tuple[Line, ...]) -> list[str]:
    """The kinds in their order, each once where several follow each other."""
    found: list[str] = []
    for line in lines:
        if not found or found[-1] != line.kind:
            found.append(str(line.kind))
    return found


def sketched() -> Any:
    """The script that was sketched for a night of the fictional city, and timed by hand."""
    template = next(one for one in TEMPLATES if one.key == "evacuation.issue.flood.4.ja")
    words = {
        "action": (
            "危険《きけん》な場所《ばしょ》にいる人《ひと》は、全員《ぜんいん》、今《いま》すぐ逃《に》げること。",
            "車《くるま》を使《つか》わず、近所《きんじょ》に声《こえ》をかけて、逃《に》げること。",
            "外《そと》が危険《きけん》なときは、近《ちか》くの頑丈《がんじょう》な建物《たてもの》の、高《たか》い階《かい》に上《あ》がること。",
        ),
        "spoken": (
            template.spoken[0],
            "浅瀬川《あさせがわ》の水位《すいい》が上《あ》がり、堤防《ていぼう》を越《こ》えるおそれがあります。",
            "{action}",
        ),
    }
    alert = an_alert(area_names=("下浅瀬地区",))
    ours = replace(edited(template, words), reviewed_by="課")
    others = [one for one in TEMPLATES if one.language is not Language.JAPANESE]
    return announcement(alert, rendering(alert, templates=[ours, *others]), SETTINGS)


def test_a_script_is_as_long_as_the_one_that_was_timed_by_hand() -> None:
    made = sketched()
    timed = [8, 11, 11, 5, 12, 9, 8, 8, 10, 3, 52, 5, 8]
    assert [round(line.seconds) for line in made.lines] == timed
    assert [line.morae for line in made.lines if line.number] == [
        31, 31, 13, 40, 29, 25, 23, 35, 7, 13,
    ]  # fmt: skip
    assert made.total_words == "2分30秒"
    assert made.pace == "1分 265拍"
    again = next(line for line in made.lines if line.kind is LineKind.AGAIN)
    assert again.cue == "3〜8 をもう一度読む"


@pytest.mark.parametrize(
    ("level", "call"),
    [
        (3, "緊急放送、緊急放送。警戒レベル3、高齢者等避難。"),
        (4, "緊急放送、緊急放送。警戒レベル4、避難開始。"),
        (5, "緊急放送、緊急放送。警戒レベル5、緊急安全確保。"),
    ],
)
def test_an_order_is_called_out_twice_before_its_block(level: int, call: str) -> None:
    made = script(an_alert(level=level))
    opening = "siren" if level == 5 else "chime_up"
    order = ["call", "callsign", "block", "repeat", "again", "sign_off", "chime_down"]
    assert kinds(made.lines) == [opening, *order]
    assert [line.text for line in made.lines if line.kind is LineKind.CALL] == [call, call]
    assert made.lines[3].text == "こちらは、防災浅瀬です。"
    assert made.head.level == str(level)
    assert made.readings[0].kana == "わたしば"


def test_an_all_clear_has_no_siren_and_says_first_what_remains() -> None:
    for level in (3, 4, 5):
        made = script(an_alert(step=Step.ALL_CLEAR, level=level))
        assert LineKind.SIREN not in {line.kind for line in made.lines}
        block = [line.text for line in made.lines if line.kind is LineKind.BLOCK]
        assert "解除しました。" in block[0]
        assert "まだあります。" in block[1]
        assert block[3] == "浅瀬川の水位が、上がっています。"
        assert "閉める時刻" in block[4]
        assert made.head.colours is None
        assert "緊急放送" not in "".join(line.text for line in made.lines)


@pytest.mark.parametrize("level", [3, 4, 5])
def test_rule_16_a_drill_has_no_signal_no_colour_and_says_so_in_every_line(level: int) -> None:
    made = script(an_alert(level=level, drill=True))
    assert not SIGNALS & {line.kind for line in made.lines}
    assert made.lines[0].text.startswith("訓練、訓練。")
    assert made.lines[-1].text.endswith("訓練、訓練。")
    assert all("訓練" in line.text for line in made.lines)
    assert "緊急放送" not in "".join(line.text for line in made.lines)
    assert made.head.title == "【訓練】放送原稿"
    assert made.head.colours is None
    assert "市長が解除するまで" not in made.head.until


ALERTS = [
    *(an_alert(level=level, step=step) for level, step in product((3, 4, 5), Step)),
    *(an_alert(level=level, drill=True) for level in (3, 4, 5)),
    *(a_notice(kind) for kind in AlertKind if kind is not AlertKind.EVACUATION),
]


@pytest.mark.parametrize("alert", ALERTS, ids=range(len(ALERTS)))
def test_seconds_of_every_line_agree_with_its_morae(alert: Any) -> None:
    rendered = rendering(alert)
    sheets = (announcement(alert, rendered, SETTINGS), radio_sheet(alert, rendered, SETTINGS))
    for lines in (sheet.lines for sheet in sheets):
        for line in lines:
            if line.number is None:
                assert (line.morae, line.segments) == (0, ())
                continue
            said = kana(line.segments)
            assert line.morae == morae(said)
            pauses = 0.5 * said.count("、") + 1.5 * said.count("。")
            assert line.seconds == pytest.approx(line.morae * 60 / 265 + pauses, abs=0.051)
        numbers = [line.number for line in lines if line.number is not None]
        assert numbers == list(range(1, len(numbers) + 1))


def test_totals_are_the_sums_of_their_lines() -> None:
    made = script(an_alert())
    assert made.total == pytest.approx(sum(line.seconds for line in made.lines), abs=0.06)
    block = [line for line in made.lines if line.kind in (LineKind.CALLSIGN, LineKind.BLOCK)]
    again = next(line for line in made.lines if line.kind is LineKind.AGAIN)
    assert again.seconds == pytest.approx(sum(line.seconds for line in block), abs=0.06)
    assert (duration_words(150.4), duration_words(59.6)) == ("2分30秒", "1分0秒")


def test_a_city_has_its_own_signals() -> None:
    own = ScriptSettings(chime_s=4, siren_levels=frozenset(), stations=("子局11",))
    alert = an_alert(level=5)
    made = announcement(alert, rendering(alert), SETTINGS, own)
    assert made.lines[0].kind is LineKind.CHIME_UP
    assert made.lines[0].seconds == 4
    assert made.stations == ("子局11",)


def test_rule_17_what_nobody_can_read_is_no_script() -> None:
    alert = an_alert(area_names=("澪北一丁目",))
    with pytest.raises(NotFit, match="澪北"):
        script(alert)
    with pytest.raises(NotFit, match="澪北"):
        radio_sheet(alert, rendering(alert), SETTINGS)


def test_a_notice_is_called_out_once_without_alarm() -> None:
    made = script(a_notice(AlertKind.SECURITY))
    calls = [line.text for line in made.lines if line.kind is LineKind.CALL]
    assert calls == ["防犯のお知らせです。"]
    assert (made.head.level, made.head.word) == ("", "防犯")


def test_a_radio_reader_is_told_how_to_read_and_until_when() -> None:
    alert = an_alert()
    sheet = radio_sheet(alert, rendering(alert), SETTINGS)
    assert sheet.head.until.startswith("この文は、22時28分まで。そのあとは読まない。")
    assert sheet.every == "15分ごとに読む"
    assert sheet.lines[0].cue == "ゆっくり、はっきり"
    assert sheet.lines[1].text == "浅瀬市から、お伝えします。"
    assert sheet.lines[2].cue == "数字は一つずつ"
    assert sheet.lines[3].cue == "間をおいて"
    assert sheet.lines[4].cue == "ゆっくり、強く"
    assert sheet.lines[-1].text == "浅瀬市から、お伝えしました。"


def test_rule_16_a_drill_on_the_radio_says_so_in_every_line() -> None:
    alert = an_alert(drill=True)
    sheet = radio_sheet(alert, rendering(alert), SETTINGS)
    assert all("訓練" in line.text for line in sheet.lines if line.number)


def car(alert: Any, route: Route = ROUTE) -> Any:
    return car_script(alert, rendering(alert), route, GAZETTEER, SETTINGS)


@pytest.mark.parametrize(("level", "drill"), list(product((3, 4), (False, True))))
def test_a_car_says_in_twenty_seconds_what_matters(level: int, drill: bool) -> None:
    made = car(an_alert(level=level, drill=drill))
    said = "".join(line.text for line in made.lines)
    assert "渡場四丁目に、洪水の、" in said
    assert "逃げること。" in said
    assert not made.too_long
    assert drill or made.loop_s <= 20
    assert made.withdraw == "21時8分に引き揚げる"
    assert said.startswith("訓練、訓練。") == said.endswith("訓練、訓練。") == drill


def test_a_long_route_is_called_this_district() -> None:
    made = car(an_alert(), replace(ROUTE, area_names=(*FOUR[:1], *FOUR[2:])))
    assert made.lines[1].text == "この地区に、洪水の、避難指示。"
    assert not made.too_long
    own = "ぜんいん、いますぐ、はしをわたらずに、あるいて、いそいで、おかのうえまで、にげること。"
    assert car(a_notice(action=own)).too_long


def test_a_car_tells_of_a_notice_or_an_all_clear() -> None:
    lines = [line.text for line in car(a_notice()).lines]
    assert lines[1] == "渡場一丁目から四丁目への、お知らせです。"
    cleared = "".join(line.text for line in car(an_alert(step=Step.ALL_CLEAR)).lines)
    assert "解除しました。" in cleared
    assert "閉める時刻" in cleared


def test_rule_13_level_5_sends_no_car_and_recalls_all() -> None:
    alert = an_alert(level=5)
    with pytest.raises(NotFit):
        car(alert)
    words = recall(alert, SETTINGS)
    assert words.lines[0].text == "警戒レベル5、緊急安全確保。"
    assert "今すぐ引き揚げること" in words.lines[1].text
    drill = recall(an_alert(level=5, drill=True), SETTINGS)
    assert all("訓練" in line.text for line in drill.lines)
    with pytest.raises(NotFit):
        recall(an_alert(level=4), SETTINGS)


@pytest.mark.parametrize(
    "wrong",
    [
        {"area_names": ("渡場五丁目",)},
        {"area_names": ()},
        {"withdraw_at": NOW - timedelta(minutes=1)},
        {"withdraw_at": NOW + timedelta(hours=3)},
    ],
)
def test_rule_13_a_car_goes_where_the_alert_is_and_comes_home_in_time(wrong: Any) -> None:
    with pytest.raises(NotFit):
        car(an_alert(), replace(ROUTE, **wrong))


def test_crawls_posters_and_the_circular_show_what_was_rendered() -> None:
    alert = an_alert()
    rendered = rendering(alert)
    lines = crawls(rendered)
    assert [line.language for line in lines] == list(Language)
    assert lines[0].characters == len(lines[0].text)
    poster = posters(alert, rendered, LINKS, SETTINGS)[0]
    assert poster.action == "危険な場所にいる人は、全員、今すぐ逃げること。"
    assert poster.head.colours == ("#aa00aa", "#ffffff")
    assert circular(alert, rendered, LINKS, SETTINGS).poster == poster
    fifth = an_alert(level=5)
    told = rendering(fifth)
    with pytest.raises(NotFit):
        circular(fifth, told, LINKS, SETTINGS)


def test_a_sheet_comes_back_with_where_nobody_heard() -> None:
    sheet = return_sheet(an_alert(), SETTINGS)
    assert sheet.fields == ("時刻", "読んだ人", "場所・子局", "聞こえなかった所", "気づいたこと")


@pytest.mark.parametrize(
    ("values", "word", "level"),
    [
        ({}, "避難指示", "4"),
        ({"step": Step.UPDATE}, "避難指示 続報", "4"),
        ({"step": Step.CANCEL}, "避難指示 取消", ""),
        ({"step": Step.ALL_CLEAR}, "避難指示 解除", ""),
    ],
)
def test_a_head_says_what_it_is(values: Any, word: str, level: str) -> None:
    head = head_of(an_alert(**values), "放送原稿", SETTINGS)
    assert (head.word, head.level) == (word, level)
    assert (head.colours is not None) == bool(level)
    assert head.written == "案件 128 第1版 10月10日 20時28分"


@pytest.mark.parametrize("drill", [False, True])
def test_every_paper_is_plain_data(drill: bool) -> None:
    alert = an_alert(drill=drill)
    rendered = rendering(alert)
    papers = [
        announcement(alert, rendered, SETTINGS),
        radio_sheet(alert, rendered, SETTINGS),
        car(alert),
        recall(an_alert(level=5, drill=drill), SETTINGS),
        *crawls(rendered),
        *posters(alert, rendered, LINKS, SETTINGS),
        circular(alert, rendered, LINKS, SETTINGS),
        return_sheet(alert, SETTINGS),
    ]
    for paper in papers:
        kept = paper.to_dict()
        assert json.loads(json.dumps(kept)) == kept
        text = json.dumps(kept, ensure_ascii=False)
        assert ("訓練" in text) == drill


def test_every_level_is_said_again_the_sooner_the_higher_it_is() -> None:
    scripts = ScriptSettings()
    every = [scripts.again_after_min(level) for level in (None, *list(AlertLevel)[3:])]
    assert every == [60, 30, 15, 5]
