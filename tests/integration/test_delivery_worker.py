"""A worker with its threads: what hangs costs one slot, what fails ends none."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from alerts.channels.port import Batch, Handed
from alerts.kinds import ChannelKind, Status
from operations.delivery.opening import SealedAddresses
from operations.delivery.worker import Outlet, Worker
from tests.integration.outbox import Counting, Outbox
from tests.integration.processes import wait_for


@dataclass
class Hanging(Counting):
    """The first call never ends before the test lets it."""

    let_go: threading.Event = field(default_factory=threading.Event)
    hangs: threading.Lock = field(default_factory=threading.Lock)

    def hand_over(self, batch: Batch) -> list[Handed]:
        if self.hangs.acquire(blocking=False):
            self.let_go.wait(30)
        return list(super().hand_over(batch))


class Breaking(Counting):
    """The first call raises what no carrier should."""

    broken = False

    def hand_over(self, batch: Batch) -> list[Handed]:
        if not self.broken:
            self.broken = True
            raise RuntimeError("a carrier's own bug")
        return list(super().hand_over(batch))


@pytest.fixture
def outbox(engine: Engine, tmp_path: Path) -> Outbox:
    return Outbox(engine, tmp_path, datetime.now(UTC))


@contextmanager
def working(outbox: Outbox, *outlets: Outlet) -> Iterator[None]:
    """A worker while the block runs."""
    stop = threading.Event()
    opens = SealedAddresses(outbox.sealer)
    worker = Worker(outbox.engine, outlets, opens, Status.ACTUAL, "w")
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def test_a_carrier_that_hangs_costs_one_slot_and_no_other_channel(outbox: Outbox) -> None:
    outbox.register(2_000, ChannelKind.LINE, ChannelKind.MAIL)
    revision = outbox.approve(level=5)
    line = Hanging(ChannelKind.LINE, remembers_s=86400)
    mail = Counting(ChannelKind.MAIL)
    with working(outbox, Outlet(line, 2), Outlet(mail, 1)):
        wait_for("mail is done", lambda: len(mail.taken) == 2_000)
        wait_for("LINE is done but for one chunk", lambda: len(line.taken) == 1_500)
        line.let_go.set()
        wait_for("all of LINE", lambda: len(line.taken) == 2_000)
    assert set(line.taken.values()) == set(mail.taken.values()) == {1}
    assert outbox.counts(revision) == {way: {"accepted": 2_000} for way in ("line", "mail")}


def test_a_slot_goes_on_after_a_carriers_own_bug(outbox: Outbox) -> None:
    people = outbox.register(10, ChannelKind.LINE)
    outbox.approve(level=5)
    line = Breaking(ChannelKind.LINE, remembers_s=86400)
    with working(outbox, Outlet(line, 1)):
        wait_for("it is sent when its lease has ended", lambda: len(line.taken) == 10, 60)
    assert line.taken == dict.fromkeys(people, 1)


def test_stopping_a_worker_ends_its_threads(outbox: Outbox) -> None:
    before = threading.active_count()
    with working(outbox, Outlet(Counting(ChannelKind.SMS), 3)):
        time.sleep(0.1)
    assert threading.active_count() == before
