"""Who registers while an alert is in force is told of it, once."""

from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy import text as sql

from alerts.delivery import FallbackClock
from alerts.kinds import ChannelKind, Status
from data.database import transaction
from data.delivery import slices
from operations.delivery.expanding import expand_next
from operations.delivery.latecomers import tell_latecomer
from tests.integration.outbox import Counting, Outbox

SMS = ChannelKind.SMS


@pytest.fixture
def outbox(engine: Engine, tmp_path: Path) -> Outbox:
    return Outbox(engine, tmp_path)


def expand(outbox: Outbox) -> None:
    while expand_next(outbox.engine, FallbackClock(), outbox.now):
        pass


def late(outbox: Outbox, number: int) -> int:
    with transaction(outbox.engine, latest=True) as connection:
        return tell_latecomer(connection, number, FallbackClock(), outbox.now)


def test_whoever_comes_after_the_expansion_is_told_once(outbox: Outbox) -> None:
    outbox.register(1, SMS)
    outbox.approve()
    expand(outbox)
    (number,) = outbox.register(1, SMS)
    assert late(outbox, number) == 1
    assert late(outbox, number) == 0
    sms = Counting(SMS)
    outbox.work_off(outbox.slot(sms))
    assert sms.taken[number] == 1


@pytest.mark.parametrize("why", ["elsewhere", "a drill", "stopped", "expired", "told already"])
def test_whom_it_does_not_concern_is_told_nothing(outbox: Outbox, why: str) -> None:
    known = outbox.register(1, SMS)[0]
    outbox.approve(lasts_s=600)
    expand(outbox)
    area = "澪北一丁目" if why == "elsewhere" else "渡場一丁目"
    status = Status.EXERCISE if why == "a drill" else Status.ACTUAL
    (number,) = outbox.register(1, SMS, area=area, status=status)
    if why == "stopped":
        with transaction(outbox.engine, latest=True) as connection:
            connection.execute(sql("UPDATE alert_revision SET stopped_at = now()"))
    if why == "expired":
        outbox.pass_time(600)
    assert late(outbox, known if why == "told already" else number) == 0


def test_whom_the_expansion_will_reach_is_left_to_it(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slices, "FIRST_SLICE", 1)
    numbers = outbox.register(2, SMS)
    revision = outbox.approve()
    assert expand_next(outbox.engine, FallbackClock(), outbox.now)
    assert late(outbox, numbers[1]) == 0
    expand(outbox)
    assert outbox.counts(revision) == {"sms": {"queued": 2}}
