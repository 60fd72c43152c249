"""What the system does enters the chronology in words, with names and without people."""

import pytest

from web.staff.auditwords import ACTIONS
from web.staff.chronologywords import CLOSED_BY, TO, deed_words, version_words

NAMES = {
    "site:E1": "中央小学校",
    "mission:7": "第2現地班",
    "doors:3": "消防団4（鵜首）",
    "road:1": "灯野二丁目 名のない道（150 m）",
    "road:2": "灯野二丁目 名のない橋（20 m）",
    "alert:9": "警戒レベル4 避難指示・洪水（第2版）",
}


def test_all_that_enters_has_words_and_somebody_to_whom_it_goes() -> None:
    assert [action for action in TO if action not in ACTIONS] == []
    assert all(TO.values())
    closing = {one for by in CLOSED_BY.values() for one in by}
    assert {*CLOSED_BY, *closing} <= set(TO)


def test_nobody_signing_in_counting_or_being_refused_enters() -> None:
    noise = ("session.begun", "counts.taken", "mission.checked_in", "refused", "household.said")
    assert not {*noise, "mission.refused", "slip.taken", "safe.said", "doors.opened"} & set(TO)


@pytest.mark.parametrize(
    ("action", "subject", "details", "words"),
    [
        (
            "order.set",
            "4",
            {"hazard": "flood", "level": 4, "areas": ["月待一丁目", "月待二丁目"]},
            "避難情報を発令：避難指示（洪水） 月待一丁目、月待二丁目",
        ),
        (
            "order.set",
            "5",
            {"hazard": "landslide", "level": 5, "areas": []},
            "避難情報を発令：緊急安全確保（土砂災害） 市内全域",
        ),
        ("order.lifted", "", {"orders": [4, 5]}, "避難情報を解除：発令 4、5番"),
        (
            "proposal.made",
            "2",
            {"hazard": "flood", "level": 4, "areas": ["月待"], "lifts": 4},
            "発令を提案：解除 避難指示（洪水） 月待",
        ),
        ("proposal.approved", "2", {}, "提案を承認：2番"),
        ("place.full", "E1", {"before": "open"}, "満員にした：中央小学校"),
        ("place.full", "E9", {}, "満員にした"),
        ("need.sent", "x", {"site": "E1", "kind": "ambulance"}, "要請を送信：中央小学校 救急車"),
        ("mission.escalated", "7", {}, "連絡のない班を引き継ぎ：第2現地班"),
        ("mission.recalled", "", {"missions": [7, 8]}, "任務の班を呼び戻し：第2現地班、任務 8番"),
        ("doors.recalled", "12", {"lists": [3]}, "班を呼び戻し：消防団4（鵜首）"),
        (
            "alert.approved",
            "9",
            {"alert": 1, "orders": [4]},
            "配信を承認して送信：警戒レベル4 避難指示・洪水（第2版）",
        ),
        ("rescue.rescued", "3", {"mission": 7}, "救助した：3番"),
        (
            "suggestion.taken",
            "1",
            {"hazard": "flood", "level": 4},
            "発令の候補を取り上げ：避難指示（洪水）",
        ),
        ("turnout.set", "", {"level_4": 0.2}, "避難する割合を設定"),
        (
            "road.closed",
            "1",
            {"numbers": [1, 2], "by_water": False},
            "通行止め：灯野二丁目 名のない道（150 m）、灯野二丁目 名のない橋（20 m）",
        ),
        ("road.closed", "1", {"by_water": True}, "通行止め：灯野二丁目 名のない道（150 m）"),
        (
            "road.reopened",
            "",
            {"numbers": [2, 8, 9, 10], "reason": "田中さんから電話"},
            "通行止めを解除：灯野二丁目 名のない橋（20 m）、8番、9番 ほか1本",
        ),
    ],
)
def test_a_deed_is_said_in_a_line(
    action: str, subject: str, details: dict[str, object], words: str
) -> None:
    assert deed_words(action, subject, details, NAMES) == words


def test_a_version_says_why_and_whom_it_moved() -> None:
    facts = {"changed": {"households": 1200, "place": 1000, "verdict": 200, "way": 50}}
    content, moved = version_words(412, "road closed: 3", facts)
    assert content == "計画 第412版。通行止め"
    assert moved == "案内が変わった世帯 1,200（行き先 1,000・行動 200）"
