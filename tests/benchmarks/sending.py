"""Sending: 600,000 people on three ways, from one approval to the carriers.

Everything is on loopback: LINE is the tests' peer, which counts; other ways are null carriers, that
take everything at once.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
from sqlalchemy import Engine
from sqlalchemy import text as sql

from alerts.delivery import FallbackClock
from alerts.kinds import ChannelKind
from data.database import connect, migrate, transaction
from data.recipientseed import Seeding, seed
from operations.delivery.expanding import expand_next
from tests.benchmarks.machine import busy
from tests.benchmarks.table import Table
from tests.integration.cluster import own_cluster
from tests.integration.outbox import CITY, Outbox
from tests.integration.processes import started
from tests.peers.controls import LineControl
from tests.peers.running import line_server

PEOPLE: Final = 600_000
APPROVALS: Final = 20
EXPAND_S, HAND_OFF_S, FIRST_S, STOP_S = (60.0, 15.0), (12.0, 8.0), (5.0, 2.0), (2.0, 0.5)
WORKED_OFF: Final = (20_000.0, 60_000.0)
ON: Final = "-c fsync=on -c synchronous_commit=on -c full_page_writes=on -c shared_buffers=1GB"
NULL: Final = """
[[carrier]]
status = "Actual"
kind = "null"
channel = "{kind}"
credential = "null-{kind}"
slots = 2
remembers_s = 86400.0
"""
LINE: Final = """
[[carrier]]
status = "Actual"
kind = "line"
credential = "line"
slots = 16
token = "line-bearer-of-the-tests"
base_url = "{origin}"
"""
BARE: Final = """
WITH next AS (SELECT id FROM alert_chunk WHERE done_at IS NULL ORDER BY id
    FOR UPDATE SKIP LOCKED LIMIT 1),
done AS (UPDATE alert_chunk c SET done_at = now() FROM next WHERE c.id = next.id RETURNING c.id)
UPDATE delivery d SET state = 2 FROM done WHERE d.chunk_id = done.id
"""


@dataclass
class Sending:
    """A database with people in it, and workers as processes."""

    engine: Engine
    url: str
    folder: Path
    outbox: Outbox

    def approve(self, *channels: ChannelKind) -> int:
        """A revision for everybody, at this moment."""
        self.outbox.now = datetime.now(UTC)
        return self.outbox.approve(level=5, areas=(), channels=channels or tuple(ChannelKind))

    def expand(self) -> float:
        """Seconds until everything approved is frozen."""
        began = time.perf_counter()
        while expand_next(self.engine, FallbackClock(), datetime.now(UTC)):
            pass
        return time.perf_counter() - began

    @contextmanager
    def worker(self, carriers: str) -> Iterator[None]:
        """`nigemichi deliver` with these carriers."""
        file = self.folder / "carriers.toml"
        file.write_text(carriers)
        file.chmod(0o600)
        more = {
            "NIGEMICHI_CARRIERS": str(file),
            "NIGEMICHI_KEYS": str(self.folder / "keys.toml"),
        }
        log = self.folder / "worker.log"
        with started(self.url, self.folder / "state", "deliver", log=log, more=more):
            yield

    def one(self, query: str) -> Any:
        """The only value of a query."""
        with transaction(self.engine, latest=True) as connection:
            return connection.execute(sql(query)).scalar()

    def forget(self) -> None:
        """Empty the outbox."""
        with transaction(self.engine, latest=True) as connection:
            tables = "delivery, alert_chunk, alert_message, confirmation, alert_revision, alert"
            connection.execute(sql(f"TRUNCATE {tables} CASCADE"))

    def until_worked_off(self) -> None:
        """Wait until no chunk is left."""
        query = "SELECT EXISTS (SELECT 1 FROM alert_chunk WHERE done_at IS NULL)"
        end = time.monotonic() + 600
        while self.one(query):
            if time.monotonic() > end:
                raise TimeoutError("chunks are left after ten minutes")
            time.sleep(0.05)


def sending_figures(table: Table, scratch: Path) -> None:
    """Expanding, working off, LINE at its rate, the first message, the stop."""
    table.subject("sending", f"{PEOPLE:,} people; fsync on; carriers on the same cores; {busy()}")
    with own_cluster(ON) as cluster, ExitStack() as stack:
        engine = connect(cluster.url)
        stack.callback(engine.dispose)
        migrate(engine)
        (scratch / "sending").mkdir()
        made = Sending(
            engine, cluster.url, scratch / "sending", Outbox(engine, scratch / "sending")
        )
        with transaction(engine, latest=True) as connection:
            seed(
                connection,
                made.outbox.sealer,
                PEOPLE,
                Seeding(CITY, datetime.now(UTC), ways=[tuple(ChannelKind)]),
            )
        _vacuum(engine)
        rows = _expanding(table, made)
        _working_off(table, made, rows)
        line = stack.enter_context(line_server("--fast"))
        _line(table, made, line)
        _first(table, made, line)


def _expanding(table: Table, made: Sending) -> int:
    made.approve()
    took = made.expand()
    rows = int(made.one("SELECT count(*) FROM delivery"))
    must, stretch = EXPAND_S
    note = f"{rows:,} rows, {rows / took:,.0f} a second"
    table.row(
        "expanded into rows and frozen chunks", took, "s", must=must, stretch=stretch, note=note
    )
    return rows


def _working_off(table: Table, made: Sending, rows: int) -> None:
    with made.worker("".join(NULL.format(kind=kind) for kind in ChannelKind)):
        began = _wait_for_the_first(made)
        made.until_worked_off()
        ours = rows / (time.perf_counter() - began)
    made.forget()
    made.approve()
    made.expand()
    began, chunks = time.perf_counter(), 0
    while chunks < 400:
        with transaction(made.engine, latest=True) as connection:
            connection.execute(sql(BARE))
        chunks += 1
    done = made.one("SELECT count(*) FROM delivery WHERE state = 2")
    bare = done / (time.perf_counter() - began)
    must, stretch = WORKED_OFF
    table.row("worked off against null carriers", ours, "rows/s", must=must, stretch=stretch)
    table.row("the same, one connection, bare SQL, nothing opened", bare, "rows/s")
    made.forget()


def _line(table: Table, made: Sending, line: LineControl) -> None:
    line.reset()
    made.approve(ChannelKind.LINE)
    made.expand()
    people = int(made.one("SELECT count(*) FROM delivery"))
    with made.worker(LINE.format(origin=line.origin)):
        began = _wait_for_the_first(made)
        made.until_worked_off()
        took = time.perf_counter() - began
    seen = line.summary()
    exact = seen["recipients"] == people and seen["most"] == 1
    must, stretch = HAND_OFF_S
    note = f"{people:,} people, each {'once' if exact else 'NOT ONCE'} by the peer's count"
    table.row("LINE at 200 requests/s", took, "s", must=must, stretch=stretch, note=note)
    made.forget()


def _first(table: Table, made: Sending, line: LineControl) -> None:
    first_s, stopped_s = [], []
    with made.worker(LINE.format(origin=line.origin)):
        time.sleep(3)
        for _ in range(APPROVALS):
            line.reset()
            began = time.perf_counter()
            revision = made.approve(ChannelKind.LINE)
            while not line.summary()["deliveries"]:
                time.sleep(0.01)
            first_s.append(time.perf_counter() - began)
            stopped_s.append(_stop(made, line, revision))
        made.forget()
    for what, times, (must, stretch) in (
        ("approval to the first message accepted, p95", first_s, FIRST_S),
        ("stop to the last request at the carrier, p95", stopped_s, STOP_S),
    ):
        p95 = float(np.percentile(times, 95))
        note = f"p50 {float(np.median(times)):.2f} s of {len(times)}"
        table.row(what, p95, "s", must=must, stretch=stretch, note=note)


def _stop(made: Sending, line: LineControl, revision: int) -> float:
    """Seconds from the stop to the last request that the peer saw."""
    with transaction(made.engine, latest=True) as connection:
        query = "UPDATE alert_revision SET stopped_at = now() WHERE id = :id"
        connection.execute(sql(query), {"id": revision})
    began = last = time.perf_counter()
    seen = line.summary()["deliveries"]
    while time.perf_counter() - last < 0.5:
        time.sleep(0.01)
        now = line.summary()["deliveries"]
        if now != seen:
            seen, last = now, time.perf_counter()
    return last - began


def _wait_for_the_first(made: Sending) -> float:
    """When the first chunk was claimed: a worker needs a second or two to start."""
    while not made.one("SELECT EXISTS (SELECT 1 FROM alert_chunk WHERE tries > 0)"):
        time.sleep(0.01)
    return time.perf_counter()


def _vacuum(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sql("VACUUM ANALYZE"))
