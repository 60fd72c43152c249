"""Receipts after an outage: a heap of them is worked off beside everything else, bit by bit."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

from alerts.channels.receipt import Receipt, ReceiptState
from alerts.kinds import ChannelKind
from data.errors import NoDatabase
from operations.commands.deliver import CARRIERS, KEYS, deliver
from operations.delivery import receiving as module
from operations.delivery.receiving import AT_ONCE, WAITS, Receiving
from operations.delivery.worker import Worker
from tests.integration.databases import Database
from tests.integration.outbox import Outbox
from tests.integration.processes import wait_for

HEAP = 2 * AT_ONCE + 100
ROWS = (
    "INSERT INTO delivery SELECT 5, n, 2, 1, 2, false, 1, NULL, now() FROM"
    " generate_series(1, :heap) n"
)
REFERENCES = (
    "INSERT INTO carrier_reference SELECT 'city', 'SM' || n, 5, n, 2 FROM"
    " generate_series(1, :heap) n"
)
BY_TIME = "SELECT count(*) FROM delivery WHERE state = 3 GROUP BY changed_at ORDER BY changed_at"


@pytest.fixture
def outbox(engine: Engine, tmp_path: Path) -> Outbox:
    return Outbox(engine, tmp_path, datetime.now(UTC))


@pytest.fixture
def heap(outbox: Outbox) -> Receiving:
    """Receipts that all came while nobody could store one."""
    made = Receiving(outbox.engine)
    for number in range(1, HEAP + 1):
        made.take("city", Receipt(f"SM{number}", ReceiptState.DELIVERED, None))
    return made


def round_of(receiving: Receiving, outbox: Outbox) -> int:
    """Try until it says that all were tried; returns how often, a second apart."""
    times = 1
    while receiving.try_again(outbox.now):
        times += 1
        outbox.now += timedelta(seconds=1)
        assert times < 100, "it goes on for ever"
    return times


def test_a_heap_of_receipts_is_stored_bit_by_bit_each_with_its_own_time(
    outbox: Outbox, heap: Receiving, database: Database
) -> None:
    outbox.execute(ROWS, heap=HEAP)
    outbox.execute(REFERENCES, heap=HEAP)
    assert round_of(heap, outbox) == 3
    assert database.rows(BY_TIME) == [(AT_ONCE,), (AT_ONCE,), (HEAP - 2 * AT_ONCE,)]


def test_receipts_that_came_before_their_message_are_tried_once_a_round(
    outbox: Outbox, heap: Receiving, database: Database
) -> None:
    outbox.execute(ROWS, heap=HEAP)
    assert round_of(heap, outbox) == 3
    assert database.rows(BY_TIME) == []
    outbox.execute(REFERENCES, heap=HEAP)
    assert round_of(heap, outbox) == 3
    assert sum(count for (count,) in database.rows(BY_TIME)) == HEAP
    assert round_of(heap, outbox) == 1


def test_a_receipt_of_nobody_s_message_is_dropped_in_the_end(
    outbox: Outbox, heap: Receiving, database: Database
) -> None:
    outbox.now += WAITS + timedelta(seconds=1)
    round_of(heap, outbox)
    outbox.execute(ROWS, heap=HEAP)
    outbox.execute(REFERENCES, heap=HEAP)
    assert round_of(heap, outbox) == 1
    assert database.rows(BY_TIME) == []


def test_receipts_wait_while_the_database_is_away(
    outbox: Outbox, heap: Receiving, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox.execute(ROWS, heap=HEAP)
    outbox.execute(REFERENCES, heap=HEAP)

    def away(*_: object) -> bool:
        raise NoDatabase("away")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(module, "take_receipt", away)
        assert not heap.try_again(outbox.now), "it rests before it asks again"
    round_of(heap, outbox)
    assert sum(count for (count,) in database.rows(BY_TIME)) == HEAP


@contextmanager
def working(worker: Worker) -> Iterator[None]:
    """It works while the block runs."""
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        worker.engine.dispose()


def as_delivered(database: Database, folder: Path) -> tuple[Worker, Receiving]:
    """The worker that `nigemichi deliver` makes, and what takes its receipts."""
    workers: list[Worker] = []
    takers: list[Receiving] = []

    def made(engine: Engine) -> Receiving:
        takers.append(Receiving(engine))
        return takers[0]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("operations.delivery.receiving.Receiving", made)
        patched.setattr("operations.delivery.worker.Worker.run", lambda one, _: workers.append(one))
        patched.setattr("operations.commands.deliver.signal.signal", lambda *_: None)
        patched.setenv("DATABASE_URL", database.url)
        patched.setenv("NIGEMICHI_STATE", str(folder / "state"))
        patched.setenv(KEYS, str(folder / "keys.toml"))
        patched.delenv(CARRIERS, raising=False)
        ran = CliRunner().invoke(deliver, [], catch_exceptions=False)
    assert ran.exit_code == 0
    return workers[0], takers[0]


@contextmanager
def settling(outbox: Outbox, person: int) -> Iterator[Connection]:
    """Somebody settles a row of theirs while the block runs."""
    with outbox.engine.connect() as connection, connection.begin():
        query = "SELECT 1 FROM delivery WHERE recipient_id = :id FOR UPDATE"
        assert connection.execute(sql(query), {"id": person}).all()
        yield connection


def test_receipts_that_wait_hold_up_no_new_alert(outbox: Outbox, database: Database) -> None:
    (person,) = outbox.register(1, ChannelKind.SMS)
    first = outbox.approve()
    outbox.expand()
    outbox.execute(
        "INSERT INTO carrier_reference VALUES ('city', 'one', :first, :person, 2)",
        **{"first": first, "person": person},
    )
    worker, receiving = as_delivered(database, outbox.folder)
    blocked = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    rows = "SELECT count(*) FROM delivery"
    with working(worker), settling(outbox, person):
        receiving.take("city", Receipt("one", ReceiptState.DELIVERED, None))
        wait_for("the receipt waits for its row", lambda: database.one(blocked))
        outbox.register(3, ChannelKind.SMS, area="澪北一丁目")
        outbox.approve(areas=("澪北一丁目",))
        wait_for("the new alert is expanded", lambda: database.one(rows) == 4)
