"""An untested channel is red: canaries, their rate, and what headquarters reads of them."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from alerts.channels.port import Fate
from alerts.kinds import ChannelKind
from data.database import transaction
from data.delivery import carriers
from operations.alerts.board import channel_line
from operations.delivery.canary import sing_if_due
from tests.integration.outbox import Counting, Outbox

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
    return sing_if_due(outbox.engine, carrier, ADDRESS, outbox.clock)


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


def test_a_canary_is_neither_an_alert_nor_a_drill(outbox: Outbox) -> None:
    sms = Counting(ChannelKind.SMS)
    sing(outbox, sms)
    text = sms.batches[0].message["text"]
    assert "回線の確認" in text
    for word in ("警戒レベル", "避難", "訓練", "発令"):
        assert word not in text
