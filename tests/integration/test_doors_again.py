"""Homes that are called on again: what was pressed by mistake, old lists, and who never tapped."""

from pathlib import Path

from alerts.doors import DoorOutcome
from alerts.kinds import ChannelKind
from operations.alerts import doorcalls, doorreturns, voice
from tests.integration.alerted import ALERTS, AREA, OTHER
from tests.integration.doored import FIRST, HOMES, DoorNight, M
from tests.integration.outbox import Counting, Outbox

LINE = ChannelKind.LINE


def confirmed(night: DoorNight) -> int:
    return night.ledger()["confirmed"]


def test_a_wrong_press_is_taken_back_and_the_home_is_called_on_again(night: DoorNight) -> None:
    first, by = night.make(areas=[OTHER]).lists[0], night.welfare.caller
    night.hand(first)
    label = night.opened(first)[0]["label"]
    said = []
    for outcome in (DoorOutcome.SPOKE, DoorOutcome.REFUSES, DoorOutcome.ABSENT, DoorOutcome.ABSENT):
        doorcalls.call(night.engine, by, first, label, outcome, now=night.now)
        said.append((confirmed(night), night.board()[first]["spoken"]))
    assert said == [(1, 1), (1, 1), (0, 0), (0, 0)]
    taken_back = [details.get("taken_back") for _, _, details in night.log("door.called")]
    assert sorted(taken_back, key=bool) == [None, None, None, True]
    doorreturns.back(night.engine, night.hq.writer.caller, first, now=night.now)
    assert night.make(areas=[OTHER]).doors == 1


def test_what_another_list_or_another_way_says_of_a_door_stays(night: DoorNight) -> None:
    lists, by = [], night.welfare.caller
    for _ in range(2):
        lists.append(night.make(areas=[OTHER]).lists[0])
        night.hand(lists[-1])
        doorreturns.back(night.engine, night.hq.writer.caller, lists[-1], now=night.now)
    label = night.opened(lists[0])[0]["label"]

    def call(number: int, outcome: DoorOutcome) -> int:
        doorcalls.call(night.engine, by, number, label, outcome, now=night.now)
        return confirmed(night)

    assert [call(number, DoorOutcome.SPOKE) for number in lists] == [1, 1]
    assert [call(number, DoorOutcome.ABSENT) for number in lists] == [1, 0]
    alert = night.shown["alert"]
    voice.note_call(night.engine, by, alert, FIRST + HOMES, True, now=night.now)
    assert call(lists[0], DoorOutcome.SPOKE) == 1
    assert call(lists[0], DoorOutcome.ABSENT) == 1


def test_what_is_taken_back_of_an_earlier_revision_says_nothing_of_the_next(
    night: DoorNight,
) -> None:
    old, before, by = night.make(areas=[OTHER]).lists[0], night.number, night.welfare.caller
    night.hand(old)
    label = night.opened(old)[0]["label"]
    doorcalls.call(night.engine, by, old, label, DoorOutcome.SPOKE, now=night.now)
    doorreturns.back(night.engine, night.hq.writer.caller, old, now=night.now)
    night.update(areas=[AREA, OTHER])
    new = night.make(areas=[OTHER]).lists[0]
    night.hand(new)
    doorcalls.call(night.engine, by, new, label, DoorOutcome.SPOKE, now=night.now)
    doorcalls.call(night.engine, by, old, label, DoorOutcome.ABSENT, now=night.now)
    assert (night.ledger(before)["confirmed"], confirmed(night)) == (1, 1)
    doorcalls.call(night.engine, by, new, label, DoorOutcome.ABSENT, now=night.now)
    assert (night.ledger(before)["confirmed"], confirmed(night)) == (0, 0)


def test_homes_of_a_list_that_nobody_took_are_called_on_by_the_next_revision(
    night: DoorNight,
) -> None:
    taken, left, elsewhere = night.make().lists
    night.hand(taken)
    doorreturns.overdue(night.engine, night.now)
    assert night.live()["waiting"] == 2
    night.update(areas=[AREA, OTHER])
    doorreturns.overdue(night.engine, night.now)
    assert night.live()["waiting"] == 0
    made = night.make()
    assert (len(made.lists), made.doors) == (2, HOMES // 2 + 1)
    assert set(night.board()) == {taken, *made.lists}
    assert not {left, elsewhere} & set(night.board())
    assert night.live()["waiting"] == 2
    assert night.make().lists == ()


def test_whose_message_was_taken_a_moment_ago_is_called_on_only_after_its_time(
    night: DoorNight, tmp_path: Path
) -> None:
    code = night.hq.database.one("SELECT code FROM city_load WHERE current")
    outbox = Outbox(night.engine, tmp_path, night.now, code)
    outbox.register(1, LINE, area=OTHER, household=FIRST + HOMES)
    night.update(areas=[AREA, OTHER])
    outbox.now = night.now
    outbox.work_off(outbox.slot(Counting(LINE, remembers_s=86400)))
    path = f"{ALERTS}/{night.number}/doors"
    body = {"areas": [OTHER], "withdraw_at": (night.now + 30 * M).isoformat()}
    assert night.make(areas=[OTHER], taken=True).doors == 0
    night.hq.database.rows(
        "UPDATE alert_chunk SET ready_at = ready_at - interval '11 minutes',"
        " first_tried_at = first_tried_at - interval '11 minutes' RETURNING 1"
    )
    made = [
        night.hq.well(night.hq.ask(night.hq.writer, path, body | given))["doors"]
        for given in ({}, {"taken": False}, {"taken": True})
    ]
    assert made == [0, 0, 1]
