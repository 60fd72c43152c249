"""What waits for a person and what stands is never out of sight, and everybody is told of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from city.staff import Role
from operations.alerts.clocks import call_deputies
from tests.integration.alerted import (
    ALERTS,
    AREA,
    FLOOD,
    OTHER,
    WORDING,
    Headquarters,
)
from tests.integration.staffed import Signed, signed_in

BOARD = "/api/v1/headquarters"


def many(hq: Headquarters, number: int, state: str, count: int) -> None:
    """Revisions like that one, made after it."""
    columns = [
        name
        for (name,) in hq.database.rows(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'alert_revision'"
        )
        if name not in ("id", "alert_id", "revision", "state", "decided_at")
    ]
    named = ", ".join(columns)
    hq.database.rows(
        "WITH made AS (INSERT INTO alert (city_code, status, kind)"  # noqa: S608  names given here
        f" SELECT city_code, status, kind FROM alert, generate_series(1, {count})"
        f" WHERE alert.id = (SELECT alert_id FROM alert_revision WHERE id = {number}) RETURNING id)"
        f" INSERT INTO alert_revision (alert_id, revision, state, decided_at, {named})"
        f" SELECT made.id, 1, '{state}', now(), {named} FROM alert_revision, made"
        f" WHERE alert_revision.id = {number} RETURNING 1"
    )


def named(hq: Headquarters, officer: Signed, duty: str) -> None:
    said = {"staff": officer.caller.id, "duty": duty}
    hq.well(hq.ask(hq.approver, f"{WORDING}/delegates", said))


def alone(hq: Headquarters, **changes: Any) -> dict[str, Any]:
    """Sent by the writer alone."""
    named(hq, hq.writer, "break_glass")
    shown = hq.draft(**changes)
    seen = {"digest": shown["digest"], "second_look": True, "why": "ほかに誰もいない"}
    return hq.well(hq.decide(hq.writer, shown["number"], "send_alone", **seen))


def listed(hq: Headquarters) -> list[int]:
    return [one["number"] for one in hq.get(ALERTS)["alerts"]]


def test_what_stands_or_waits_is_listed_however_many_drafts_came_after(hq: Headquarters) -> None:
    sent, waits = hq.send(hq.draft())["number"], hq.draft(areas=[OTHER])["number"]
    hq.well(hq.decide(hq.writer, waits, "submit"))
    hq.database.rows(
        "UPDATE alert_revision SET expires_at = now() - interval '1 hour'"  # noqa: S608  a number
        f" WHERE id = {sent} RETURNING 1"
    )
    many(hq, hq.draft()["number"], "draft", 60)
    found = {one["number"]: one for one in hq.get(ALERTS)["alerts"]}
    assert {sent, waits} <= set(found)
    assert (found[sent]["in_force"], found[waits]["in_force"]) == (True, False)
    assert len(found) == 52


def test_what_is_still_told_is_listed_though_no_order_stands_for_it(hq: Headquarters) -> None:
    drill = hq.send(hq.draft(status="Exercise"))["number"]
    many(hq, hq.draft()["number"], "draft", 60)
    assert drill in listed(hq)


def test_of_what_was_taken_back_only_the_newest_few_of_a_day_are_listed(hq: Headquarters) -> None:
    number = hq.draft()["number"]
    hq.well(hq.decide(hq.writer, number, "withdraw"))
    many(hq, number, "withdrawn", 20)
    assert len(listed(hq)) == 5
    hq.database.rows(
        "UPDATE alert_revision SET decided_at = now() - interval '25 hours' RETURNING 1"
    )
    assert listed(hq) == []


def test_headquarters_first_page_tells_what_waits_for_an_approval(hq: Headquarters) -> None:
    number = hq.draft()["number"]
    assert hq.get(BOARD)["alerts"] == []
    shown = hq.well(hq.decide(hq.writer, number, "submit"))
    [one] = hq.get(BOARD)["alerts"]
    assert (one["number"], one["waits_for"], one["since"]) == (
        number,
        "approval",
        shown["submitted_at"],
    )
    assert (one["title"], one["by"]) == ("警戒レベル4 避難指示・洪水", hq.writer.caller.name)
    assert one["deputies_called_at"] is None
    assert hq.get(ALERTS)["waiting"] == [one]
    hq.well(hq.decide(hq.approver, number, "reject", why="区域が違う"))
    assert hq.get(BOARD)["alerts"] == []


def test_rule_14_everybody_is_told_what_was_sent_alone_until_it_is_countersigned(
    hq: Headquarters,
) -> None:
    sent = alone(hq)
    [one] = hq.get(BOARD)["alerts"]
    assert (one["number"], one["waits_for"]) == (sent["number"], "countersignature")
    hq.well(hq.decide(hq.approver, sent["number"], "countersign"))
    assert hq.get(BOARD)["alerts"] == []


def test_deputies_are_called_by_name_but_not_to_what_they_wrote(hq: Headquarters) -> None:
    deputy, wrote = (signed_in(hq.engine, Role.OPERATOR, Role.APPROVER) for _ in range(2))
    named(hq, deputy, "deputy")
    named(hq, wrote, "deputy")
    shown = hq.well(hq.ask(wrote, ALERTS, FLOOD))
    hq.well(hq.decide(wrote, shown["number"], "submit"))
    assert hq.get(BOARD)["alerts"][0]["deputies"] == []
    call_deputies(hq.engine, datetime.now(UTC) + timedelta(minutes=6))
    [one] = hq.get(BOARD)["alerts"]
    assert one["deputies"] == [{"staff": deputy.caller.id, "name": deputy.caller.name}]
    assert one["deputies_called_at"] is not None
    told = hq.database.one(
        f"SELECT state FROM live_state WHERE key = 'alert:{shown['number']}'"  # noqa: S608
    )
    assert told["deputies_called_at"] == one["deputies_called_at"]


def test_a_message_names_the_next_revision_that_is_open_and_what_to_do(hq: Headquarters) -> None:
    alert = hq.send(hq.draft())["alert"]
    hq.revise(alert, step="update", reason="堤防から、水がしみ出しています。")
    answer = hq.ask(hq.writer, f"{ALERTS}/{alert}/revisions", FLOOD | {"step": "update"})
    assert answer.status_code == 422
    for said in ("第2版", "下書き", hq.writer.caller.name, "取り下げ"):
        assert said in answer.json()["detail"]


@pytest.mark.parametrize("back", ["reject", "withdraw"])
def test_what_was_taken_back_neither_blocks_nor_counts_in_what_the_public_reads(
    hq: Headquarters, back: str
) -> None:
    first = hq.send(hq.draft())
    tried = hq.revise(first["alert"], step="update", reason="堤防から、水がしみ出しています。")
    hq.well(hq.decide(hq.writer, tried["number"], "submit"))
    gone = hq.well(hq.decide(hq.approver, tried["number"], back, why="区域が違う"))
    assert gone["revision"] < 1
    again = hq.revise(first["alert"], step="update", level=5)
    assert again["revision"] == 2
    assert "第2版" in again["rendered"]["messages"]["mail"]["ja"]["text"]
    hq.send(again)
    assert hq.get(f"{ALERTS}/{first['number']}")["stopped_why"] == "第2版に替わった"


@pytest.mark.parametrize(
    "other", [{"status": "Exercise"}, {"step": "all_clear"}, {"step": "cancel"}]
)
def test_a_draft_does_not_become_a_drill_or_another_step(
    hq: Headquarters, other: dict[str, str]
) -> None:
    shown = hq.draft()
    answer = hq.ask(hq.writer, f"{ALERTS}/{shown['number']}", FLOOD | other, "PUT")
    assert answer.status_code == 422
    assert "変えられません" in answer.json()["detail"]
    assert hq.ask(hq.writer, ALERTS, FLOOD | {"step": "cancel"}).status_code == 422


def test_a_draft_says_which_areas_a_higher_order_forbids_and_no_others(hq: Headquarters) -> None:
    hq.send(hq.draft(areas=[AREA]))
    areas = [AREA, OTHER]
    shown = hq.draft(level=3, areas=areas)
    [stop] = [one for one in shown["findings"] if one["code"] == "in_force"]
    assert stop["severity"] == "stops"
    assert AREA in stop["words"]
    assert OTHER not in stop["words"]
    assert "警戒レベル4" in stop["words"]
    well = hq.draft(level=3, areas=[OTHER])
    assert "in_force" not in {one["code"] for one in well["findings"]}


def test_a_draft_names_the_areas_of_every_order_that_forbids_it(hq: Headquarters) -> None:
    hq.send(hq.draft(areas=[AREA]))
    hq.send(hq.draft(areas=[OTHER], hazard="landslide", level=5))
    shown = hq.draft(level=3, areas=[AREA, OTHER])
    [stop] = [one for one in shown["findings"] if one["code"] == "in_force"]
    assert f"{AREA}には警戒レベル4" in stop["words"]
    assert f"{OTHER}には警戒レベル5" in stop["words"]


def test_an_update_to_a_lower_level_is_stopped_while_it_is_a_draft(hq: Headquarters) -> None:
    first = hq.send(hq.draft())
    shown = hq.revise(first["alert"], step="update", level=3)
    [stop] = [one for one in shown["findings"] if one["code"] == "in_force"]
    assert "先に解除" in stop["words"]
    assert hq.decide(hq.writer, shown["number"], "submit").status_code == 409


def test_a_line_drawn_for_an_order_takes_every_area_that_it_meets_whole(hq: Headquarters) -> None:
    west, south, east, north = hq.database.rows(
        "SELECT ST_XMin(geom), ST_YMin(geom), ST_XMax(geom), ST_YMax(geom) FROM area"  # noqa: S608
        f" WHERE name = '{AREA}'"
    )[0]
    lon, lat = (west + east) / 2, (south + north) / 2
    ring = [[west, south], [lon, south], [lon, lat], [west, lat], [west, south]]
    drawn = {"areas": [], "polygon": {"type": "Polygon", "coordinates": [ring]}}
    shown = hq.draft(**drawn)
    assert AREA in shown["area_names"]
    assert shown["where"] == "areas"
    named_same = hq.draft(areas=shown["area_names"])
    assert shown["blast"]["households"] == named_same["blast"]["households"] > 0
    sent = hq.send(shown)
    assert hq.get(f"{ALERTS}/{sent['number']}/ledger")["all"] == shown["blast"]["households"]
    same = hq.database.one(
        "SELECT ST_Covers(ST_Buffer(o.geom, 1e-7), ST_Union(a.geom))"
        " FROM evacuation_order o, area a"
        " WHERE o.ended_at IS NULL AND a.kind = 'chome' AND a.name = ANY(o.area_names)"
        " GROUP BY o.geom"
    )
    assert same
