"""What expires at its carrier: told with each batch, settled where it is over."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from alerts.channels.validity import OVER
from alerts.kinds import ChannelKind
from data.database import transaction
from data.delivery import carriers
from tests.integration.outbox import Counting, Outbox


@pytest.fixture
def outbox(engine: Engine, tmp_path: Path) -> Outbox:
    return Outbox(engine, tmp_path)


@pytest.mark.parametrize("channel", list(ChannelKind))
def test_a_carrier_is_told_when_the_message_is_over(outbox: Outbox, channel: ChannelKind) -> None:
    outbox.register(60, channel)
    outbox.approve(lasts_s=900)
    over = outbox.now + timedelta(seconds=900)
    outbox.expand()
    carrier = Counting(channel)
    outbox.work_off(outbox.slot(carrier))
    assert {batch.expires_at for batch in carrier.batches} == {over}


def test_what_was_over_at_its_carrier_is_settled_and_blames_no_carrier(outbox: Outbox) -> None:
    outbox.register(60, ChannelKind.SMS)
    revision = outbox.approve(lasts_s=900)
    outbox.expand()
    sms = Counting(ChannelKind.SMS, fates=[OVER] * 2)
    slot = outbox.slot(sms)
    outbox.work_off(slot)
    outbox.pass_time(120)
    assert outbox.work_off(slot) == 0
    assert outbox.counts(revision) == {"sms": {"refused": 60}}
    with transaction(outbox.engine, latest=True) as connection:
        (state,) = carriers.list_states(connection)
    assert (state.failures, state.shut_until) == (0, None)
