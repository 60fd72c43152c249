"""What waits for a person: what it is, what happens if nobody acts, until when."""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from city.staff import CONSOLE
from data.database import transaction
from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from operations.board.state import State, board_state
from operations.places.needs import report_need
from operations.published import blocktables
from operations.published.board import board as plan_board
from operations.serving import utc_now
from shelters.needs import GivenNeed, NeedKind
from tests.integration.alerted import ALERTS, AREA, Headquarters
from tests.integration.plannedcity import City

HQ = "/api/v1/headquarters"
M = timedelta(minutes=1)


def look(hq: Any, now: datetime | None = None) -> State:
    with transaction(hq.engine) as connection:
        return board_state(connection, now or utc_now())


def act_on(hq: Headquarters, by: Any, act: dict[str, Any], said: str = "") -> None:
    """What the page does with a key: the call that the decision names."""
    body = act["body"] | ({act["field"]: said} if act["asks"] else {})
    hq.well(hq.ask(by, act["path"], body, act["method"]))


def test_an_approval_says_until_when_and_that_nothing_is_sent(hq: Headquarters) -> None:
    number = hq.draft()["number"]
    hq.well(hq.decide(hq.writer, number, "submit"))
    row = look(hq)["decisions"][f"alert:{number}"]
    since, due = datetime.fromisoformat(row["since"]), datetime.fromisoformat(row["due"])
    assert (due - since, row["kind"]) == (6 * M, "approval")
    assert "避難指示・洪水" in row["title"]
    assert row["what"].startswith(f"{AREA}。対象 1世帯。")
    assert row["if_nobody"] == "送りません。呼べる副承認者もいません。"
    (reject,) = row["acts"]
    assert (reject["key"], reject["role"], reject["asks"]) == ("x", "approver", "却下の理由")
    act_on(hq, hq.approver, reject, "区域が違う")
    assert f"alert:{number}" not in look(hq)["decisions"]


def test_a_proposal_is_approved_by_its_key_and_then_nobody_was_told(hq: Headquarters) -> None:
    asked = {"hazard": "flood", "level": 4, "areas": [AREA], "reason": "水位"}
    number = hq.well(hq.ask(hq.writer, f"{HQ}/proposals", asked))["number"]
    row = look(hq)["decisions"][f"proposal:{number}"]
    assert row["title"] == "発令の提案：避難指示（レベル4・洪水）"
    approve, _ = row["acts"]
    act_on(hq, hq.approver, approve)
    (untold,) = [one for one in look(hq)["decisions"].values() if one["kind"] == "untold"]
    assert "通知はだれにも送られません" in untold["if_nobody"]
    assert untold["href"] == f"/hq/alerts#order-{hq.get(ALERTS)['untold'][0]['order']}"
    sent = hq.send(hq.draft())
    assert not [one for one in look(hq)["decisions"].values() if one["kind"] == "untold"]
    assert [one["told"] for one in look(hq)["orders"].values()] == [True]
    hq.send(hq.revise(sent["alert"], step="cancel"))
    hq.database.rows("UPDATE evacuation_order SET ended_at = NULL RETURNING 1")
    found = look(hq)
    assert [one["told"] for one in found["orders"].values()] == [False]
    assert found["city"]["city"]["unreached_few"], "all of them"
    (untold,) = [one for one in found["decisions"].values() if one["kind"] == "untold"]
    assert untold["href"] == f"/hq/alerts#order-{hq.get(ALERTS)['untold'][0]['order']}"


def test_a_team_that_is_overdue_is_heard_or_handed_on_by_a_key(hq: Headquarters) -> None:
    given = {
        "team": "第2現地班",
        "contact": "無線 2ch",
        "what": "橋を見る",
        "areas": [AREA],
        "withdraw_at": (utc_now() + 60 * M).isoformat(),
    }
    number = hq.well(hq.ask(hq.writer, f"{HQ}/missions", given))["number"]
    assert f"team:{number}" not in look(hq)["decisions"]
    later = utc_now() + 31 * M
    row = look(hq, later)["decisions"][f"team:{number}"]
    assert row["title"] == "第2現地班：定時連絡がない"
    assert datetime.fromisoformat(row["due"]) == datetime.fromisoformat(row["since"]) + 10 * M
    assert "119へは人が電話します" in row["if_nobody"]
    heard, _, hand_on = row["acts"]
    act_on(hq, hq.writer, hand_on, "119")
    row = look(hq, later)["decisions"][f"team:{number}"]
    assert row["due"] == row["since"]
    assert "自動では連絡しません" in row["if_nobody"]
    heard, back, _ = row["acts"]
    act_on(hq, hq.writer, heard)
    act_on(hq, hq.writer, back)
    assert f"team:{number}" not in look(hq, later)["decisions"]


def test_a_need_a_rescue_and_an_uncounted_place_wait_for_a_person(hq: Headquarters) -> None:
    site = hq.get(HQ)["sites"][0]["id"]
    hq.well(hq.ask(hq.writer, f"{HQ}/sites/{site}/opening", {"opening": "open"}))
    need = uuid4()
    given = GivenNeed(need, NeedKind.AMBULANCE, "x", utc_now())
    report_need(hq.engine, CONSOLE, site, given, utc_now())
    hq.well(hq.ask(hq.writer, f"{HQ}/rescues", {"id": str(uuid4()), "place": "屋根"}))
    later = utc_now() + 40 * M
    found = look(hq, later)["decisions"]
    assert found[f"need:{need}"]["due"] == found[f"need:{need}"]["since"]
    assert {"rescue:1", f"call:{site}"} <= set(found)
    assert found[f"call:{site}"]["if_nobody"] == "「不明」のまま案内します。割当は減らしません。"
    count, _ = found[f"call:{site}"]["acts"]
    assert (count["number"], count["field"]) == (True, "persons")
    hq.well(hq.ask(hq.writer, count["path"], count["body"] | {"persons": 5}))
    take, _, _ = found[f"need:{need}"]["acts"]
    act_on(hq, hq.writer, take)
    (hand_over,) = found["rescue:1"]["acts"]
    done = look(hq, utc_now() + M)["decisions"]
    assert f"need:{need}" not in done
    assert f"call:{site}" not in done
    # Nobody hands over what nobody was sent to, but to whom it was waiting for.
    act_on(hq, hq.writer, hand_over, "消防")
    assert "rescue:1" not in look(hq)["decisions"]


def test_a_suspension_asks_after_an_hour_and_stays_shut(hq: Headquarters) -> None:
    hq.database.rows(
        "INSERT INTO closure (city_code, reason, geom, by_water, basis, street, begun_at)"
        " SELECT code, '土砂・崖くずれ', (SELECT geom FROM street WHERE load_id = city_load.id"
        " LIMIT 1), false, 'suspended', 'x', now() - interval '61 minutes' FROM city_load"
        " WHERE current RETURNING id"
    )
    found = look(hq)
    (closure,) = found["closures"].values()
    row = found["decisions"][f"closure:{closure['id']}"]
    assert row["due"] == row["since"]
    assert row["if_nobody"].startswith("閉じたままです。")
    (stands,) = row["acts"]
    act_on(hq, hq.writer, stands)
    found = look(hq)
    assert found["closures"][str(closure["id"])]["reviewed_at"]
    assert f"closure:{closure['id']}" not in found["decisions"]


def test_decisions_stand_in_the_order_of_their_deadlines(hq: Headquarters) -> None:
    number = hq.draft()["number"]
    hq.well(hq.decide(hq.writer, number, "submit"))
    asked = {"hazard": "flood", "level": 3, "areas": [AREA], "reason": "水位"}
    hq.well(hq.ask(hq.writer, f"{HQ}/proposals", asked))
    hq.well(hq.ask(hq.writer, f"{HQ}/rescues", {"id": str(uuid4()), "place": "屋根"}))
    found = list(look(hq)["decisions"].values())
    dues = [one["due"] or "9" for one in found]
    assert dues == sorted(dues)
    assert [one["kind"] for one in found] == ["proposal", "rescue", "approval"]
    assert all(one["if_nobody"] and one["title"] and one["href"] for one in found)


def test_the_plan_says_of_places_and_of_the_unplaced_what_its_page_says(city: City) -> None:
    found = look(city)
    with transaction(city.engine) as connection:
        page = plan_board(connection)["plan"]
        blocks = blocktables.area_blocks(connection)["blocks"]
    newest = found["plan"]["newest"]
    names = ("going", "expected", "no_way", "no_room", "moved")
    assert {name: newest[name] for name in names} == {name: page["figures"][name] for name in names}
    assert newest["number"] == page["number"]
    coming: dict[str, float] = {}
    for place in (place for block in blocks for place in block["places"]):
        coming[place["site_id"]] = coming.get(place["site_id"], 0) + place["persons_expected"]
    assert coming
    for site, row in found["sites"].items():
        assert row["coming"] == round(coming.get(site, 0))
    assert "unplaced" not in found["decisions"]
    for site in found["sites"]:
        city.room(site, 1)
    city.again()
    found = look(city)
    unplaced = found["plan"]["newest"]["no_room"]
    assert unplaced
    assert found["decisions"]["unplaced"]["title"] == f"割当できない {unplaced:,}世帯"
    since = found["decisions"]["unplaced"]["since"]
    assert since == found["plan"]["newest"]["published_at"]
    city.database.rows(
        "UPDATE plan_version SET published_at = published_at - interval '9 minutes' RETURNING 1"
    )
    changes.set_level(city.engine, HazardKind.LANDSLIDE, AlertLevel(3))
    city.again()
    later = look(city)
    assert later["plan"]["newest"]["number"] > found["plan"]["newest"]["number"]
    assert later["plan"]["newest"]["no_room"]
    before = datetime.fromisoformat(since) - timedelta(minutes=9)
    assert datetime.fromisoformat(later["decisions"]["unplaced"]["since"]) == before
    number = later["plan"]["newest"]["number"]
    columns = "change_id, load_id, load_token, change_token, cause, facts, published_at"
    city.database.rows(
        f"INSERT INTO plan_version (number, {columns}) SELECT number + 1, {columns}"  # noqa: S608
        f" FROM plan_version WHERE number = {number} RETURNING 1"
    )
    city.database.rows(
        "UPDATE plan_version SET facts = jsonb_set(facts, '{figures}', 'null')"  # noqa: S608
        f" WHERE number = {number} RETURNING 1"
    )
    beyond = look(city)["plan"]["newest"]
    assert beyond["number"] == number + 1
    assert datetime.fromisoformat(beyond["no_room_since"]) == before


def test_an_untested_channel_is_a_decision_that_says_what_it_means(hq: Headquarters) -> None:
    hq.database.rows(
        "INSERT INTO carrier_state (credential, channel, status, free_at)"
        " VALUES ('drill', 'sms', 'Exercise', now()) RETURNING 1"
    )
    assert hq.get(f"{HQ}/carriers") == {"connected": False}
    hq.database.rows(
        "INSERT INTO carrier_state (credential, channel, status, free_at, seen_at, tested_at,"
        " test_passed_at, test_why, failures) VALUES ('sms', 'sms', 'Actual', now(), now(), now(),"
        " now() - interval '20 minutes', 'timeout', 3) RETURNING 1"
    )
    assert hq.get(f"{HQ}/carriers") == {"connected": True}
    found = look(hq)
    row = found["channels"]["sms"]
    assert (row["ok"], row["word"]) == (False, "試験に失敗")
    works = hq.get(ALERTS)["channels"][0]["works"]
    assert works is row["ok"]
    said = found["decisions"]["channel:sms"]
    assert said["title"] == "SMSが不通"
    assert said["if_nobody"].startswith("待たずに次の手段へ切り替えます。")
    hq.database.rows("UPDATE carrier_state SET seen_at = now() - interval '1 hour' RETURNING 1")
    gone = look(hq)["decisions"]["channel:sms"]
    assert gone["what"].startswith("送る機械がない。")
    assert "送り始めた配信は10分ごとに" in gone["if_nobody"]
    hq.database.rows(
        "UPDATE carrier_state SET seen_at = now(), test_why = '', test_passed_at = now()"
        " RETURNING 1"
    )
    assert look(hq)["decisions"] == {}


def test_moves_that_were_foreseen_together_are_one_and_water_is_another(hq: Headquarters) -> None:
    hq.database.rows(
        "WITH shut AS (INSERT INTO closure (city_code, reason, geom, by_water, basis, moving)"
        " SELECT code, '橋の異常', s.geom, false, 'order', 'waits' FROM city_load l, LATERAL"
        " (SELECT geom FROM street WHERE load_id = l.id LIMIT 2) s WHERE l.current"
        " RETURNING id, city_code), wet AS (INSERT INTO observed_water (city_code, source, geom)"
        " SELECT code, '航空写真', ST_Buffer(ST_SetSRID(ST_Point(135.4, 29.6), 4326), 0.1)"
        " FROM city_load WHERE current RETURNING id, city_code)"
        " INSERT INTO held_item (city_code, kind, item, why, facts)"
        " SELECT city_code, 'closure', id, '555 households cut off, 1577 sent elsewhere',"
        " '{\"cut_off\": 555}'::jsonb FROM shut UNION ALL"
        " SELECT city_code, 'observed_water', id, 'it covers 80% of all junctions', NULL FROM wet"
        " RETURNING 1"
    )
    found = look(hq)
    assert [one["source"] for one in found["water"].values() if one["held"]] == ["浸水"]
    (move,) = [one for one in found["decisions"].values() if one["kind"] == "move"]
    closures = {one["id"]: one["called"] for one in found["closures"].values()}
    first, second = sorted(closures)
    title = "道の閉鎖による大きな移動：{}（閉鎖{}番）"
    assert move["title"] == title.format(closures[first], first) + " ほか1件"
    assert move["what"].startswith("行き先がなくなる 555世帯、行き先が変わる 1,577世帯。数は合わせ")
    assert ("報告" in move["what"], "「もし…なら」" in move["what"]) == (False, True)
    assert move["if_nobody"].startswith("行ける世帯の行き先は変えません。行けなくなった世帯には")
    (water,) = [one for one in found["decisions"].values() if one["kind"] == "water"]
    assert re.fullmatch(r"広すぎる浸水の記録：\d+番", water["title"])
    assert water["if_nobody"] == "この浸水がないものとして、案内が続きます。"
    for one in (move, water):
        (apply,) = one["acts"]
        assert apply["role"] == "approver"
        act_on(hq, hq.approver, apply)
    found = look(hq)
    assert [one["title"] for one in found["decisions"].values()] == [
        title.format(closures[second], second)
    ]
    assert not [one for one in found["water"].values() if one["held"]]
