"""Helpers come home: a withdrawal time, a recall at level 5, and nobody who is simply forgotten."""

import threading
from datetime import timedelta
from typing import Any

import pytest

from alerts.doors import DoorOutcome
from alerts.errors import NotFit, WrongStep
from city.staff import SYSTEM, Role
from data.alerts import revisions
from data.database import in_order, transaction
from data.inforce import geometry_of
from data.rows import current_load
from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from operations.alerts import doorreturns
from operations.alerts.doorcalls import call
from operations.changes.orders import set_level_over
from tests.integration.alerted import ALERTS, AREA, FLOOD, OTHER
from tests.integration.doored import DoorNight, M
from tests.integration.staffed import signed_in

DOORS = "/api/v1/headquarters/doors"
HELD_UP_S = 0.3
"""Enough for somebody to come as far as they come."""


def level_5(night: DoorNight, **changes: Any) -> int:
    """A draft of level 5 as an alert of its own; returns its revision."""
    return int(night.hq.draft(level=5, **changes)["number"])


def recall(night: DoorNight, revision: int) -> list[int]:
    """What its release recalls."""
    with transaction(night.engine, latest=True) as connection:
        load = current_load(connection)
        row = revisions.get(connection, load.code, revision)
        by = night.hq.approver.caller
        return doorreturns.recall_in(connection, load, row, by, night.now)


def test_rule_13_level_5_recalls_all_and_each_is_confirmed_or_escalated(night: DoorNight) -> None:
    first, second, elsewhere = night.make().lists
    for number, team in ((first, "消防団1"), (second, "消防団3"), (elsewhere, "町会1班")):
        assert night.board()[number]["withdraw_at"]
        night.hand(number, team)
    assert recall(night, level_5(night, areas=[AREA])) == [first, second]
    assert night.states() == {first: "recalled", second: "recalled", elsewhere: "handed"}
    assert night.log("doors.recalled")[0][2]["lists"] == [first, second]
    shown = {one["list"]: one["state"] for one in night.live()["outside"]}
    assert shown == night.states()

    night.now += 6 * M
    night.hq.well(night.hq.ask(night.hq.writer, f"{DOORS}/{first}/back"))
    assert doorreturns.overdue(night.engine, night.now) == []
    night.now += 4 * M
    assert doorreturns.overdue(night.engine, night.now) == [second]
    assert doorreturns.overdue(night.engine, night.now) == []
    assert night.states() == {first: "back", second: "escalated", elsewhere: "handed"}
    assert [entry[:2] for entry in night.log("doors.escalated")] == [(SYSTEM.actor, str(second))]
    assert {one["list"] for one in night.live()["outside"]} == {second, elsewhere}


def test_rule_13_a_team_that_is_not_back_ten_minutes_after_its_withdrawal_is_handed_on(
    night: DoorNight,
) -> None:
    number = night.make(minutes=30).lists[0]
    night.hand(number)
    night.now += 30 * M
    assert doorreturns.overdue(night.engine, night.now) == []
    assert night.live()["outside"][0]["state"] == "overdue"
    night.now += 10 * M - timedelta(seconds=1)
    assert doorreturns.overdue(night.engine, night.now) == []
    night.now += timedelta(seconds=1)
    assert doorreturns.overdue(night.engine, night.now) == [number]
    assert night.board()[number]["escalated_why"] == doorreturns.NO_ANSWER
    doorreturns.back(night.engine, night.hq.writer.caller, number, now=night.now)
    assert night.states()[number] == "back"
    assert night.live()["outside"] == []


def test_rule_13_level_5_for_the_whole_city_recalls_every_area(night: DoorNight) -> None:
    lists = list(night.make().lists)
    for number in lists:
        night.hand(number)
    assert recall(night, level_5(night, areas=[], whole_city=True)) == lists
    assert recall(night, level_5(night, areas=[], whole_city=True)) == []


def test_rule_13_level_5_that_no_alert_set_recalls_with_the_next_tick(night: DoorNight) -> None:
    number = night.make(areas=[AREA]).lists[0]
    night.hand(number)
    changes.set_level(night.engine, HazardKind.LANDSLIDE, AlertLevel.SECURE_NOW, areas=[OTHER])
    doorreturns.overdue(night.engine, night.now)
    assert night.states()[number] == "handed"
    changes.set_level(night.engine, HazardKind.LANDSLIDE, AlertLevel.SECURE_NOW, areas=[AREA])
    doorreturns.overdue(night.engine, night.now)
    assert night.states()[number] == "recalled"
    assert night.log("doors.recalled") == [(SYSTEM.actor, str(number), {})]


def test_rule_13_the_release_of_level_5_leaves_nobody_out(night: DoorNight) -> None:
    number = night.make(areas=[AREA]).lists[0]
    night.hand(number)
    night.update(level=5, areas=[AREA, OTHER])
    doorreturns.overdue(night.engine, night.now)
    assert night.states()[number] == "recalled"


def test_a_team_whose_area_the_city_lost_is_recalled_too(night: DoorNight) -> None:
    number = night.make(areas=[AREA]).lists[0]
    night.hand(number)
    night.hq.database.rows("UPDATE door_list SET area_name = '旧町' RETURNING 1")
    assert recall(night, level_5(night, areas=[OTHER])) == [number]


def test_rule_16_a_drill_recalls_no_team_that_is_out_in_earnest_but_the_other_way_round(
    night: DoorNight,
) -> None:
    real = night.make(areas=[AREA]).lists[0]
    night.hand(real)
    assert recall(night, level_5(night, status="Exercise")) == []
    night.send(status="Exercise")
    drill = night.make(areas=[AREA]).lists[0]
    night.hand(drill, "訓練班")
    assert recall(night, level_5(night, status="Exercise")) == [drill]
    assert recall(night, level_5(night)) == [real]
    night.hq.database.rows("UPDATE door_list SET recalled_at = NULL RETURNING 1")
    assert recall(night, level_5(night)) == [real, drill]


def test_other_revisions_recall_nobody(night: DoorNight) -> None:
    night.hand(night.make().lists[0])
    for given in (FLOOD, FLOOD | {"level": 3}):
        assert recall(night, int(night.hq.draft(**given)["number"])) == []
    assert recall(night, night.number) == []


@pytest.mark.parametrize(
    ("step", "state", "words"),
    [
        ("cancel", "cancelled", "取り消した文を伝えている"),
        ("all_clear", "cleared", "解除した文を伝えている"),
    ],
    ids=["cancelled", "cleared"],
)
@pytest.mark.parametrize("status", ["Actual", "Exercise"], ids=["earnest", "drill"])
def test_rule_13_teams_of_an_alert_that_ended_are_shown_until_they_are_back(
    night: DoorNight, step: str, state: str, words: str, status: str
) -> None:
    if status == "Exercise":
        night.send(status=status, areas=[AREA, OTHER])
    first, second, waiting = night.make(minutes=30).lists
    night.hand(first)
    night.hand(second, "消防団3")
    said = {"step": step, "areas": [], "same_area": True, "reason": "誤りでした。"}
    night.update(status=status, **said)
    lines = night.board()
    assert [lines[one]["state"] for one in (first, second)] == [state, state]
    assert (lines[first]["words"], lines[first]["ended"]) == (words, step)
    assert (lines[first]["recalled_at"], lines[first]["ended_at"] is not None) == (None, True)
    assert waiting not in lines
    told = night.live()
    assert {one["list"]: one["ended"] for one in told["outside"]} == {first: step, second: step}
    assert told["waiting"] == 0
    shown = night.hq.well(night.hq.ask(night.welfare, DOORS, method="GET"))["lists"]
    assert {one["list"]: one["state"] for one in shown} == {first: state, second: state}
    doorreturns.back(night.engine, night.hq.writer.caller, first, now=night.now)
    assert (night.board()[first]["state"], night.board()[first]["ended"]) == ("back", None)
    night.now += 41 * M
    assert doorreturns.overdue(night.engine, night.now) == [second]


def test_rule_13_no_list_goes_out_beside_a_level_5_that_is_being_released(
    night: DoorNight,
) -> None:
    number, revision = night.make(areas=[AREA]).lists[0], level_5(night, areas=[AREA])
    refused: list[str] = []

    def hand() -> None:
        try:
            night.hand(number)
        except NotFit as why:
            refused.append(str(why))

    team = threading.Thread(target=hand)
    with transaction(night.engine, latest=True) as connection:
        load, by = current_load(connection), night.hq.approver.caller
        row = revisions.get(connection, load.code, revision)
        flood, worst = HazardKind.FLOOD, AlertLevel.SECURE_NOW
        set_level_over(connection, load, flood, worst, geometry_of(row), [AREA], by)
        team.start()
        team.join(HELD_UP_S)
        assert doorreturns.recall_in(connection, load, row, by, night.now) == []
    team.join()
    assert "レベル5" in refused[0]
    assert night.states()[number] == "waiting"


def test_rule_13_what_teams_tell_never_holds_up_a_release(night: DoorNight) -> None:
    number = night.make(areas=[AREA]).lists[0]
    night.hand(number)
    label, by = night.opened(number)[0]["label"], night.welfare.caller
    said = (night.engine, by, number, label, DoorOutcome.SPOKE)
    telling = threading.Thread(target=call, args=said, kwargs={"now": night.now})
    with transaction(night.engine, latest=True) as connection:
        revisions.of_alert(connection, night.shown["alert"])
        telling.start()
        telling.join(HELD_UP_S)
        assert telling.is_alive()
        # As a release does: it would wait for what waits for its own rows.
        in_order(connection)
    telling.join()
    assert night.board()[number]["spoken"] == 1


def test_an_officer_hands_a_team_on_and_says_to_whom(night: DoorNight) -> None:
    number = night.make().lists[0]
    path = f"{DOORS}/{number}/escalated"
    early = night.hq.ask(night.hq.writer, path, {"why": "119へ"})
    assert early.status_code == 409
    night.hand(number)
    assert night.hq.ask(night.hq.writer, path, {"why": " "}).status_code == 409
    told = night.hq.well(night.hq.ask(night.hq.writer, path, {"why": "119へ引き継いだ"}))
    assert (told["state"], told["escalated_why"]) == ("escalated", "119へ引き継いだ")
    again = night.hq.well(night.hq.ask(night.hq.writer, path, {"why": "もう一度"}))
    assert again["escalated_why"] == "119へ引き継いだ"
    night.hq.well(night.hq.ask(night.hq.writer, f"{DOORS}/{number}/back"))
    assert night.hq.ask(night.hq.writer, path, {"why": "119へ"}).status_code == 409
    assert "119" not in str(night.log("doors.escalated"))


def test_nobody_is_back_who_never_went(night: DoorNight) -> None:
    number = night.make().lists[0]
    with pytest.raises(WrongStep):
        doorreturns.back(night.engine, night.hq.writer.caller, number, now=night.now)


def test_a_whole_turn_through_the_api(night: DoorNight) -> None:
    hq, until = night.hq, (night.now + 30 * M).isoformat()
    path = f"{ALERTS}/{night.number}/doors"
    assert hq.ask(hq.writer, path, {"areas": [AREA]}).status_code == 422
    made = hq.well(hq.ask(hq.writer, path, {"areas": [AREA], "withdraw_at": until}))
    assert (len(made["made"]), made["doors"], made["without_area"]) == (2, 20, 0)
    number = made["made"][0]
    assert hq.ask(hq.writer, f"{DOORS}/{number}/handed", {"team": ""}).status_code == 422
    handed = hq.well(hq.ask(hq.writer, f"{DOORS}/{number}/handed", {"team": "消防団1"}))
    assert (handed["team"], handed["words"]) == ("消防団1", "渡した")
    twice = hq.ask(hq.approver, f"{DOORS}/{number}/handed", {"team": "消防団2"})
    assert (twice.status_code, "消防団1" in twice.json()["detail"]) == (409, True)
    label = night.opened(number)[0]["label"]
    said = {"label": label.replace("-", "ー").lower(), "outcome": "spoke"}
    told = hq.well(hq.ask(night.welfare, f"{DOORS}/{number}/calls", said))
    assert (told["spoken"], told["words"]) == (1, "進行")
    field = signed_in(night.engine, Role.FIELD)
    assert hq.ask(field, f"{DOORS}/{number}/calls", said).status_code == 403
    assert hq.well(hq.ask(hq.writer, f"{DOORS}/{number}/back"))["words"] == "帰着"
    assert night.opened(number)[0]["words"] == "話した"


def test_what_the_team_dictates_after_it_came_back_counts(night: DoorNight) -> None:
    number = night.make().lists[0]
    night.hand(number)
    doorreturns.back(night.engine, night.hq.writer.caller, number, now=night.now)
    label = night.opened(number)[0]["label"]
    call(night.engine, night.hq.writer.caller, number, label, DoorOutcome.SPOKE, now=night.now)
    assert night.ledger()["confirmed"] == 1
