"""Head counts on one server: how many a minute are taken, how soon, and that none is lost.

The database is a cluster of its own that waits for the disk (`fsync` on); that of tests does not.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import numpy as np
import orjson
import psycopg
import pytest

from city.staff import CONSOLE, Role
from data.database import connect
from operations.people.devices import add_device
from tests.benchmarks.children import ROOT
from tests.benchmarks.machine import busy, cpu_s, family_cpu_s
from tests.benchmarks.running import free_port, process, until_ready
from tests.benchmarks.table import Table
from tests.benchmarks.towns import publish_town
from tests.integration.cluster import Cluster, own_cluster
from tests.integration.databases import plain

TABLETS: Final = 200
"""So many that none comes near the 600 requests a minute that one may send."""
MUST_MIN: Final = 20_000
OFFERED_MIN: Final = 21_000
WARM_S, OFFERED_S, ENDLESS_S = 5, 20, 15
CONNECTIONS: Final = 8
ON: Final = "-c fsync=on -c synchronous_commit=on -c full_page_writes=on"
INSERT: Final = """
INSERT INTO head_count (id, city_code, site_id, kind, persons, via, counted_at, device_at,
  received_at, actor, confirmed, flags, applied)
VALUES (%s, '999001', %s, 'change', 1, 'clicker', %s, %s, %s, 'device:1', false, '{}', true)
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one go; processors in cores (1.0 is one that is busy all the time)."""

    accepted: int
    other: dict[str, int]
    seconds: float
    latencies_ms: tuple[float, float, float]
    server: float
    database: float
    client: float
    load: str

    @property
    def each_min(self) -> float:
        """Accepted in a minute."""
        return 60 * self.accepted / self.seconds

    def note(self) -> str:
        """Who was busy, and how busy the machine was with others too."""
        refused = "".join(f", {count} × {word}" for word, count in self.other.items())
        return (
            f"cores: server {self.server:.2f}, PostgreSQL {self.database:.2f},"
            f" clients {self.client:.2f}; {self.load}{refused}"
        )


class Tablets:
    """The process of the tablets, beside the server and the database that they load."""

    def __init__(self, port: int, tokens: Sequence[str], server: int, cluster: Cluster) -> None:
        folder = cluster.folder
        (folder / "tokens").write_text("\n".join(tokens))
        self._acknowledged = folder / "acknowledged"
        words = (str(port), str(folder / "tokens"), str(self._acknowledged))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.countclients", *words],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._server, self._cluster = server, cluster

    def send(self, rate: float, seconds: float) -> Told:
        """Count at a rate a second for so long; 0 is as fast as it goes."""
        before = self._used()
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{rate} {seconds}\n".encode())
        self._process.stdin.flush()
        said: dict[str, Any] = orjson.loads(self._process.stdout.readline())
        load, after, took = busy(), self._used(), said["seconds"]
        statuses = dict(said["statuses"])
        accepted = statuses.pop("200", 0)
        p50, p99, most = np.percentile([1000 * one for one in said["latencies"]], [50, 99, 100])
        server, database = ((b - a) / took for a, b in zip(before, after, strict=True))
        return Told(
            accepted,
            statuses | ({"unanswered": said["open"]} if said["open"] else {}),
            took,
            (float(p50), float(p99), float(most)),
            server,
            database,
            said["cpu_s"] / took,
            load,
        )

    def acknowledged(self) -> set[str]:
        """The ids that the server has said it has."""
        return set(self._acknowledged.read_text().split())

    def close(self) -> None:
        """End them."""
        self._process.kill()
        self._process.communicate()

    def _used(self) -> tuple[float, float]:
        return cpu_s(self._server), family_cpu_s(self._cluster.pid)


def count_figures(table: Table, scratch: Path) -> None:
    """Measure ours, and beside it what the database alone can do."""
    note = f"{TABLETS} tablets, one count a request; clients on the same cores; fsync on"
    table.subject("head counts", note)
    try:
        with own_cluster(ON) as cluster, _tablets(cluster, scratch) as tablets:
            tablets.send(OFFERED_MIN / 60, WARM_S)
            offered = tablets.send(OFFERED_MIN / 60, OFFERED_S)
            _print(table, f"accepted of {OFFERED_MIN:,}/min", offered, MUST_MIN)
            endless = tablets.send(0, ENDLESS_S)
            _print(table, "accepted, as fast as it goes", endless)
            _all_there(table, cluster, tablets.acknowledged())
            _bare(table, cluster, endless)
    except pytest.skip.Exception as why:
        table.remark(f"not measured: {why}")


def _print(table: Table, what: str, told: Told, must: float | None = None) -> None:
    table.row(what, told.each_min, "/min", must=must, note=told.note())
    p50, p99, most = told.latencies_ms
    table.row(f"{what}, p50", p50, "ms", note="from the moment when it was due")
    table.row(f"{what}, p99", p99, "ms", note=f"the last {most:.0f} ms")


def _all_there(table: Table, cluster: Cluster, acknowledged: set[str]) -> None:
    with psycopg.connect(plain(cluster.url)) as connection:
        kept = {one.hex for (one,) in connection.execute("SELECT id FROM head_count")}
        (fsync,) = connection.execute("SHOW fsync").fetchone() or ("?",)
    missing = len(acknowledged - kept)
    note = f"of {len(acknowledged):,}, fsync {fsync}" + (" MISSED" if missing else "")
    table.row("acknowledged and not in the database", f"{missing:,}", note=note)


def _bare(table: Table, cluster: Cluster, ours: Told) -> None:
    """As many rows by bare statements, each with a commit of its own."""
    postmaster, each = cluster.pid, ours.accepted // CONNECTIONS
    before = family_cpu_s(postmaster)
    began, mine = time.monotonic(), time.process_time()

    def insert(number: int) -> None:
        with psycopg.connect(plain(cluster.url), autocommit=True) as connection:
            for _ in range(each):
                at = datetime.now(UTC)
                connection.execute(INSERT, (uuid4(), f"B{number}", at, at, at))

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(insert, range(CONNECTIONS)))
    took = time.monotonic() - began
    rate, load = 60 * each * CONNECTIONS / took, busy()
    database = (family_cpu_s(postmaster) - before) / took
    client = (time.process_time() - mine) / took
    note = f"cores: PostgreSQL {database:.2f}, client {client:.2f}; {load}"
    what = f"bare INSERT by psycopg, {CONNECTIONS} connections"
    table.row(what, rate, "/min", ratio=f"ours/peer {ours.each_min / rate:.3g}", note=note)


@contextmanager
def _tablets(cluster: Cluster, scratch: Path) -> Iterator[Tablets]:
    state, port = scratch / "counts", free_port()
    tokens = _town(cluster.url, scratch / "counted", state)
    environment = os.environ | {"DATABASE_URL": cluster.url, "NIGEMICHI_STATE": str(state)}
    with process("serve", environment, "--port", str(port)) as server:
        until_ready(port)
        tablets = Tablets(port, tokens, server.pid, cluster)
        try:
            yield tablets
        finally:
            tablets.close()


def _town(url: str, scratch: Path, state: Path) -> list[str]:
    """The town in a database, and the tokens of tablets at its places."""
    engine = connect(url)
    try:
        sites, now = publish_town(engine, scratch, state), datetime.now(UTC)
        return [
            add_device(engine, CONSOLE, name="受付", role=Role.DESK, site_id=site, now=now)[1]
            for site in (sites[number % len(sites)] for number in range(TABLETS))
        ]
    finally:
        engine.dispose()
