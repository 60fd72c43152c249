"""The welfare role's door lists: counts of all, a list on paper, and who may have it when."""

from datetime import timedelta
from typing import Any

import pytest

from alerts.doors import DoorOutcome
from city.staff import Role
from data.alerts import doorlists
from data.database import transaction
from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from operations.alerts import doorboard, doorreturns
from operations.alerts.doorcalls import call
from tests.integration.alerted import AREA, OTHER
from tests.integration.doored import HOMES, DoorNight, M
from tests.integration.staffed import signed_in
from tests.unit.web.sheeted import texts

DOORS = "/api/v1/headquarters/doors"


def lists(night: DoorNight) -> dict[int, dict[str, Any]]:
    """All that the welfare role sees before it opens any."""
    answer = night.hq.ask(night.welfare, DOORS, method="GET")
    assert answer.headers["cache-control"] == "no-store"
    return {one["list"]: one for one in night.hq.well(answer)["lists"]}


def paper(night: DoorNight, number: int) -> Any:
    """What the API answers to the welfare role, whatever it is."""
    return night.hq.ask(night.welfare, f"{DOORS}/{number}/paper.pdf", method="GET")


def change(night: DoorNight, number: int, **values: Any) -> None:
    """A list as it could become by another way."""
    with transaction(night.engine) as connection:
        doorlists.change(connection, number, **values)


def test_all_lists_of_all_alerts_are_counts_and_no_door(night: DoorNight) -> None:
    first = list(night.make().lists)
    night.hand(first[0])
    label = night.opened(first[0])[0]["label"]
    call(night.engine, night.welfare.caller, first[0], label, DoorOutcome.NEEDS_LIFT, now=night.now)
    night.send(status="Exercise", areas=[AREA, OTHER])
    drill = list(night.make().lists)
    found = lists(night)
    assert set(found) == {*first, *drill}
    assert (found[first[0]]["state"], found[first[0]]["lifts"]) == ("under_way", 1)
    assert {found[number]["status"] for number in drill} == {"Exercise"}
    assert all(one["openable"] for one in found.values())
    assert label not in str(found)
    for role in sorted(set(Role) - {Role.WELFARE, Role.RESIDENT}):
        answer = night.hq.ask(signed_in(night.engine, role), DOORS, method="GET")
        assert answer.status_code == 403


def test_what_nobody_works_with_any_more_is_not_among_them(night: DoorNight) -> None:
    outside, home, long_home = night.make().lists
    for number in (outside, home, long_home):
        night.hand(number)
    for number in (home, long_home):
        doorreturns.back(night.engine, night.hq.writer.caller, number, now=night.now)
    change(night, long_home, back_at=night.now - timedelta(hours=13))
    assert {n: one["state"] for n, one in lists(night).items()} == {
        outside: "handed",
        home: "back",
    }
    again = night.make().lists
    assert set(again) < set(lists(night))
    night.update(areas=[AREA, OTHER])
    assert set(lists(night)) == {outside, home}


def test_of_many_lists_that_wait_some_are_told_and_those_of_an_area_are_asked_for(
    night: DoorNight, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doorboard, "MOST_WAITING", 1)
    first, *_ = night.make().lists
    night.hand(first)
    for query, left_out, areas in (("", 1, {AREA}), (f"?area={OTHER}", 0, {AREA, OTHER})):
        answer = night.hq.ask(night.welfare, f"{DOORS}{query}", method="GET")
        found = night.hq.well(answer)
        assert (found["left_out"], found["areas"]) == (left_out, [AREA, OTHER])
        assert {one["area"] for one in found["lists"]} == areas


def test_a_list_of_an_earlier_load_is_there_but_not_to_be_opened(night: DoorNight) -> None:
    number = night.make(areas=[AREA]).lists[0]
    night.hand(number)
    change(night, number, load_id=0)
    assert lists(night)[number]["openable"] is False


def test_an_opened_list_has_its_doors_on_a_map_in_the_order_of_the_paper(night: DoorNight) -> None:
    number = night.make(areas=[AREA]).lists[0]
    opened = night.hq.well(night.hq.ask(night.welfare, f"{DOORS}/{number}", method="GET"))
    places = [door["place"] for door in opened["doors"]]
    assert places == list(range(1, HOMES // 2 + 1))
    assert opened["map"].startswith("<svg ")
    assert opened["map"].count("<rect") >= 2


def test_rule_18_the_welfare_role_alone_prints_which_is_recorded_and_kept_nowhere(
    night: DoorNight,
) -> None:
    number = night.make(areas=[AREA]).lists[0]
    night.hand(number)
    path = f"{DOORS}/{number}/paper.pdf"
    for role in sorted(set(Role) - {Role.WELFARE, Role.RESIDENT}):
        assert night.hq.ask(signed_in(night.engine, role), path, method="GET").status_code == 403
    assert night.log("doors.printed") == []
    labels = [door["label"] for door in night.opened(number)]
    before = night.hq.database.one("SELECT count(*) FROM print_job")
    answer = paper(night, number)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"] == "application/pdf"
    (text,) = texts(answer.content)
    assert all(label in text for label in labels)
    assert "消防団1" in text
    assert "までに全員戻る" in text
    assert "訓練" not in text
    ((actor, subject, details),) = night.log("doors.printed")
    assert (actor, subject) == (night.welfare.caller.actor, str(number))
    assert details == {"revision": night.number, "doors": HOMES // 2, "purpose": "door calls"}
    assert night.hq.database.one("SELECT count(*) FROM print_job") == before


def test_rule_16_the_paper_of_a_drill_says_so(night: DoorNight) -> None:
    night.send(status="Exercise", areas=[AREA])
    (text,) = texts(paper(night, night.make(areas=[AREA]).lists[0]).content)
    assert text.count("訓練") > 3


def refused(night: DoorNight, number: int, why: str) -> None:
    """No paper is made of it, for that reason."""
    answer = paper(night, number)
    assert 400 <= answer.status_code < 500
    assert why in answer.json()["detail"]


def test_rule_13_a_list_that_no_team_may_follow_is_not_printed(night: DoorNight) -> None:
    number = night.make(areas=[AREA]).lists[0]
    night.hand(number)
    load = night.hq.database.one("SELECT DISTINCT load_id FROM door_list")
    told: tuple[tuple[str, Any, Any, str], ...] = (
        ("recalled_at", night.now, None, "呼び戻した"),
        ("escalated_at", night.now, None, "引き継いだ"),
        ("back_at", night.now, None, "帰着した"),
        ("load_id", 0, load, "作り直して"),
    )
    for column, value, before, why in told:
        change(night, number, **{column: value})
        refused(night, number, why)
        change(night, number, **{column: before})
    change(night, number, handed_at=night.now - 90 * M, withdraw_at=night.now - M)
    refused(night, number, "今より後")
    assert night.log("doors.printed") == []
    assert [entry[1] for entry in night.log("doors.refused")] == [str(number)] * 5


def test_rule_13_nobody_is_sent_out_with_paper_under_level_5_or_with_old_words(
    night: DoorNight,
) -> None:
    old = night.make(areas=[OTHER]).lists[0]
    assert paper(night, old).status_code == 200
    night.update(areas=[AREA, OTHER])
    refused(night, old, "最新の版")
    waiting, handed = night.make(areas=[AREA]).lists
    night.hand(handed)
    changes.set_level(night.engine, HazardKind.FLOOD, AlertLevel.SECURE_NOW, areas=[AREA])
    for number in (waiting, handed):
        refused(night, number, "レベル5")


def test_the_page_is_the_welfare_roles_and_holds_no_list(night: DoorNight) -> None:
    night.hand(night.make(areas=[AREA]).lists[0])
    answer = night.hq.ask(night.welfare, "/welfare/doors", method="GET")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert AREA not in answer.text
    assert night.hq.ask(night.hq.writer, "/welfare/doors", method="GET").status_code == 403
