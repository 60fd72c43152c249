"""Helpers come home: teams check in, level 5 recalls them, and who does not answer is escalated."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from city.staff import CONSOLE, SYSTEM
from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from operations.missions import recalling
from operations.serving import utc_now
from tests.integration.databases import Server
from tests.integration.missioned import (
    NORTH,
    SOUTH,
    M,
    MissionNight,
    emptied,
    iso,
    mission_night,
)
from tests.integration.small_city import position

FLIGHT = {"drone": "JU3200000001", "operator": "架空 太郎", "asked_by": "架空消防本部"}


@pytest.fixture(scope="module")
def served(server: Server, homes_plan: tuple[str, Path]) -> Iterator[MissionNight]:
    with mission_night(server, homes_plan) as made:
        yield made


@pytest.fixture
def night(served: MissionNight) -> MissionNight:
    return emptied(served)


def level_5(night: MissionNight, *areas: str) -> int:
    return changes.set_level(
        night.engine, HazardKind.FLOOD, AlertLevel.SECURE_NOW, areas=areas or (NORTH,)
    )


def test_a_team_reads_its_mission_and_checks_in_once_however_often_it_sends(
    night: MissionNight,
) -> None:
    assert night.field()["mission"] is None
    number = night.begin(flight=FLIGHT)
    night.ago(number, 20)
    told = night.field()["mission"]
    assert (told["number"], told["recalled"], told["words"]) == (number, False, [])
    assert told["flight"]["right"].startswith("捜索・救助の特例（航空法132条の92）")
    word: dict[str, Any] = {"id": str(uuid4()), "at": iso(utc_now() - 2 * M)}
    first = night.say("check_in", number, **word)
    assert first["status"] == "taken"
    again = night.say("check_in", number, **word)
    assert again["status"] == "known"
    assert again["mission"]["check_in_due_at"] == first["mission"]["check_in_due_at"]
    assert night.log("mission.checked_in")[0][0] == night.team.caller.actor
    assert len(night.log("mission.checked_in")) == 1


def test_a_check_in_that_waited_offline_counts_for_when_it_was_said_by_a_clock_that_is_wrong(
    night: MissionNight,
) -> None:
    number = night.begin()
    night.ago(number, 50)
    assert [one["due"] for one in night.line(number)["overdue"]] == ["check_in"]
    said = utc_now() - timedelta(hours=2)
    night.say("check_in", number, at=iso(said - 25 * M), sent_at=iso(said))
    (heard,) = night.database.rows("SELECT received_at - at FROM mission_word")
    assert heard[0] == 25 * M
    assert night.line(number)["overdue"] == []
    night.say("check_in", number, at=iso(utc_now() + timedelta(hours=2)))
    assert night.line(number)["last_heard"] <= iso(utc_now())


def test_only_its_own_team_speaks_for_a_mission(night: MissionNight) -> None:
    number = night.begin()
    word = {"id": str(uuid4()), "mission": number, "at": iso(utc_now())}
    night.field("/returned", 403, night.other, **word)
    night.field("/returned", 403, night.officer, **word)
    night.field("/returned", 404, **word | {"mission": number + 1})
    assert night.line(number)["state"] == "out"
    assert night.field(by=night.other)["mission"] is None


def test_rule_13_an_order_of_level_5_recalls_every_team_wherever_it_is(
    night: MissionNight,
) -> None:
    near = night.begin(areas=[NORTH])
    far = night.begin("第3現地班", members=[night.other.caller.actor], areas=[SOUTH])
    changes.set_level(night.engine, HazardKind.FLOOD, AlertLevel.ALL_LEAVE, areas=[NORTH])
    assert night.line(near)["state"] == night.line(far)["state"] == "out"
    order = level_5(night)
    assert night.line(near)["state"] == night.line(far)["state"] == "recalled"
    assert f"発令 {order}" in night.line(far)["recalled_why"]
    assert night.log("mission.recalled") == [(CONSOLE.actor, "", {"missions": [near, far]})]
    assert {one["state"] for one in night.live("missions")["outside"]} == {"recalled"}
    words = night.field()["mission"]["words"]
    assert "すぐ安全な所へ戻って" in words[0]

    night.say("recall_confirmed", near)
    assert "確認した" not in " ".join(night.field()["mission"]["words"])
    assert [one["number"] for one in night.ask("missions")["missions"]] == [far, near]
    now = utc_now() + 10 * M
    assert recalling.overdue(night.engine, now) == [far]
    assert recalling.overdue(night.engine, now) == []
    assert night.line(near)["state"] == "coming_back"
    assert [one[:2] for one in night.log("mission.escalated")] == [(SYSTEM.actor, str(far))]
    assert "119" in night.line(far)["next"]
    night.ask(f"missions/{far}", do="escalate", to="架空消防本部 指令")
    assert "架空消防本部 指令" in night.line(far)["next"]
    night.ask(f"missions/{far}", do="returned")
    assert night.line(far)["state"] == "returned"
    assert [one["number"] for one in night.live("missions")["outside"]] == [near]


def test_rule_13_nobody_is_sent_into_a_level_5_nor_where_nobody_says(night: MissionNight) -> None:
    level_5(night, SOUTH)
    assert "レベル5" in night.begin(status=409)["detail"]
    assert "レベル5" in night.begin(status=409, areas=[])["detail"]
    assert "レベル5" in night.begin(status=409, areas=[], where=point(3, 1))["detail"]
    assert night.ask("missions")["missions"] == []
    number = night.begin(areas=[NORTH])
    night.ask(f"missions/{number}", do="returned")
    assert night.begin(areas=[], where=point(3, 6))
    assert [one[2] for one in night.log("mission.refused")] == [{"why": "Refused"}] * 3


def point(x: float, y: float) -> dict[str, Any]:
    lat, lon = position(x, y)
    return {"type": "Point", "coordinates": [lon, lat]}


def test_rule_13_a_level_5_that_was_set_past_the_use_case_recalls_with_the_next_tick(
    night: MissionNight,
) -> None:
    number = night.begin()
    night.database.rows(
        "INSERT INTO evacuation_order (city_code, hazard, level, area_names)"
        " SELECT code, 'flood', 5, '{}' FROM city_load WHERE current RETURNING 1"
    )
    assert recalling.overdue(night.engine, utc_now()) == []
    assert night.line(number)["recalled_why"] == recalling.STANDS


def test_rule_13_a_team_that_does_not_check_in_stands_first_and_is_escalated(
    night: MissionNight,
) -> None:
    late = night.begin()
    well = night.begin("第3現地班", members=[night.other.caller.actor])
    night.ago(late, 35)
    night.ago(well, 10)
    assert recalling.overdue(night.engine, utc_now()) == []
    assert night.live("missions")["outside"][0]["overdue"] == ["check_in"]
    board = night.ask("missions")
    assert ([one["number"] for one in board["missions"]], board["overdue"]) == ([late, well], 1)
    night.ago(late, 5)
    assert recalling.overdue(night.engine, utc_now()) == [late]
    night.say("check_in", late)
    assert "連絡がありました" in night.line(late)["next"]
    night.ask(f"missions/{late}", do="reached")
    assert night.line(late)["state"] == "out"
    assert night.line(late)["overdue"] == []


def test_headquarters_speaks_for_a_team_that_has_only_a_radio(night: MissionNight) -> None:
    number = night.begin(members=[])
    night.ask(f"missions/{number}", status=409, do="recall_confirmed")
    assert night.ask(f"missions/{number}", status=409, do="recall")["detail"]
    night.ask("missions/recall", why="川の水位")
    night.ask(f"missions/{number}", do="recall", why="もう一度")
    assert night.line(number)["recalled_why"] == "川の水位"
    night.ask(f"missions/{number}", do="recall_confirmed")
    night.ask(f"missions/{number}", do="returned", why="徒歩で帰着")
    assert night.line(number)["ended"] == "徒歩で帰着"
    night.ask(f"missions/{number}", status=409, do="recall", why="遅い")


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"withdraw_at": "2026-01-01T00:00:00Z"}, 422),
        ({"withdraw_at": "2999-01-01T00:00:00Z"}, 422),
        ({"check_in_every_s": 60}, 422),
        ({"areas": ["よその町"]}, 404),
        ({"members": ["staff:1; --"]}, 422),
        ({"flight": {"drone": " ", "operator": "x"}}, 422),
        ({"what": "二行\nある"}, 422),
    ],
    ids=range(7),
)
def test_a_mission_that_is_not_understood_is_refused(
    night: MissionNight, wrong: dict[str, Any], status: int
) -> None:
    night.begin(status=status, **wrong)
    assert night.database.one("SELECT count(*) FROM mission") == 0


def test_a_team_or_a_tablet_is_out_once(night: MissionNight) -> None:
    night.begin()
    assert "帰着" in night.begin(status=409, members=[])["detail"]
    assert "第2現地班" in night.begin("第3現地班", status=409)["detail"]
