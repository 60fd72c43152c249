"""An untested channel is red: canaries, their rate, and what headquarters reads of them."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from alerts.channels.line import LineCarrier
from alerts.channels.port import Batch, Fate, Handed
from alerts.kinds import ChannelKind, Status
from data.database import transaction
from data.delivery import carriers
from operations.alerts.board import channel_line
from operations.delivery.canary import sing_if_due
from tests.integration.outbox import ADDRESSES, Counting, Outbox
from tests.peers.running import line_server

ADDRESS = "+817000000000"


@pytest.fixture
def outbox(engine: Engine, tmp_path: Path) -> Outbox:
    return Outbox(engine, tmp_path)


def works(outbox: Outbox) -> bool:
    """Whether headquarters reads that the only carrier works."""
    with transaction(outbox.engine) as connection:
        (row,) = carriers.list_states(connection)
    return bool(channel_line(row, outbox.now)["works"])


def sing(outbox: Outbox, carrier: Counting) -> bool | None:
    outbox.slot(carrier)
    return sing_if_due(outbox.engine, carrier, ADDRESS, outbox.clock, outbox.pass_time)


def test_a_channel_is_red_until_a_test_passed_and_again_when_none_passed_lately(
    outbox: Outbox,
) -> None:
    sms = Counting(ChannelKind.SMS)
    outbox.slot(sms)
    assert not works(outbox)
    assert sing(outbox, sms) is True
    assert works(outbox)
    outbox.pass_time(601)
    assert not works(outbox)


def test_a_channel_is_red_when_no_worker_has_it_any_more(outbox: Outbox) -> None:
    assert sing(outbox, Counting(ChannelKind.SMS)) is True
    outbox.now += 2 * carriers.GONE
    assert not works(outbox)


def test_headquarters_reads_how_many_letters_a_carrier_still_takes_this_month(
    outbox: Outbox,
) -> None:
    with line_server("--fast", "--quota", "3") as line:
        carrier = LineCarrier("line-bearer-of-the-tests", base_url=line.origin)
        with transaction(outbox.engine, latest=True) as connection:
            carriers.know(connection, "line", carrier.kind, Status.ACTUAL, outbox.now)
        user = ADDRESSES[ChannelKind.LINE].format(1)
        assert sing_if_due(outbox.engine, carrier, user, outbox.clock, outbox.pass_time)
        carrier.close()
    with transaction(outbox.engine) as connection:
        (row,) = carriers.list_states(connection)
    assert channel_line(row, outbox.now)["left"] == 2


def test_of_all_workers_one_tests_and_not_more_often_than_every_few_minutes(
    outbox: Outbox,
) -> None:
    sms = Counting(ChannelKind.SMS)
    assert sing(outbox, sms) is True
    assert sing(outbox, sms) is None
    outbox.pass_time(timedelta(minutes=3).total_seconds())
    assert sing(outbox, sms) is True
    assert len(sms.batches) == 2


def test_a_test_that_fails_says_why_and_leaves_the_last_one_that_passed(outbox: Outbox) -> None:
    sms = Counting(ChannelKind.SMS, fates=[Fate.ACCEPTED, Fate.UNKNOWN])
    assert sing(outbox, sms) is True
    outbox.pass_time(200)
    assert sing(outbox, sms) is False
    with transaction(outbox.engine) as connection:
        (row,) = carriers.list_states(connection)
    assert row.test_why == "told so"
    assert row.test_passed_at < row.tested_at


def test_a_channel_is_red_as_soon_as_its_newest_test_failed(outbox: Outbox) -> None:
    sms = Counting(ChannelKind.SMS, fates=[Fate.ACCEPTED, Handed(Fate.REFUSED), Fate.ACCEPTED])
    for passes in (True, False, True):
        assert sing(outbox, sms) is passes
        assert works(outbox) is passes
        outbox.pass_time(200)


def test_a_test_that_is_under_way_leaves_the_channel_as_it_is(outbox: Outbox) -> None:
    seen = []

    class Looking(Counting):
        def hand_over(self, batch: Batch) -> Sequence[Handed]:
            seen.append(works(outbox))
            return super().hand_over(batch)

    sms = Looking(ChannelKind.SMS)
    for _ in range(2):
        sing(outbox, sms)
        outbox.pass_time(200)
    assert seen == [False, True]


def test_a_test_takes_a_turn_of_the_rate(outbox: Outbox) -> None:
    sms = Counting(ChannelKind.SMS, rate=0.2)
    began = outbox.now
    assert sing(outbox, sms) is True
    with transaction(outbox.engine, latest=True) as connection:
        free_in = carriers.free_in(connection, sms.credential, began)
        assert free_in == timedelta(seconds=5)
        carriers.take_turn(connection, sms.credential, timedelta(minutes=4), began)
    outbox.pass_time(240)
    assert sing(outbox, sms) is True
    assert (outbox.now - began).total_seconds() == 245, "it waited for its turn"


def test_a_carrier_that_is_let_be_is_not_tested(outbox: Outbox) -> None:
    sms = Counting(ChannelKind.SMS)
    outbox.slot(sms)
    with transaction(outbox.engine, latest=True) as connection:
        carriers.let_be(connection, sms.credential, outbox.now + timedelta(seconds=30))
    assert sing(outbox, sms) is None
    assert sms.batches == []
    outbox.pass_time(30)
    assert sing(outbox, sms) is True


def test_a_canary_is_neither_an_alert_nor_a_drill(outbox: Outbox) -> None:
    sms = Counting(ChannelKind.SMS)
    sing(outbox, sms)
    text = sms.batches[0].message["text"]
    assert "回線の確認" in text
    for word in ("警戒レベル", "避難", "訓練", "発令"):
        assert word not in text
