"""What is most urgent goes first wherever there is a queue; what was stopped meanwhile stays."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from alerts.delivery import FallbackClock, lane_of
from alerts.kinds import AlertKind, ChannelKind, Status
from data.database import transaction
from data.delivery import carriers, slices
from hazards.kinds import AlertLevel
from operations.delivery.expanding import expand_next
from operations.delivery.handing import hand_over_next
from tests.integration.outbox import Counting, Outbox

LINE, SMS, MAIL = ChannelKind.LINE, ChannelKind.SMS, ChannelKind.MAIL


@pytest.fixture
def outbox(engine: Engine, tmp_path: Path) -> Outbox:
    return Outbox(engine, tmp_path)


def test_a_level_5_is_expanded_before_what_was_approved_earlier(outbox: Outbox) -> None:
    outbox.register(1, SMS)
    outbox.register(1, SMS, status=Status.EXERCISE)
    outbox.approve(level=5, status=Status.EXERCISE)
    outbox.approve(level=3)
    outbox.pass_time(60)
    later = outbox.approve(level=5)
    assert expand_next(outbox.engine, FallbackClock(), outbox.now)
    assert outbox.counts(later) == {"sms": {"queued": 1}}


@pytest.mark.parametrize("status", sorted(Status))
@pytest.mark.parametrize("kind", sorted(AlertKind))
def test_lanes_in_the_database_are_those_of_the_rules(
    outbox: Outbox, status: Status, kind: AlertKind
) -> None:
    """Beside one of each lane, approved earlier, it is expanded in its place."""
    ranked = []
    for level in (None, 3, 4, 5):
        outbox.pass_time(1)
        number = outbox.approve(status=status)
        outbox.execute(
            "UPDATE alert_revision SET level = :level WHERE id = :id", level=level, id=number
        )
        outbox.execute("UPDATE alert SET kind = :kind", kind=kind)
        lane = lane_of(status, kind, None if level is None else AlertLevel(level))
        ranked.append((lane, number))
    order = []
    for _ in ranked:
        with transaction(outbox.engine, latest=True) as connection:
            row = slices.next_to_expand(connection)
        assert row is not None
        order.append(row.id)
        outbox.execute("UPDATE alert_revision SET expanded_at = now() WHERE id = :id", id=row.id)
    assert order == [number for _, number in sorted(ranked)]


def test_a_worker_expands_its_own_status_alone(outbox: Outbox) -> None:
    outbox.register(1, SMS, status=Status.EXERCISE)
    drill = outbox.approve(status=Status.EXERCISE)
    clock = FallbackClock()
    assert not expand_next(outbox.engine, clock, outbox.now, status=Status.ACTUAL)
    assert outbox.counts(drill) == {}
    assert expand_next(outbox.engine, clock, outbox.now, status=Status.EXERCISE)


def test_a_level_5_does_not_wait_behind_turns_that_were_taken_ahead(outbox: Outbox) -> None:
    outbox.register(400, SMS)
    outbox.approve(level=3)
    outbox.expand()
    sms = Counting(SMS, letters_rate=10.0)
    slots = [outbox.slot(sms, worker=name) for name in ("one", "two", "three")]
    assert all(map(hand_over_next, slots)), "the first takes a turn, the others rest"
    began = outbox.now
    urgent = outbox.approve(level=5)
    outbox.expand()
    for slot in slots * 3:
        hand_over_next(slot)
    assert outbox.counts(urgent)["sms"]["accepted"] >= 50
    assert outbox.now - began < timedelta(seconds=12), "a call of 50 letters costs 5 s"


def test_a_turn_that_is_not_soon_is_not_taken(outbox: Outbox) -> None:
    outbox.slot(Counting(SMS))
    soon, cost = timedelta(seconds=1), timedelta(seconds=5)
    with transaction(outbox.engine, latest=True) as connection:
        turns = [
            carriers.take_turn(connection, "sms-test", cost, outbox.now, within=soon)
            for _ in range(3)
        ]
        assert carriers.free_in(connection, "sms-test", outbox.now) == cost
    assert turns == [outbox.now, None, None]


def test_every_letter_goes_out_at_a_slow_rate_and_is_no_perhaps(outbox: Outbox) -> None:
    people = outbox.register(130, SMS)
    revision = outbox.approve()
    outbox.expand()
    sms = Counting(SMS, letters_rate=10.0)
    began = outbox.now
    outbox.work_off(outbox.slot(sms), outbox.slot(sms, worker="two"))
    assert sms.taken == dict.fromkeys(people, 1)
    assert outbox.counts(revision) == {"sms": {"accepted": 130}}
    assert outbox.now - began >= timedelta(seconds=9.9)


def stop(outbox: Outbox) -> None:
    outbox.execute("UPDATE alert_revision SET stopped_at = now()")


def expire(outbox: Outbox) -> None:
    outbox.execute("UPDATE alert_revision SET expires_at = :now", now=outbox.now)


@pytest.mark.parametrize("ends", [stop, expire])
@pytest.mark.parametrize(("channel", "remembers_s"), [(LINE, 86400.0), (SMS, 0.0)])
def test_what_ends_while_a_slot_waits_for_its_turn_is_not_handed_over(
    outbox: Outbox, ends: Callable[[Outbox], None], channel: ChannelKind, remembers_s: float
) -> None:
    outbox.register(10, channel)
    revision = outbox.approve()
    outbox.expand()
    carrier = Counting(channel, remembers_s=remembers_s, rate=1.0)
    slot = outbox.slot(carrier)
    with transaction(outbox.engine, latest=True) as connection:
        busy = timedelta(seconds=0.9)
        carriers.take_turn(connection, carrier.credential, busy, outbox.now)

    def sleep(seconds: float) -> None:
        outbox.pass_time(seconds)
        ends(outbox)

    assert hand_over_next(replace(slot, sleep=sleep))
    assert carrier.batches == []
    assert outbox.counts(revision) == {str(channel): {"queued": 10}}
