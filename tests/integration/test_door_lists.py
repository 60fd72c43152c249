"""Lists of doors: of whom no other way reaches, opened by the welfare role alone."""

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from alerts.doors import SPOKEN, DoorOutcome
from alerts.errors import NotFit, NotYours, WrongStep
from alerts.kinds import ChannelKind
from alerts.scripts.voice import LONGEST_S
from city.staff import Caller, Role
from data import tables
from data.database import transaction
from data.errors import NotThere
from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from operations.alerts import doorcalls, doorreturns, doors, voice
from operations.delivery.confirming import How, confirm
from operations.errors import Refused
from tests.integration.alerted import ALERTS, AREA, OTHER
from tests.integration.doored import FIRST, HOMES, DoorNight, M
from tests.integration.outbox import Counting, Outbox, everything
from tests.integration.staffed import signed_in

DOORS = "/api/v1/headquarters/doors"
LINE, SMS = ChannelKind.LINE, ChannelKind.SMS


def doors_of(night: DoorNight) -> list[int]:
    rows = night.hq.database.rows("SELECT unnest(households) FROM door_list")
    return sorted(row[0] for row in rows)


def test_everybody_whom_no_way_reaches_stands_on_one_list_of_their_han(night: DoorNight) -> None:
    made = night.make()
    lists = list(night.board().values())
    assert [(one["area"], one["han"], one["doors"]) for one in lists] == [
        (AREA, 1, 10),
        (AREA, 2, 10),
        (OTHER, 1, 1),
    ]
    assert made.doors == night.ledger()["broadcast_only"] == HOMES + 1
    assert doors_of(night) == list(range(FIRST, FIRST + HOMES + 1))
    assert {one["state"] for one in lists} == {"waiting"}
    assert night.make().lists == ()


def test_who_was_reached_or_is_still_followed_is_on_no_list(
    night: DoorNight, tmp_path: Path
) -> None:
    code = night.hq.database.one("SELECT code FROM city_load WHERE current")
    outbox = Outbox(night.engine, tmp_path, night.now, code)
    taps = outbox.register(1, LINE, SMS, area=AREA, household=FIRST)[0]
    outbox.register(1, LINE, area=AREA, household=FIRST + 1)
    outbox.register(1, LINE, SMS, area=AREA, household=FIRST + 2)
    outbox.register(1, SMS, area=AREA, household=FIRST + 3)
    night.update(areas=[AREA, OTHER])
    outbox.now = night.now
    outbox.work_off(outbox.slot(Counting(LINE, remembers_s=86400)))
    with transaction(night.engine, latest=True) as connection:
        confirm(connection, taps, How.TAP, night.now, shown=everything(connection))
    assert night.ledger() == {
        "confirmed": 1,
        "taken": 1,
        "followed": 2,
        "broadcast_only": HOMES - 3,
        "unreached": 0,
    }
    everybody = set(range(FIRST, FIRST + HOMES + 1))
    # Each way of those who are followed has ten minutes, from when it is due.
    for minutes, left_out in ((0, 4), (11, 3), (10, 2)):
        night.now += minutes * M
        night.make()
        assert everybody - set(doors_of(night)) == set(range(FIRST, FIRST + left_out))
    found = night.ledger()
    assert len(doors_of(night)) == sum(found[one] for one in ("followed", "broadcast_only"))
    # Whose message LINE took, and nobody confirmed in its time: where headquarters says so.
    assert night.make(taken=True).doors == found["taken"] == 1
    assert everybody - set(doors_of(night)) == {FIRST}
    made = [details["taken"] for _, _, details in night.log("doors.made")]
    assert sorted(made) == [False, False, False, True]


def test_more_lists_than_anybody_can_hand_out_are_not_made(
    night: DoorNight, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "MOST_LISTS", 2)
    with pytest.raises(NotFit, match="区域を選んで"):
        night.make()
    assert len(night.make(areas=[AREA]).lists) == 2


def test_a_home_is_called_on_again_once_the_first_team_is_back(night: DoorNight) -> None:
    first = night.make(areas=[AREA]).lists[0]
    night.hand(first)
    door = night.opened(first)[0]["label"]
    doorcalls.call(
        night.engine, night.welfare.caller, first, door, DoorOutcome.SPOKE, now=night.now
    )
    assert night.make(areas=[AREA]).lists == ()
    doorreturns.back(night.engine, night.hq.writer.caller, first, now=night.now)
    assert night.make(areas=[AREA]).doors == 9


def test_the_board_knows_no_door_and_the_audit_log_no_household(night: DoorNight) -> None:
    made = night.make()
    night.hand(made.lists[0])
    door = night.opened(made.lists[0])[0]
    said = night.hq.ask(
        night.hq.writer,
        f"{DOORS}/{made.lists[0]}/calls",
        {"label": door["label"], "outcome": "needs_lift"},
    )
    told = night.hq.get(f"{ALERTS}/{night.number}/doors")
    assert said.json()["lifts"] == 1
    for shown in (str(told), str(night.live()), said.text, str(night.log("door.called"))):
        assert door["label"] not in shown
        assert str(FIRST) not in shown
        assert str(door["lat"])[:8] not in shown


def test_rule_18_nobody_without_the_welfare_role_opens_a_list_and_an_opening_is_recorded(
    night: DoorNight,
) -> None:
    made = night.make()
    path = f"{DOORS}/{made.lists[0]}"
    for role in sorted(set(Role) - {Role.WELFARE, Role.RESIDENT}):
        assert night.hq.ask(signed_in(night.engine, role), path, method="GET").status_code == 403
    with pytest.raises(NotYours):
        doorcalls.open_list(night.engine, night.hq.approver.caller, made.lists[0])
    assert night.log("doors.opened") == []
    assert [entry[1] for entry in night.log("doors.refused")] == [str(made.lists[0])]
    opened = night.hq.well(night.hq.ask(night.welfare, path, method="GET"))
    assert len(opened["doors"]) == 10
    assert [entry[:2] for entry in night.log("doors.opened")] == [
        (night.welfare.caller.actor, str(made.lists[0]))
    ]


def test_a_list_shows_what_those_who_registered_there_need(
    night: DoorNight, tmp_path: Path
) -> None:
    code = night.hq.database.one("SELECT code FROM city_load WHERE current")
    Outbox(night.engine, tmp_path, night.now, code).register(1, LINE, household=FIRST)
    night.hq.database.rows("UPDATE recipient SET needs = '{hearing,wheelchair}' RETURNING 1")
    made = night.make(areas=[AREA])
    needs = [door["needs"] for number in made.lists for door in night.opened(number)]
    assert sorted(needs)[-1] == ["hearing", "wheelchair"]
    assert sum(map(bool, needs)) == 1


def test_a_door_where_somebody_was_spoken_with_is_reached(night: DoorNight) -> None:
    number = night.make(areas=[AREA]).lists[0]
    night.hand(number)
    labels = [door["label"] for door in night.opened(number)]
    for label, outcome in zip(labels, DoorOutcome, strict=False):
        for _ in range(2):
            doorcalls.call(
                night.engine, night.welfare.caller, number, label, outcome, now=night.now
            )
    line, spoken = night.board()[number], len(SPOKEN)
    assert (line["called"], line["spoken"], line["lifts"]) == (len(DoorOutcome), spoken, 1)
    assert night.ledger()["confirmed"] == spoken
    assert night.hq.database.one("SELECT count(*) FROM confirmation WHERE how = 'door'") == spoken
    told = [door["outcome"] for door in night.opened(number)]
    assert told == [*DoorOutcome, *[None] * (len(labels) - len(DoorOutcome))]
    assert night.hq.database.one("SELECT count(*) FROM door_call") == 2 * len(DoorOutcome)


def test_a_door_of_an_earlier_revision_says_nothing_of_the_next(night: DoorNight) -> None:
    number, before = night.make(areas=[AREA]).lists[0], night.number
    night.hand(number)
    label = night.opened(number)[0]["label"]
    night.update(areas=[AREA, OTHER], reason="水が、さらに増えています。")
    doorcalls.call(
        night.engine, night.welfare.caller, number, label, DoorOutcome.SPOKE, now=night.now
    )
    assert (night.ledger(before)["confirmed"], night.ledger()["confirmed"]) == (1, 0)
    assert number in night.board()


def test_what_is_told_of_a_strange_door_or_of_a_list_at_rest_is_refused(night: DoorNight) -> None:
    number = night.make(areas=[AREA]).lists[0]
    label, by = night.opened(number)[0]["label"], night.welfare.caller
    with pytest.raises(WrongStep):
        doorcalls.call(night.engine, by, number, label, DoorOutcome.SPOKE, now=night.now)
    night.hand(number)
    with pytest.raises(NotThere):
        doorcalls.call(night.engine, by, number, "Z9-99", DoorOutcome.SPOKE, now=night.now)
    assert night.ledger()["confirmed"] == 0


def test_rule_13_no_list_is_made_or_handed_with_another_withdrawal(night: DoorNight) -> None:
    number = night.make(areas=[OTHER]).lists[0]
    for minutes, words in ((0, "今より後"), (-5, "今より後"), (181, "3 時間以内")):
        with pytest.raises(NotFit, match=words):
            night.make(minutes)
        with pytest.raises(NotFit, match=words):
            night.hand(number, withdraw_at=night.now + minutes * M)
    assert night.states() == {number: "waiting"}


def test_rule_13_a_list_without_a_withdrawal_cannot_be_stored(night: DoorNight) -> None:
    number = night.make().lists[0]
    with (
        pytest.raises(IntegrityError, match="withdraw_at"),
        transaction(night.engine) as connection,
    ):
        connection.execute(tables.door_list.update().values(withdraw_at=None))
    night.now += 61 * M
    with pytest.raises(NotFit, match="今より後"):
        night.hand(number)
    assert night.log("doors.handed") == []


def test_rule_13_no_list_is_made_or_handed_where_level_5_stands(night: DoorNight) -> None:
    number = night.make(areas=[AREA]).lists[0]
    changes.set_level(night.engine, HazardKind.FLOOD, AlertLevel.SECURE_NOW, areas=[AREA])
    with pytest.raises(NotFit, match="レベル5"):
        night.hand(number)
    with pytest.raises(NotFit, match="レベル5"):
        night.make(areas=[AREA])
    made = night.make()
    assert (made.level_5_areas, made.doors) == ((AREA,), 1)
    assert [night.board()[one]["area"] for one in made.lists] == [OTHER]


def test_rule_13_no_list_is_made_of_a_level_5_alert(night: DoorNight) -> None:
    night.send(level=5)
    with pytest.raises(NotFit, match="レベル5"):
        night.make()


def test_two_officers_hand_a_list_and_one_team_goes(night: DoorNight) -> None:
    number = night.make().lists[0]
    ready, found = threading.Barrier(2), []

    def hand(team: str) -> None:
        ready.wait()
        try:
            night.hand(number, team)
        except WrongStep as refused:
            found.append(str(refused))

    threads = [threading.Thread(target=hand, args=(team,)) for team in ("消防団1", "消防団2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    team = night.board()[number]["team"]
    assert len(found) == 1
    assert team in found[0]
    assert len(night.log("doors.handed")) == 1


def test_lists_of_words_that_are_no_longer_told_are_not_handed(night: DoorNight) -> None:
    number = night.make(areas=[AREA]).lists[0]
    night.update(areas=[AREA, OTHER])
    with pytest.raises(NotFit, match="最新の版"):
        night.hand(number)
    newer = night.make(areas=[OTHER]).lists[0]
    night.now += timedelta(hours=25)
    with pytest.raises(NotFit, match="終わりました"):
        night.hand(newer, withdraw_at=night.now + M)


def test_a_list_is_only_of_an_order_that_stands(night: DoorNight) -> None:
    night.update(step="all_clear", areas=[], same_area=True, reason="水が引きました。")
    with pytest.raises(NotFit, match="出ている避難情報だけ"):
        night.make()


def test_before_recipients_are_found_nobody_is_sent_to_all_doors(night: DoorNight) -> None:
    night.hq.database.rows("UPDATE alert_revision SET expanded_at = NULL RETURNING 1")
    with pytest.raises(NotFit, match="宛先"):
        night.make()


def test_after_another_load_the_numbers_of_a_list_are_nobodys(night: DoorNight) -> None:
    number = night.make().lists[0]
    night.hq.database.rows("UPDATE door_list SET load_id = load_id - 1 RETURNING 1")
    with pytest.raises(Refused, match="作り直して"):
        doorcalls.open_list(night.engine, night.welfare.caller, number)
    with pytest.raises(Refused, match="作り直して"):
        night.hand(number)


def test_the_phone_desk_reads_the_approved_words_and_notes_who_answered(night: DoorNight) -> None:
    alert, phone = night.shown["alert"], signed_in(night.engine, Role.PHONE)
    script: dict[str, Any] = night.hq.well(
        night.hq.ask(phone, f"/api/v1/phone/alerts/{alert}/voice", method="GET")
    )
    assert script["number"] == night.number
    assert script["seconds"] <= LONGEST_S
    by: Caller = phone.caller
    for household, answered in ((FIRST, True), (FIRST + 1, False)):
        voice.note_call(night.engine, by, alert, household, answered, now=night.now)
    assert night.ledger()["confirmed"] == 1
    assert [entry[2]["answered"] for entry in night.log("voice.called")] == [True, False]
    with pytest.raises(NotThere):
        voice.note_call(night.engine, by, alert, 1, True, now=night.now)
    unknown = {"label": "ない-01", "answered": True}
    refused = night.hq.ask(phone, f"/api/v1/phone/alerts/{alert}/answered", unknown)
    assert refused.status_code == 404
