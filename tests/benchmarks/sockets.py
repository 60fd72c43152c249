"""Ten thousand open screens on one server: how soon all know, what each costs, who comes back."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from sqlalchemy import Engine

from data.database import connect, migrate, transaction
from data.live import outbox as live
from data.live.outbox import Topic
from tests.benchmarks.children import ROOT
from tests.benchmarks.machine import resident_mb
from tests.benchmarks.table import Table, over
from tests.integration.databases import Server

SOCKETS = int(os.environ.get("NIGEMICHI_BENCH_SOCKETS", "10000"))
CHANGES = 10
PATH = "/api/v1/live"
PADDING = "あ" * 20
"""So that a change has some 300 bytes."""


class Clients:
    """The process of the followers."""

    def __init__(self, port: int, count: int, *, path: str = PATH, mark: str = '"bench":') -> None:
        words = ("tests.benchmarks.socketclients", str(port), path, str(count), mark)
        self._process = subprocess.Popen(
            [sys.executable, "-m", *words],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def says(self) -> dict[str, Any]:
        """Its next line."""
        assert self._process.stdout
        table: dict[str, Any] = orjson.loads(self._process.stdout.readline())
        return table

    def asked(self, order: str) -> dict[str, Any]:
        """What it says to an order."""
        self.order(order)
        return self.says()

    def order(self, order: str) -> None:
        """Tell it what to wait for."""
        assert self._process.stdin
        self._process.stdin.write(f"{order}\n".encode())
        self._process.stdin.flush()

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()


def socket_figures(table: Table, scratch: Path) -> None:
    """Measure ours and two peers; the clients are one process beside the server."""
    table.subject("sockets", f"{SOCKETS:,} on one process; clients on the same cores")
    with _database() as (url, engine):
        ours = _ours(table, url, engine, scratch)
    for name, title in (("broadcast", "websockets' broadcast()"), ("fastapi", "plain FastAPI")):
        _peer(table, name, title, ours)


def _ours(table: Table, url: str, engine: Engine, scratch: Path) -> float:
    port, log = _quiet_port(), (scratch / "sockets.log").open("wb")
    environment = os.environ | {"DATABASE_URL": url, "NIGEMICHI_STATE": str(scratch / "sockets")}
    command = ["operations.cli", "serve", "--port", str(port)]

    def change(number: int) -> None:
        with transaction(engine, latest=True) as connection:
            state = {"note": PADDING, "bench": number}
            live.put(connection, Topic.SITES, f"E{number % 3}", state)

    with _started(command, environment, log) as server:
        _until_open(port)
        before = _at_rest_mb(server.pid)
        with _clients(table, "ours", port) as clients:
            each = 1000 * (resident_mb(server.pid) - before) / SOCKETS
            p99 = _spread(table, "change committed to last socket", clients, change, 2000, 500)
            table.row("memory a socket", each, "kB", must=60, stretch=40)
            server.kill()
            server.wait()
            died = time.monotonic()
            clients.order("back")
            with _started(command, environment, log):
                back = clients.says()
                took = max(back["at"]) - died if back["connected"] >= SOCKETS else 1e9
                what = f"{SOCKETS:,} clients back after kill -9"
                table.row(what, took, "s", must=30, stretch=15, note="with the server's start")
    log.close()
    return p99


def _peer(table: Table, name: str, title: str, ours: float) -> None:
    port = _quiet_port()
    command = ["tests.benchmarks.socketpeers", name, str(port)]
    with _started(command, dict(os.environ), subprocess.DEVNULL) as server:
        _until_open(port)
        before = _at_rest_mb(server.pid)

        def send(number: int) -> None:
            assert server.stdin
            line = orjson.dumps({"note": PADDING * 3, "padding": "x" * 100, "bench": number})
            server.stdin.write(line + b"\n")
            server.stdin.flush()

        with _clients(table, title, port) as clients:
            each = 1000 * (resident_mb(server.pid) - before) / SOCKETS
            p99 = _spread(table, f"{title}, line read to last socket", clients, send)
            table.row(f"{title}, memory a socket", each, "kB", ratio=over(ours, p99))


def _spread(
    table: Table,
    what: str,
    clients: Clients,
    send: Callable[[int], None],
    must: float | None = None,
    stretch: float | None = None,
) -> float:
    """Send one change after the other; p99 of the milliseconds until a socket has it."""
    all_ms: list[float] = []
    last_ms: list[float] = []
    for number in range(1, CHANGES + 1):
        clients.order(str(number))
        began = time.monotonic()
        send(number)
        at = clients.says()["at"]
        if len(at) < SOCKETS:
            table.row(what, f"{SOCKETS - len(at):,} without", note="MISSED")
            return 1e9
        all_ms += [1000 * (one - began) for one in at]
        last_ms.append(1000 * (max(at) - began))
        time.sleep(0.3)
    p50, p99 = np.percentile(all_ms, [50, 99]).tolist()
    table.row(f"{what}, p50", p50, "ms")
    note = f"last of all {max(last_ms):.0f} ms"
    table.row(f"{what}, p99", p99, "ms", must=must, stretch=stretch, note=note)
    return float(p99)


@contextmanager
def _clients(table: Table, title: str, port: int) -> Iterator[Clients]:
    clients = Clients(port, SOCKETS)
    try:
        said = clients.says()
        note = "" if said["all"] else f"ONLY {said['connected']}"
        table.row(f"{title}, all connected", said["seconds"], "s", note=note)
        time.sleep(1)
        yield clients
    finally:
        clients.close()


@contextmanager
def _started(
    module: list[str], environment: dict[str, str], log: Any
) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(
        [sys.executable, "-m", *module],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=log,
        stderr=log,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _at_rest_mb(pid: int) -> float:
    """Memory once a server has loaded what it loads at its start."""
    before, end = 0.0, time.monotonic() + 30
    while time.monotonic() < end:
        time.sleep(3)
        now = resident_mb(pid)
        if abs(now - before) < 1:
            break
        before = now
    return now


def _quiet_port() -> int:
    """A port below those that the kernel gives to clients.

    Of thousands that knock while nobody listens, one would get just this port, and reach itself.
    """
    for port in range(21_000, 32_000):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise OSError("no port is free")


def _until_open(port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("the server did not open its port")


@contextmanager
def _database() -> Iterator[tuple[str, Engine]]:
    server = Server(os.environ["NIGEMICHI_TEST_DATABASE_URL"])
    made = server.create()
    engine = connect(made.url)
    try:
        migrate(engine)
        yield made.url, engine
    finally:
        engine.dispose()
        server.close()
