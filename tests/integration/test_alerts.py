"""An alert from its draft to its release, through the real API."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from city.staff import Role
from hazards.kinds import AlertLevel, HazardKind
from operations.alerts.clocks import call_deputies
from operations.changes import set_level
from tests.integration.alerted import (
    ALERTS,
    AREA,
    FLOOD,
    GENERAL,
    OTHER,
    WORDING,
    Headquarters,
    headquarters,
)
from tests.integration.databases import Database
from tests.integration.staffed import signed_in


def test_a_draft_shows_its_words_its_reach_and_what_the_linter_says(hq: Headquarters) -> None:
    shown = hq.draft()
    assert shown["state"] == "draft"
    assert [one["words"] for one in shown["findings"] if one["severity"] == "stops"] == []
    assert shown["blast"]["households"] > 0
    assert AREA in shown["rendered"]["messages"]["sms"]["ja"]["text"]
    assert ["避難開始", "ひなんかいし"] in shown["rendered"]["messages"]["loudspeaker"]["ja"][
        "call"
    ]


def test_two_people_release_it_and_the_order_stands(hq: Headquarters) -> None:
    sent = hq.send(hq.draft())
    assert sent["state"] == "approved"
    assert hq.orders() == [("flood", 4, [AREA])]


def test_rule_14_nobody_approves_what_they_wrote_or_submitted(hq: Headquarters) -> None:
    both = signed_in(hq.engine, Role.OPERATOR, Role.APPROVER)
    shown = hq.well(hq.ask(both, ALERTS, FLOOD))
    submitted = hq.well(hq.decide(hq.writer, shown["number"], "submit"))
    seen = {"digest": submitted["digest"], "second_look": True}
    refused = hq.decide(both, shown["number"], "approve", **seen)
    assert refused.status_code == 403
    assert "承認できません" in refused.json()["detail"]
    assert hq.orders() == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"areas": []}, "区域を選んでください"),
        ({"areas": ["どこにもない町"]}, "区域は、今の市のデータにありません"),
        ({"expires_at": "2020-01-01T00:00:00+09:00"}, "期限が過ぎています"),
        ({"level": 2}, "警戒レベル 3・4・5"),
        ({"reason": ""}, "理由"),
        ({"kind": "general", "hazard": None, "level": None, "subject": "断水"}, "してほしいこと"),
        (
            {"areas": [], "polygon": {"type": "Polygon", "coordinates": [
                [[135.4, 29.6], [135.41, 29.61], [135.41, 29.6], [135.4, 29.61], [135.4, 29.6]]
            ]}},
            "交わっています",
        ),
        (
            {"areas": [], "polygon": {"type": "Polygon", "coordinates": [
                [[1.0, 1.0], [1.1, 1.0], [1.1, 1.1], [1.0, 1.0]]
            ]}},
            "市の外",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_sent_is_refused_with_words(
    hq: Headquarters, changes: dict[str, Any], words: str
) -> None:
    refused = hq.ask(hq.writer, ALERTS, FLOOD | changes)
    assert refused.status_code in (404, 409, 422), refused.text
    assert words in refused.json()["detail"]
    assert hq.database.one("SELECT count(*) FROM alert") == 0


def test_level_5_with_the_name_of_a_place_is_not_submitted(hq: Headquarters) -> None:
    site = hq.database.one("SELECT name FROM evacuation_site ORDER BY number LIMIT 1")
    shown = hq.draft(level=5, action=f"{site}へ、すぐ逃げること。")
    refused = hq.decide(hq.writer, shown["number"], "submit")
    assert refused.status_code == 422
    assert "送れません" in refused.json()["detail"]


def test_a_text_that_expired_meanwhile_is_not_released(hq: Headquarters) -> None:
    soon = datetime.now(UTC) + timedelta(hours=1)
    shown = hq.draft(expires_at=soon.isoformat())
    submitted = hq.well(hq.decide(hq.writer, shown["number"], "submit"))
    hq.database.rows(
        "UPDATE alert_revision SET expires_at = now() - interval '1 second' RETURNING 1"
    )
    seen = {"digest": submitted["digest"], "second_look": True}
    refused = hq.decide(hq.approver, shown["number"], "approve", **seen)
    assert refused.status_code == 422
    assert "時刻を過ぎています" in refused.json()["detail"]


def test_nobody_releases_what_is_not_what_they_have_seen(hq: Headquarters) -> None:
    shown = hq.draft()
    hq.well(hq.decide(hq.writer, shown["number"], "submit"))
    seen = {"digest": "0" * 64, "second_look": True}
    refused = hq.decide(hq.approver, shown["number"], "approve", **seen)
    assert (refused.status_code, "見ていた文面" in refused.text) == (422, True)


def test_a_large_reach_is_looked_at_twice(hq: Headquarters) -> None:
    shown = hq.draft(areas=[], whole_city=True)
    submitted = hq.well(hq.decide(hq.writer, shown["number"], "submit"))
    seen = {"digest": submitted["digest"]}
    refused = hq.decide(hq.approver, shown["number"], "approve", **seen)
    assert (refused.status_code, "世帯の 100%" in refused.text) == (422, True)
    hq.well(hq.decide(hq.approver, shown["number"], "approve", **seen, second_look=True))


def test_an_officer_who_is_not_named_sends_nothing_alone(hq: Headquarters) -> None:
    shown = hq.draft()
    seen = {"digest": shown["digest"], "second_look": True, "why": "三時、ほかに誰もいない"}
    refused = hq.decide(hq.writer, shown["number"], "send_alone", **seen)
    assert (refused.status_code, "指名された職員" in refused.text) == (403, True)


def test_break_glass_goes_out_at_once_and_is_countersigned_by_another(hq: Headquarters) -> None:
    named = {"staff": hq.writer.caller.id, "duty": "break_glass"}
    hq.well(hq.ask(hq.approver, f"{WORDING}/delegates", named))
    shown = hq.draft()
    seen = {"digest": shown["digest"], "second_look": True}
    no_reason = hq.decide(hq.writer, shown["number"], "send_alone", **seen)
    assert no_reason.status_code == 409
    sent = hq.well(
        hq.decide(hq.writer, shown["number"], "send_alone", **seen, why="ほかに誰もいない")
    )
    assert (sent["state"], sent["alone"], sent["countersigned_at"]) == ("approved", True, None)
    own = hq.decide(hq.writer, shown["number"], "countersign")
    assert own.status_code == 403
    signed = hq.well(hq.decide(hq.approver, shown["number"], "countersign"))
    assert signed["countersigned_by"] is not None
    actions = hq.database.rows("SELECT action FROM audit_entry ORDER BY number")
    assert ("alert.sent_alone",) in actions
    assert ("alert.countersigned",) in actions


def test_words_that_nobody_adopted_do_not_go_out(
    town_engine: Engine, town_database: Database, with_plan: tuple[str, Path]
) -> None:
    with headquarters(town_engine, town_database, with_plan[1]) as made:
        town_database.rows("DELETE FROM alert_template RETURNING 1")
        shown = made.draft()
        refused = made.decide(made.writer, shown["number"], "submit")
        assert (refused.status_code, "送れません" in refused.text) == (422, True)


def test_a_next_revision_stops_the_one_before_and_shows_what_changes(hq: Headquarters) -> None:
    first = hq.send(hq.draft(level=3))
    shown = hq.revise(first["alert"], step="update", level=4, areas=[AREA, OTHER])
    change = shown["blast"]["change"]
    assert (change["revision"], change["added"], change["removed"]) == (1, [OTHER], [])
    assert change["words"]["level"] == [3, 4]
    assert change["households"] > 0
    hq.send(shown)
    assert hq.get(f"{ALERTS}/{first['number']}")["stopped_at"] is not None
    assert hq.orders() == [("flood", 4, sorted([AREA, OTHER]))]


def test_an_all_clear_lifts_the_orders_of_its_alert(hq: Headquarters) -> None:
    first = hq.send(hq.draft())
    hq.send(hq.revise(first["alert"], step="all_clear", reason="水が引きました。"))
    assert hq.orders() == []


def test_a_lower_level_comes_by_an_all_clear_alone(hq: Headquarters) -> None:
    first = hq.send(hq.draft())
    shown = hq.revise(first["alert"], step="update", level=3)
    refused = hq.decide(hq.writer, shown["number"], "submit")
    assert (refused.status_code, "先に解除" in refused.text) == (409, True)
    assert hq.orders() == [("flood", 4, [AREA])]


def test_a_drill_sets_no_order_and_says_so_at_head_and_tail(hq: Headquarters) -> None:
    shown = hq.draft(status="Exercise")
    for channel in ("line", "sms", "mail"):
        said = str(shown["rendered"]["messages"][channel]["ja"])
        assert said.count("訓練") >= 2
    hq.send(shown)
    assert hq.orders() == []
    other = hq.ask(hq.writer, f"{ALERTS}/{shown['alert']}/revisions", FLOOD | {"step": "update"})
    assert other.status_code == 422


def test_stopping_leaves_the_order_as_it_is(hq: Headquarters) -> None:
    sent = hq.send(hq.draft())
    stopped = hq.well(hq.decide(hq.writer, sent["number"], "stop", why="文面の誤り"))
    assert stopped["stopped_at"] is not None
    assert len(hq.orders()) == 1


def test_deputies_are_called_once_when_nobody_decides(hq: Headquarters) -> None:
    deputy = signed_in(hq.engine, Role.APPROVER)
    named = {"staff": deputy.caller.id, "duty": "deputy"}
    hq.well(hq.ask(hq.approver, f"{WORDING}/delegates", named))
    number = hq.draft()["number"]
    hq.well(hq.decide(hq.writer, number, "submit"))
    now = datetime.now(UTC)
    assert call_deputies(hq.engine, now) == []
    assert call_deputies(hq.engine, now + timedelta(minutes=6)) == [number]
    assert call_deputies(hq.engine, now + timedelta(minutes=7)) == []
    assert hq.get(f"{ALERTS}/{number}")["deputies_called_at"] is not None
    assert [one["duty"] for one in hq.get(ALERTS)["delegates"]] == ["deputy"]


def test_nobody_names_themselves_and_a_deputy_is_an_approver(hq: Headquarters) -> None:
    me = {"staff": hq.approver.caller.id, "duty": "break_glass"}
    assert hq.ask(hq.approver, f"{WORDING}/delegates", me).status_code == 403
    clerk = {"staff": hq.writer.caller.id, "duty": "deputy"}
    assert hq.ask(hq.approver, f"{WORDING}/delegates", clerk).status_code == 422
    assert hq.ask(hq.writer, f"{WORDING}/delegates", clerk).status_code == 403


def test_edited_words_go_out_only_when_somebody_answers_for_them(hq: Headquarters) -> None:
    key = "evacuation.issue.flood.4.ja"
    changed = {"key": key, "parts": {"title": "警戒レベル{level} {level_word}です（{hazard}）"}}
    hq.well(hq.ask(hq.writer, f"{WORDING}/templates", changed))
    titles = [one for one in hq.get(WORDING)["templates"] if one["key"] == key]
    assert [(one["title"], one["reviewed"]) for one in titles] == [
        (changed["parts"]["title"], False)  # type: ignore[index]
    ]
    refused = hq.ask(hq.writer, f"{WORDING}/adopted", {"keys": [key]})
    assert refused.status_code == 403
    hq.well(hq.ask(hq.approver, f"{WORDING}/adopted", {"keys": [key]}))
    assert "避難指示です" in hq.draft()["rendered"]["messages"]["mail"]["ja"]["subject"]
    wrong = {"key": key, "parts": {"short": "{area}に避難勧告。{action}"}}
    assert hq.ask(hq.writer, f"{WORDING}/templates", wrong).status_code == 422


def test_an_order_of_which_nobody_was_told_is_shown(hq: Headquarters) -> None:
    set_level(hq.engine, HazardKind.LANDSLIDE, AlertLevel.ELDERLY_LEAVE, areas=[AREA])
    hq.send(hq.draft())
    untold = hq.get(ALERTS)["untold"]
    assert [(one["hazard"], one["level"]) for one in untold] == [("landslide", 3)]


def test_a_drawn_area_stays_as_drawn_when_the_words_change(hq: Headquarters) -> None:
    boxes = hq.database.rows(
        "SELECT name, ST_XMin(geom), ST_YMin(geom), ST_XMax(geom), ST_YMax(geom) FROM area"
    )
    west, south, east, north = next(box for name, *box in boxes if name == AREA)
    middle = (west + east) / 2
    half = [[west, south], [middle, south], [middle, north], [west, north], [west, south]]
    drawn = {"type": "Polygon", "coordinates": [half]}
    first = hq.draft(**GENERAL, polygon=drawn)
    assert first["where"] == "polygon"
    body = FLOOD | GENERAL | {"same_area": True, "reason": "堤防から、水がしみ出しています。"}
    kept = hq.well(hq.ask(hq.writer, f"{ALERTS}/{first['number']}", body, "PUT"))
    assert kept["blast"]["households"] == first["blast"]["households"]
    sent = hq.send(kept)
    shown = hq.revise(sent["alert"], step="update", **GENERAL, same_area=True)
    change = shown["blast"]["change"]
    assert (change["households"], change["added"], change["removed"]) == (0, [], [])
    refused = hq.ask(hq.writer, ALERTS, FLOOD | {"areas": [], "same_area": True})
    assert refused.status_code == 422


def test_a_draft_whose_text_expired_is_shown_whole_with_what_stops_it(hq: Headquarters) -> None:
    soon = datetime.now(UTC) + timedelta(hours=1)
    number = hq.draft(expires_at=soon.isoformat())["number"]
    hq.database.rows(
        "UPDATE alert_revision SET expires_at = now() - interval '1 second' RETURNING 1"
    )
    shown = hq.get(f"{ALERTS}/{number}")
    assert shown["reason"] == FLOOD["reason"]
    assert "expired" in {one["code"] for one in shown["findings"] if one["severity"] == "stops"}
