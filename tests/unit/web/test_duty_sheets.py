"""Prints of the duties: traced to a version, marked as drills, and never 0 out of missing data."""

import re
import subprocess
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pypdf import PdfReader

from alerts.levels import COLOURS
from hazards.kinds import AlertLevel
from tests.unit.web.alertpapered import pictures
from tests.unit.web.dutied import RECORD, a_situation, a_stamp, a_state, ago, the_changes
from tests.unit.web.sheeted import texts
from web.dutysheets.calllist import call_sheet
from web.dutysheets.decisiontable import decision_sheet
from web.dutysheets.districts import district_sheet
from web.dutysheets.firstreport import report_sheet
from web.dutysheets.handover import handover_sheet
from web.dutysheets.situation import situation_sheet
from web.dutysheets.stamp import Stamp
from web.dutysheets.typesetting import typeset

COUNTS = {"all": 3, "in_zone": 3, "ordered": 3, "due": 2, "told": 1, "help": 1}
TASKS = dict.fromkeys(map(str, range(36)), "戸別の声かけ")
STALE = [("水位 浅瀬橋1", "19:12 から値が来ない")]
DEADLINE = {"at": ago(-30), "past": False, "known": True}
A4, A4_ACROSS, A3_ACROSS = (210, 297), (297, 210), (420, 297)
SIZES = {
    "decisions": A4_ACROSS,
    "calls": A4_ACROSS,
    "report4": A4,
    "handover": A4,
    "situation": A3_ACROSS,
    "districts": A4,
}


def a_criterion(**values: Any) -> dict[str, Any]:
    given = {
        "hazard": "洪水",
        "level": 4,
        "area_names": ["下浅瀬一丁目"],
        "whole_city": False,
        "condition": "浅瀬橋 氾濫危険水位 4.50 m",
        "now": "4.31 m（+0.40 m/時）",
        "reached": False,
        "reached_since": None,
        "open": True,
        "ordered": "未発令",
        "sunset": DEADLINE,
        "wind": None,
    }
    return given | values


def decisions(stamp: Stamp) -> dict[str, Any]:
    needed = {"whole_min": 96, "telling_min": 30, "delay_min": 15, "walk_min": 51}
    table = {
        "dark": False,
        "sun": {"sunrise": ago(-700), "sunset": ago(-120)},
        "wind": {"limit_m_s": 20.0, "expected_at": None},
        "needed": needed | {"known": True, "speed": 0.5, "share": 95},
        "criteria": [a_criterion(), a_criterion(level=3, reached=True, reached_since=ago(12))],
        "gauges": list(a_state()["gauges"].values()),
        "bulletins": [{"name": "レベル4氾濫危険警報", "at": ago(9), "where": "浅瀬川"}],
    }
    return decision_sheet(table, stamp)


def a_facility(**values: Any) -> dict[str, Any]:
    given = {
        "name": "川岸の家",
        "kind": "特別養護老人ホーム",
        "address": "下浅瀬一丁目2",
        "area": "下浅瀬一丁目",
        "phone": "000-0000-0001",
        "persons": 84,
        "level": 4,
        "zones": ["洪水 想定 3〜5m"],
        "in_zone": True,
        "due": True,
        "told": False,
        "calls": [],
    }
    return given | values


def calls(stamp: Stamp) -> dict[str, Any]:
    told = {"at": ago(6), "by": "架空 太郎", "level": 4, "word": "避難を始めた", "told": "施設長"}
    listed = [
        a_facility(),
        a_facility(name="ひよこ保育園", persons=None, phone=""),
        a_facility(name="山手荘", due=False, calls=[told | {"note": "", "stands": True}]),
    ]
    return call_sheet(listed, COUNTS, stamp)


def districts(stamp: Stamp) -> dict[str, Any]:
    row = {"households": 350, "expected": 120, "no_place": 0, "unreached": 14, "since": ago(50)}
    row |= {"told": True}
    places = [{"name": "下浅瀬小学校", "households": 52}]
    rows = [
        row | {"area": "川岸町", "level": 5, "whole": True, "places": [], "expected": None},
        row | {"area": "下浅瀬一丁目", "level": 4, "whole": False, "places": places},
        row
        | {"area": "台町", "level": 0, "whole": False, "places": [], "expected": None}
        | {"unreached": None, "since": None, "no_place": None, "told": False},
    ]
    return district_sheet(rows, {"households": 9000, "target": 700, "counting": 0}, stamp)


def handover(stamp: Stamp, many: int = 1) -> dict[str, Any]:
    state = a_state(many)
    lines = the_changes(20 * many)
    return handover_sheet(
        state, lines, COUNTS, STALE * many, stamp, hours=6, total=len(lines) + 300, tasks=TASKS
    )


def a_field(key: str, text: str | None, *, confirmed: bool = False) -> dict[str, Any]:
    return {"key": key, "text": text, "confirmed": confirmed}


def report4(stamp: Stamp) -> dict[str, Any]:
    keys = (
        *("prefecture", "receiver", "reporter", "name", "place", "began_at", "dead_related"),
        *("missing", "severe", "slight", "destroyed", "half", "part", "above_floor"),
        *("below_floor", "unsorted", "hq_prefecture", "hq_city", "fire", "sdf", "other"),
    )
    found = {
        "report": 1,
        "known_at": ago(12),
        "due": ago(-18),
        "fields": [
            *(a_field(key, None) for key in keys),
            a_field("dead", "0", confirmed=True),
            a_field("calls_119", "31"),
            a_field("reported_at", "2026年10月10日 20時42分", confirmed=True),
            a_field("municipality", "浅瀬市（架空）", confirmed=True),
        ],
        "outline": [{"text": "道の冠水 2件", "confirmed": False}],
        "measures": [{"text": "避難者 1,204人（数えた 9か所）", "confirmed": True}],
    }
    return report_sheet(found, stamp)


def situation(stamp: Stamp, level: int = 4) -> dict[str, Any]:
    return situation_sheet(a_situation(level), a_state(), stamp, TASKS)


PAPERS = {
    "decisions": decisions,
    "calls": calls,
    "report4": report4,
    "handover": handover,
    "situation": situation,
    "districts": districts,
}
EACH = pytest.mark.parametrize("name", list(PAPERS))


@cache
def made(name: str, **stamped: Any) -> bytes:
    """A print, typeset once."""
    stamp = a_stamp(**stamped)
    return typeset(name, [PAPERS[name](stamp)], stamp)


@EACH
def test_each_page_says_its_minute_its_version_and_its_record(name: str) -> None:
    pdf = made(name)
    for page in texts(pdf):
        assert f"作成10月10日20:42（市の時刻）計画第12版記録{RECORD[:8]}（481番）" in page
        assert "架空の市です" in page
    for sheet in PdfReader(BytesIO(pdf)).pages:
        size = tuple(round(float(side) / 72 * 25.4) for side in sheet.mediabox[2:])
        assert size == SIZES[name]


@EACH
def test_letters_are_all_in_the_font_and_nothing_runs_over_the_edge(
    name: str, tmp_path: Path
) -> None:
    pdf = made(name)
    listed = subprocess.run(("pdffonts", "-"), input=pdf, check=True, capture_output=True)
    fonts = listed.stdout.decode().splitlines()[2:]
    assert fonts
    assert all("BIZUDPGothic" in one and " yes yes " in one for one in fonts), fonts
    for page in pictures(pdf, tmp_path, dpi=50):
        for side in (page[:12], page[-12:], page[:, :12], page[:, -12:]):
            assert side.min() > 250


@EACH
def test_rule_16_a_drill_says_so_at_head_and_tail_and_has_no_colour_of_a_level(
    name: str, tmp_path: Path
) -> None:
    pdf = made(name, drill=True)
    words = ("pdftotext", "-bbox", "-", "-")
    html = subprocess.run(words, input=pdf, check=True, capture_output=True).stdout.decode()
    for page in html.split("<page ")[1:]:
        tall = float(re.search(r'height="(.+?)"', page)[1])  # type: ignore[index]
        marks = [
            (float(top), float(bottom))
            for top, bottom in re.findall(r'yMin="(.+?)" xMax=".+?" yMax="(.+?)">訓', page)
        ]
        assert any(bottom < 40 for _, bottom in marks)
        assert any(top > tall - 40 for top, _ in marks)
    for picture in pictures(pdf, tmp_path):
        for level in (AlertLevel.ELDERLY_LEAVE, AlertLevel.ALL_LEAVE):
            colour = np.array([int(COLOURS[level][0][at : at + 2], 16) for at in (1, 3, 5)])
            assert np.abs(picture.astype(int) - colour).max(axis=2).min() > 30, level
    assert "【訓練】" in texts(pdf)[0]
    assert "訓練" not in "".join(texts(made(name)))


def test_rule_04_where_level_5_stands_no_place_is_named() -> None:
    stamp = a_stamp()
    (page,) = texts(typeset("map", [situation(stamp, 5)], stamp))
    assert "下浅瀬小学校" not in page
    assert "上浅瀬中学校" in page
    assert "避難場所へ向かわせない" in page
    (page,) = texts(made("districts"))
    assert "川岸町5緊急安全確保19:52350—直ちに安全確保" in page


def test_a_form_says_unconfirmed_where_nobody_knows_and_0_only_where_somebody_said_so() -> None:
    (page,) = texts(made("report4"))
    assert "死者0人" in page
    assert "重傷未確認" in page
    assert "全壊未確認" in page
    assert "119番通報の件数31件未確認" in page
    assert "避難者1,204人（数えた9か所）" in page
    assert "道の冠水2件未確認" in page
    assert "覚知20:30第一報は21:00まで" in page
    assert page.count("0人") == 1


def test_a_deadline_that_is_past_tells_to_decide_now_and_not_that_it_is_too_late() -> None:
    stamp, late = a_stamp(), {"at": ago(30), "past": True, "known": True}
    sheet = decisions(stamp)
    before = typeset("decisions", [sheet], stamp)
    assert "21:12" in "".join(texts(before))
    row = a_criterion(reached=True, sunset=late)
    table = decision_sheet(
        {
            "dark": True,
            "sun": None,
            "wind": {"limit_m_s": 20.0, "expected_at": None},
            "needed": {"whole_min": 105, "telling_min": 30, "delay_min": 15, "walk_min": 60}
            | {"known": False, "speed": 0.5, "share": 95},
            "criteria": [row],
            "gauges": [],
            "bulletins": [],
        },
        stamp,
    )
    page = "".join(texts(typeset("decisions", [table], stamp)))
    assert "過ぎました。基準に達していれば、いま判断します" in page
    assert "行き先の決まっていない世帯があるので、市の方針の値より短くは見ない" in page


@pytest.mark.parametrize("many", [1, 12], ids=["a night", "a terrible night"])
def test_the_handover_is_one_page_and_says_how_many_more_there_are(many: int) -> None:
    stamp = a_stamp()
    (page,) = texts(typeset("handover", [handover(stamp, many)], stamp))
    assert "消防団第0分団" in page
    assert "引き揚げの時刻を過ぎた" in page
    assert "送る機械" not in page
    assert "19:12から値が来ない" in page
    assert (many == 1) is not ("ほか63件" in page)
    assert "7か所＋未確認1" in page or many > 1


def test_rule_05_streets_that_water_shut_are_on_the_handover_and_the_map() -> None:
    (page,) = texts(made("handover"))
    assert "通行止め（うち冠水23か所）28か所" in page
    assert "名前のない道（9か所）冠水による通行止め" in page
    assert "名前のない道（11か所）冠水により一時停止（未確認）" in page
    (page,) = texts(made("situation"))
    assert "冠水による通行止め" in page.split("色がない所")[0]
    assert "名前のない道（9か所）冠水による通行止め" in page


def test_what_could_not_be_read_is_said_on_the_print() -> None:
    (page,) = texts(made("handover", missing=("gauges", "decisions.sources")))
    assert "読めなかったもの：水位、決めること" in page
    stamp = a_stamp(missing=("closures", "orders"))
    state = a_state() | {"closures": {}, "orders": {}}
    sheet = handover_sheet(state, [], COUNTS, [], stamp, hours=6, total=0, tasks={})
    (page,) = texts(typeset("handover", [sheet], stamp))
    assert "はない" not in page.split("伝える手段")[0].split("決めること")[0]
    assert "通行止めはない" not in page


def test_telephone_numbers_are_on_the_call_list_alone() -> None:
    for name in PAPERS:
        found = "000-0000-" in "".join(texts(made(name)))
        assert found is (name == "calls"), name
    assert "番号がない" in "".join(texts(made("calls")))
