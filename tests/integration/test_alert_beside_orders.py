"""What an alert may say depends on the orders that stand where it goes."""

import json
from typing import Any

import pytest

from hazards.errors import LowerThanInForce
from hazards.kinds import AlertLevel, HazardKind
from operations.changes import lift_level, set_level
from tests.integration.alerted import AREA, OTHER, Headquarters

NOTICE: dict[str, Any] = {
    "kind": "general",
    "hazard": None,
    "level": None,
    "subject": "お知らせ",
    "reason": "水道管が破れました。",
    "action": "避難所へ、すぐ避難してください。",
}


def stopped(hq: Headquarters, **changes: Any) -> set[str]:
    shown = hq.draft(**NOTICE | changes)
    return {one["code"] for one in shown["findings"] if one["severity"] == "stops"}


def test_rule_4_a_notice_sends_nobody_anywhere_where_level_5_stands(hq: Headquarters) -> None:
    assert "place" not in stopped(hq)
    set_level(hq.engine, HazardKind.FLOOD, AlertLevel.SECURE_NOW, areas=[AREA])
    assert "place" in stopped(hq)
    assert "place" in stopped(hq, areas=[AREA, OTHER])
    assert "place" in stopped(hq, areas=[], whole_city=True)
    assert "place" not in stopped(hq, areas=[OTHER])
    lift_level(hq.engine, HazardKind.FLOOD)
    assert "place" not in stopped(hq)
    set_level(hq.engine, HazardKind.FLOOD, AlertLevel.SECURE_NOW)
    assert "place" in stopped(hq, areas=[OTHER])


def test_rule_4_an_order_that_was_drawn_has_no_names_and_counts_where_it_lies(
    hq: Headquarters,
) -> None:
    set_level(hq.engine, HazardKind.FLOOD, AlertLevel.SECURE_NOW, areas=[AREA])
    hq.database.rows("UPDATE evacuation_order SET area_names = '{地図で示した区域}' RETURNING 1")
    assert "place" in stopped(hq)
    assert "place" not in stopped(hq, areas=[OTHER])


def test_rule_4_a_notice_is_not_sent_where_level_5_stands_and_is_told_what_to_leave_out(
    hq: Headquarters,
) -> None:
    words = {"reason": "水道管が破れました。", "action": "水をためてください。"}
    set_level(hq.engine, HazardKind.FLOOD, AlertLevel.SECURE_NOW, areas=[AREA])
    shown = hq.draft(**NOTICE | words | {"areas": [AREA, OTHER]})
    refused = hq.decide(hq.writer, shown["number"], "submit")
    assert refused.status_code == 422
    assert f"次の区域を外してください：{AREA}（" in refused.json()["detail"]
    assert "five_stands" not in stopped(hq, **words, areas=[OTHER])
    whole = hq.draft(**NOTICE | words | {"areas": [], "whole_city": True})
    (told,) = [one["words"] for one in whole["findings"] if one["code"] == "five_stands"]
    assert "ほかの区域を選んでください" in told
    assert AREA in told
    hq.database.rows("UPDATE evacuation_order SET area_names = '{地図で示した区域}' RETURNING 1")
    (told,) = [
        one["words"]
        for one in hq.draft(**NOTICE | words)["findings"]
        if one["code"] == "five_stands"
    ]
    assert f"外してください：{AREA}（" in told
    lift_level(hq.engine, HazardKind.FLOOD)
    set_level(hq.engine, HazardKind.FLOOD, AlertLevel.SECURE_NOW)
    assert "five_stands" in stopped(hq, **words, areas=[OTHER])


def test_rule_4_a_notice_that_is_drawn_over_level_5_is_stopped_too(hq: Headquarters) -> None:
    set_level(hq.engine, HazardKind.FLOOD, AlertLevel.SECURE_NOW, areas=[AREA])
    drawn = hq.database.one(f"SELECT ST_AsGeoJSON(geom) FROM area WHERE name = '{AREA}'")  # noqa: S608
    shape = {"areas": [], "polygon": json.loads(drawn)}
    assert "five_stands" in stopped(hq, action="水をためてください。", **shape)


def test_a_notice_that_calls_an_order_off_is_not_submitted(hq: Headquarters) -> None:
    set_level(hq.engine, HazardKind.FLOOD, AlertLevel.SECURE_NOW, areas=[AREA])
    words = {"reason": "避難指示を解除しました。", "action": "家に帰ってもよいです。"}
    shown = hq.draft(**NOTICE | words)
    refused = hq.decide(hq.writer, shown["number"], "submit")
    assert refused.status_code == 422
    assert "避難情報" in refused.json()["detail"]
    assert "帰宅" in refused.json()["detail"]


def test_an_all_clear_is_not_held_up_by_the_order_that_it_ends(hq: Headquarters) -> None:
    sent = hq.send(hq.draft(level=5))
    words = {"reason": "水が引きました。", "action": "家に帰ってもよいです。"}
    shown = hq.revise(sent["alert"], step="all_clear", level=5, **words)
    assert not {"place", "home"} & {
        one["code"] for one in shown["findings"] if one["severity"] == "stops"
    }


def test_too_little_time_is_said_at_submission_and_again_at_approval(hq: Headquarters) -> None:
    shown = hq.draft()
    hq.database.rows("UPDATE alert_revision SET expires_at = now() + interval '29 min' RETURNING 1")
    refused = hq.decide(hq.writer, shown["number"], "submit")
    assert refused.status_code == 422
    assert "後の時刻" in refused.json()["detail"]
    hq.database.rows(
        "UPDATE alert_revision SET expires_at = now() + interval '2 hours' RETURNING 1"
    )
    submitted = hq.well(hq.decide(hq.writer, shown["number"], "submit"))
    hq.database.rows("UPDATE alert_revision SET expires_at = now() + interval '29 min' RETURNING 1")
    seen = {"digest": submitted["digest"], "second_look": True}
    late = hq.decide(hq.approver, shown["number"], "approve", **seen)
    assert late.status_code == 422
    assert "後の時刻" in late.json()["detail"]
    assert hq.orders() == []


def test_an_officer_reads_what_to_do_about_a_higher_level_and_the_console_its_command(
    hq: Headquarters,
) -> None:
    set_level(hq.engine, HazardKind.FLOOD, AlertLevel.ALL_LEAVE, areas=[AREA])
    with pytest.raises(LowerThanInForce, match="先に解除してください") as told:
        set_level(
            hq.engine,
            HazardKind.FLOOD,
            AlertLevel.ELDERLY_LEAVE,
            areas=[AREA],
            by=hq.approver.caller,
        )
    assert "nigemichi" not in str(told.value)
    with pytest.raises(LowerThanInForce, match="nigemichi level lift flood --order"):
        set_level(hq.engine, HazardKind.FLOOD, AlertLevel.ELDERLY_LEAVE, areas=[AREA])
