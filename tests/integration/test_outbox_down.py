"""Carriers that are down, and those that are only asked too fast: whose next way waits."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from alerts.channels.port import Fate, Handed
from alerts.kinds import ChannelKind, Status
from data.database import transaction
from data.delivery import carriers
from tests.integration.outbox import Counting, Outbox

LINE, SMS, MAIL = ChannelKind.LINE, ChannelKind.SMS, ChannelKind.MAIL
TOO_FAST = Handed(Fate.NOT_TAKEN, why="429", wait_s=1.0, for_all=True, throttled=True)


@pytest.fixture
def outbox(engine: Engine, tmp_path: Path) -> Outbox:
    return Outbox(engine, tmp_path)


def failing(times: int = 3, name: str = "test") -> Counting:
    return Counting(LINE, remembers_s=86400, fates=[Fate.UNKNOWN] * times, name=name)


def fail(outbox: Outbox, carrier: Counting) -> None:
    """It is down, as other workers found."""
    outbox.slot(carrier)
    with transaction(outbox.engine, latest=True) as connection:
        for _ in range(5):
            carriers.note_failed(connection, carrier.credential, "told so", outbox.now)


def taken_by_sms(outbox: Outbox) -> dict[int, int]:
    sms = Counting(SMS)
    outbox.work_off(outbox.slot(sms))
    return sms.taken


def test_failures_are_counted_one_by_one(outbox: Outbox) -> None:
    outbox.slot(failing())
    with transaction(outbox.engine, latest=True) as connection:
        counted = [
            carriers.note_failed(connection, "line-test", "told so", outbox.now) for _ in range(3)
        ]
    assert counted == [1, 2, 3]


def test_a_failure_beyond_the_third_hurries_too(outbox: Outbox) -> None:
    people = outbox.register(3, LINE, SMS)
    outbox.approve(level=4)
    outbox.expand()
    line = failing(1)
    fail(outbox, line)
    assert taken_by_sms(outbox) == {}
    outbox.work_off(outbox.slot(line))
    assert taken_by_sms(outbox) == dict.fromkeys(people, 1)


def test_what_is_approved_while_a_carrier_is_down_does_not_wait_for_it(outbox: Outbox) -> None:
    people = outbox.register(3, LINE, SMS)
    waits = outbox.register(1, MAIL, SMS)
    fail(outbox, failing())
    revision = outbox.approve(level=4)
    outbox.expand()
    assert taken_by_sms(outbox) == dict.fromkeys(people, 1)
    assert outbox.counts(revision)["sms"] == {"accepted": 3, "queued": len(waits)}


def test_what_is_approved_waits_while_another_carrier_of_the_channel_works(
    outbox: Outbox,
) -> None:
    outbox.register(2, LINE, SMS)
    fail(outbox, failing())
    outbox.slot(failing(name="other"))
    outbox.approve(level=4)
    outbox.expand()
    assert taken_by_sms(outbox) == {}


def test_a_drill_s_carrier_that_works_hides_none_that_is_down(outbox: Outbox) -> None:
    people = outbox.register(2, LINE, SMS)
    fail(outbox, failing())
    outbox.slot(failing(name="drill"), status=Status.EXERCISE)
    outbox.approve(level=4)
    outbox.expand()
    assert taken_by_sms(outbox) == dict.fromkeys(people, 1)


def test_a_carrier_that_no_worker_has_any_more_hides_none_that_is_down(outbox: Outbox) -> None:
    people = outbox.register(2, LINE, SMS)
    outbox.slot(failing(name="of last year"))
    outbox.now += 2 * carriers.GONE
    fail(outbox, failing())
    outbox.approve(level=4)
    outbox.expand()
    assert taken_by_sms(outbox) == dict.fromkeys(people, 1)


def test_a_worker_that_comes_back_brings_its_carrier_with_it(outbox: Outbox) -> None:
    outbox.register(2, LINE, SMS)
    outbox.slot(failing())
    outbox.now += 2 * carriers.GONE
    outbox.slot(failing())
    outbox.approve(level=4)
    outbox.expand()
    assert taken_by_sms(outbox) == {}


def test_a_drill_whose_carrier_is_down_hurries_no_alert(outbox: Outbox) -> None:
    outbox.register(1, LINE, SMS)
    people = outbox.register(1, LINE, SMS, status=Status.EXERCISE)
    outbox.approve(level=4)
    outbox.approve(level=4, status=Status.EXERCISE)
    outbox.expand()
    line = failing(name="drill")
    slot = outbox.slot(line, status=Status.EXERCISE)
    for _ in range(3):
        outbox.work_off(slot)
        outbox.pass_time(20)
    assert not line.fates
    assert taken_by_sms(outbox) == {}
    sms = Counting(SMS)
    outbox.work_off(outbox.slot(sms, status=Status.EXERCISE))
    assert sms.taken == dict.fromkeys(people, 1)


def test_one_of_two_carriers_that_is_down_hurries_nobody(outbox: Outbox) -> None:
    outbox.register(1_500, LINE, SMS)
    outbox.approve(level=4)
    outbox.expand()
    line = failing()
    outbox.slot(failing(name="other"))
    outbox.work_off(outbox.slot(line))
    assert not line.fates
    assert taken_by_sms(outbox) == {}


def test_who_waits_for_another_channel_is_not_hurried(outbox: Outbox) -> None:
    outbox.register(1, MAIL, SMS)
    outbox.approve(level=4)
    outbox.register(1_500, LINE, area="澪北一丁目")
    outbox.approve(level=4, areas=("澪北一丁目",))
    outbox.expand()
    line = failing()
    outbox.work_off(outbox.slot(line))
    assert not line.fates
    assert taken_by_sms(outbox) == {}


def test_a_carrier_that_is_asked_too_fast_works_and_hurries_nobody(outbox: Outbox) -> None:
    people = outbox.register(2_000, LINE, SMS)
    revision = outbox.approve(level=4)
    outbox.expand()
    line = Counting(LINE, remembers_s=86400, fates=[TOO_FAST] * 4)
    slot = outbox.slot(line)
    outbox.work_off(slot)
    with transaction(outbox.engine, latest=True) as connection:
        (state,) = carriers.list_states(connection)
    assert (state.failures, state.shut_until) == (0, None)
    assert taken_by_sms(outbox) == {}
    outbox.pass_time(120)
    outbox.work_off(slot)
    assert line.taken == dict.fromkeys(people, 1)
    assert outbox.counts(revision)["line"] == {"accepted": 2_000}


def test_after_too_fast_nobody_asks_before_the_carrier_wants_it(outbox: Outbox) -> None:
    outbox.register(1_000, LINE)
    outbox.approve(level=4)
    outbox.expand()
    line = Counting(LINE, remembers_s=86400, fates=[TOO_FAST])
    slot, began = outbox.slot(line), outbox.now
    outbox.work_off(slot)
    assert len(line.batches) >= 2
    assert (outbox.now - began).total_seconds() >= 1.0


def test_a_carrier_that_sends_us_away_for_long_is_down_at_once(outbox: Outbox) -> None:
    people = outbox.register(2, LINE, SMS)
    outbox.approve(level=4)
    outbox.expand()
    monthly = Handed(Fate.NOT_TAKEN, why="429", wait_s=600.0, for_all=True)
    outbox.work_off(outbox.slot(Counting(LINE, remembers_s=86400, fates=[monthly])))
    assert taken_by_sms(outbox) == dict.fromkeys(people, 1)
