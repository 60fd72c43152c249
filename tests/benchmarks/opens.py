"""Pages opened by a city at once: through nginx with its cache of two seconds, and without it.

The client is h2load (Debian's nghttp2-client): it can keep to a rate, and logs each request.
"""

import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
import numpy as np

from data.database import connect
from tests.benchmarks.children import ROOT
from tests.benchmarks.machine import busy, family_cpu_s
from tests.benchmarks.running import free_port, process, until_ready
from tests.benchmarks.table import Table, over
from tests.benchmarks.towns import publish_town
from tests.integration.databases import Server
from tests.integration.fronted import NGINX, fronted

PAGES: Final = ("/places", "/")
MUST_S, OFFERED_S = 2_000, 2_100
MUST_MS: Final = 1_000
BROWSERS: Final = 200
ENDLESS_S: Final = 8


@dataclass(frozen=True, slots=True)
class Opened:
    """What became of one go: good answers a second, how long they took, who was busy."""

    good: float
    p50_ms: float
    p99_ms: float
    last_ms: float
    note: str


def open_figures(table: Table, scratch: Path, seconds: int) -> None:
    """Measure the pages of the fictional town, at the promised rate for so many seconds."""
    what = (
        f"{BROWSERS} kept-alive connections, {' and '.join(PAGES)}; TLS; client on the same cores"
    )
    table.subject("page opens", what)
    for program, package in (("h2load", "nghttp2-client"), (NGINX, "nginx-light")):
        if shutil.which(program) is None:
            table.remark(f"not measured: {program} is not here (Debian's {package})")
            return
    with _served(scratch) as (port, app):
        with fronted(port) as nginx:
            cpu = _cpu_of({"app": app, "nginx": int((nginx.folder / "pid").read_text())})
            urls = [f"{nginx.origin}{page}" for page in PAGES]
            opened = _load(urls, scratch, seconds, OFFERED_S, cpu)
            _print_paced(table, opened, seconds)
            fronted_ = _load(urls, scratch, ENDLESS_S, 0, cpu)
            _print(table, "nginx, as fast as it goes", fronted_)
        plain = f"http://127.0.0.1:{port}"
        urls, cpu = [f"{plain}{page}" for page in PAGES], _cpu_of({"app": app})
        _print(table, "the app alone, no nginx, no TLS", _load(urls, scratch, ENDLESS_S, 0, cpu))
        size = len(httpx.get(urls[0], timeout=10).content)
    _peer(table, scratch, size, fronted_)


def _print_paced(table: Table, opened: Opened, seconds: int) -> None:
    what = f"nginx, {OFFERED_S:,}/s offered for {seconds} s"
    table.row(what, opened.good, "/s", must=MUST_S, note=opened.note)
    table.row(f"{what}, p50", opened.p50_ms, "ms")
    note = f"the last {opened.last_ms:.0f} ms"
    table.row(f"{what}, p99", opened.p99_ms, "ms", must=MUST_MS, note=note)


def _print(table: Table, what: str, opened: Opened, ratio: str = "") -> None:
    table.row(what, opened.good, "/s", ratio=ratio, note=opened.note)
    table.row(f"{what}, p99", opened.p99_ms, "ms", note=f"the last {opened.last_ms:.0f} ms")


def _peer(table: Table, scratch: Path, size: int, ours: Opened) -> None:
    port = free_port()
    words = ("tests.benchmarks.openpeer", str(port), str(size))
    peer = subprocess.Popen([sys.executable, "-m", *words], cwd=ROOT)
    try:
        until_ready(port)
        urls, cpu = [f"http://127.0.0.1:{port}{PAGES[0]}"], _cpu_of({"app": peer.pid})
        opened = _load(urls, scratch, ENDLESS_S, 0, cpu)
    finally:
        peer.kill()
        peer.wait()
    what = f"plain FastAPI, a constant page of {size:,} bytes"
    _print(table, what, opened, over(1 / ours.good, 1 / opened.good))


def _load(
    urls: list[str], scratch: Path, seconds: int, rate: int, cpu: Callable[[], dict[str, float]]
) -> Opened:
    """Open pages in turn for so long, at a rate a second, or with 0 as fast as it goes."""
    log, paced = scratch / "h2load.tsv", [f"--rps={rate / BROWSERS}"] if rate else []
    log.unlink(missing_ok=True)
    command = ["h2load", "--h1", "-t1", f"-c{BROWSERS}", f"-D{seconds}", *paced]
    command += ["-H", "accept-encoding: gzip", f"--log-file={log}", *urls]
    before = cpu()
    mine = os.times()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    load, ended = busy(), os.times()
    if done.returncode:
        raise RuntimeError(f"h2load ended with {done.returncode}: {done.stdout[-300:]}")
    used = {name: (at - before[name]) / seconds for name, at in cpu().items()}
    used["client"] = (
        ended.children_user + ended.children_system - mine.children_user - mine.children_system
    ) / seconds
    return read_log(
        log, seconds, ", ".join(f"{name} {one:.2f}" for name, one in used.items()), load
    )


def read_log(log: Path, seconds: int, cores: str, load: str) -> Opened:
    """What h2load has logged: start in µs, status (-1: none), µs until the end of the answer."""
    rows = np.loadtxt(log, dtype=np.int64, delimiter="\t", ndmin=2)
    statuses = Counter(rows[:, 1].tolist())
    good = statuses.pop(200, 0)
    p50, p99, last = np.percentile(rows[:, 2] / 1000, [50, 99, 100]).tolist()
    others = "".join(f", {count:,} × {status}" for status, count in statuses.items())
    note = f"cores: {cores}; {load}{others}{' MISSED' if others else ''}"
    return Opened(good / seconds, p50, p99, last, note)


def _cpu_of(processes: dict[str, int]) -> Callable[[], dict[str, float]]:
    return lambda: {name: family_cpu_s(pid) for name, pid in processes.items()}


@contextmanager
def _served(scratch: Path) -> Iterator[tuple[int, int]]:
    """The town's server: its port and its process id."""
    databases, state = Server(os.environ["NIGEMICHI_TEST_DATABASE_URL"]), scratch / "opens"
    url, port = databases.create().url, free_port()
    engine = connect(url)
    try:
        publish_town(engine, scratch / "opened", state)
        environment = os.environ | {"DATABASE_URL": url, "NIGEMICHI_STATE": str(state)}
        with process("serve", environment, "--port", str(port)) as server:
            until_ready(port)
            yield port, server.pid
    finally:
        engine.dispose()
        databases.close()
