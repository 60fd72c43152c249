"""One who cannot be reached stops nobody else, and gets the next way."""

import logging
from pathlib import Path

import pytest
from sqlalchemy import Engine

from alerts.channels.port import Fate, Handed
from alerts.channels.receipt import Receipt, ReceiptState
from alerts.kinds import ChannelKind
from data.database import transaction
from data.sealingkeys import locked, replace_keys, with_another
from operations.delivery.handing import hand_over_next
from operations.delivery.receipts import take_receipt
from tests.integration.outbox import Counting, Outbox

LINE, SMS, MAIL = ChannelKind.LINE, ChannelKind.SMS, ChannelKind.MAIL


@pytest.fixture
def outbox(engine: Engine, tmp_path: Path) -> Outbox:
    return Outbox(engine, tmp_path)


@pytest.mark.parametrize(("channel", "remembers_s"), [(LINE, 86400.0), (SMS, 0.0)])
def test_an_address_that_cannot_be_opened_stops_nobody_else(
    outbox: Outbox, channel: ChannelKind, remembers_s: float
) -> None:
    broken, *others = outbox.register(120, channel, MAIL)
    revision = outbox.approve(level=4)
    outbox.expand()
    outbox.execute(
        "UPDATE recipient_address SET sealed = :sealed"
        " WHERE recipient_id = :id AND channel = :channel",
        **{"sealed": b"x" * 40, "id": broken, "channel": str(channel)},
    )
    carrier, mail = Counting(channel, remembers_s=remembers_s), Counting(MAIL)
    outbox.work_off(outbox.slot(carrier))
    outbox.work_off(outbox.slot(mail))
    assert carrier.taken == dict.fromkeys(others, 1)
    assert outbox.counts(revision)[str(channel)] == {"accepted": 119, "refused": 1}
    assert mail.taken == {broken: 1}


def test_a_chunk_whose_key_is_not_here_is_left_to_a_worker_that_has_it(
    outbox: Outbox, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = outbox.sealer.path
    before = path.read_bytes()
    with locked(path) as keys:
        replace_keys(path, with_another(keys))
    outbox.register(60, SMS)
    (tmp_path / "there").mkdir()
    there = Outbox(outbox.engine, tmp_path / "there", outbox.now)
    there.sealer.path.write_bytes(path.read_bytes())
    path.write_bytes(before)
    outbox.sealer = type(outbox.sealer)(path)
    revision = outbox.approve()
    outbox.expand()
    sms = Counting(SMS)
    slot = outbox.slot(sms)
    with caplog.at_level(logging.ERROR):
        assert hand_over_next(slot)
        outbox.pass_time(10)
        assert hand_over_next(slot)
    assert [one.message for one in caplog.records] == [
        "key 2 is missing here: copy the file of keys to this machine"
    ]
    assert outbox.counts(revision) == {"sms": {"queued": 60}}, "neither refused nor perhaps"
    there.now = outbox.now
    has_it = there.slot(sms, worker="there")
    assert not hand_over_next(has_it), "put back for some seconds"
    there.pass_time(6)
    there.work_off(has_it)
    assert outbox.counts(revision) == {"sms": {"accepted": 60}}


def test_who_left_between_two_tries_of_line_is_settled(outbox: Outbox) -> None:
    leaves, stays = outbox.register(2, LINE)
    revision = outbox.approve()
    outbox.expand()
    line = Counting(LINE, remembers_s=86400, fates=[Fate.UNKNOWN])
    slot = outbox.slot(line)
    outbox.work_off(slot)
    outbox.execute("DELETE FROM recipient_address WHERE recipient_id = :id", id=leaves)
    outbox.pass_time(120)
    outbox.work_off(slot)
    assert line.taken == {stays: 1}
    assert outbox.counts(revision) == {"line": {"accepted": 1, "refused": 1}}


def receive(outbox: Outbox, state: ReceiptState) -> bool:
    with transaction(outbox.engine, latest=True) as connection:
        return take_receipt(connection, "sms-test", Receipt("one", state, outbox.now), outbox.now)


@pytest.mark.parametrize("state", [ReceiptState.FAILED, ReceiptState.EXPIRED])
def test_a_receipt_that_says_not_delivered_brings_the_next_way_once(
    outbox: Outbox, state: ReceiptState
) -> None:
    (person,) = outbox.register(1, SMS, MAIL, LINE)
    outbox.approve(level=4)
    outbox.expand()
    sms = Counting(SMS, fates=[Handed(Fate.ACCEPTED, reference="one")])
    mail, line = Counting(MAIL), Counting(LINE, remembers_s=86400)
    slots = [outbox.slot(one) for one in (sms, mail, line)]
    outbox.work_off(*slots)
    assert mail.taken == {}
    assert receive(outbox, state)
    outbox.work_off(*slots)
    assert receive(outbox, state), "a carrier may say it twice"
    outbox.work_off(*slots)
    assert (mail.taken, line.taken) == ({person: 1}, {}), "the last way still waits"


def test_a_receipt_that_says_delivered_brings_no_other_way(outbox: Outbox) -> None:
    outbox.register(1, SMS, MAIL)
    revision = outbox.approve(level=4)
    outbox.expand()
    sms = Counting(SMS, fates=[Handed(Fate.ACCEPTED, reference="one")])
    mail = Counting(MAIL)
    outbox.work_off(outbox.slot(sms))
    assert receive(outbox, ReceiptState.DELIVERED)
    assert receive(outbox, ReceiptState.FAILED)
    outbox.work_off(outbox.slot(mail))
    assert mail.taken == {}
    assert outbox.counts(revision)["sms"] == {"delivered": 1}


def test_the_next_way_may_be_any_later_one(outbox: Outbox) -> None:
    (person,) = outbox.register(1, LINE, SMS, MAIL)
    outbox.execute("UPDATE recipient_address SET blocked_at = now() WHERE channel = 'sms'")
    outbox.approve(level=4)
    outbox.expand()
    line, mail = Counting(LINE, remembers_s=86400, fates=[Fate.REFUSED]), Counting(MAIL)
    outbox.work_off(outbox.slot(line))
    outbox.work_off(outbox.slot(mail))
    assert mail.taken == {person: 1}
