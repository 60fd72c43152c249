"""Figures of the running service: real processes, PostGIS, HTTP over loopback."""

import asyncio
import time
import urllib.request
from collections import Counter
from collections.abc import Sequence
from statistics import median

import numpy as np
import orjson
import shapely

from city.position import Position
from operations import changes
from tests.benchmarks.loads import Loaded
from tests.benchmarks.machine import resident_mb
from tests.benchmarks.running import free_port, process, until_ready
from tests.benchmarks.table import Table

CLIENTS = 8
SECONDS = 8.0
CHANGES = 12


def served_figures(
    table: Table, city: Loaded, places: Sequence[Position], memory_mb: tuple[float, float | None]
) -> None:
    """Start planner and server of a loaded city, and measure; `memory_mb`: must and stretch."""
    table.subject("served", f"one process, {CLIENTS} clients on the same cores")
    port = free_port()
    with (
        process("planner", city.environment),
        process("serve", city.environment, "--port", str(port)) as server,
    ):
        until_ready(port)
        _throughput(table, port, places)
        must, stretch = memory_mb
        used = resident_mb(server.pid)
        table.row("server memory after these requests", used, "MB", must=must, stretch=stretch)
        _changes(table, city, port, places)
        used = resident_mb(server.pid)
        what = f"server memory after {CHANGES} new versions"
        table.row(what, used, "MB", must=must, stretch=stretch)


def _throughput(table: Table, port: int, places: Sequence[Position]) -> None:
    paths = [f"/api/v1/guidance?lat={p.lat:.6f}&lon={p.lon:.6f}&level=4".encode() for p in places]
    asyncio.run(_load(port, paths[:200], 1.0))
    answers = asyncio.run(_load(port, paths, SECONDS))
    said = Counter(status for status, _ in answers)
    rate = len(answers) / SECONDS
    p50, p99 = np.percentile([1000 * seconds for _, seconds in answers], [50, 99]).tolist()
    note = ", ".join(f"{count:,} × {status}" for status, count in said.most_common())
    table.row("guidance over HTTP", rate, "req/s", must=500, stretch=1500, note=note)
    table.row("guidance over HTTP, p50", p50, "ms")
    table.row("guidance over HTTP, p99", p99, "ms")


async def _load(port: int, paths: list[bytes], limit_s: float) -> list[tuple[int, float]]:
    """Ask in turn over kept-alive connections until the time is up; (status, seconds) of each."""
    answers: list[tuple[int, float]] = []
    until = time.perf_counter() + limit_s

    async def client(offset: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        turn = offset
        while time.perf_counter() < until:
            began = time.perf_counter()
            writer.write(b"GET " + paths[turn % len(paths)] + b" HTTP/1.1\r\nHost: bench\r\n\r\n")
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
            answers.append((int(head.split(b" ", 2)[1]), time.perf_counter() - began))
            turn += CLIENTS
        writer.close()
        await writer.wait_closed()

    await asyncio.gather(*(client(number) for number in range(CLIENTS)))
    return answers


def _changes(table: Table, city: Loaded, port: int, places: Sequence[Position]) -> None:
    """Observed water recorded → the first answer that stands on it, seen from outside."""
    seconds = []
    for place in places[:CHANGES]:
        shape = shapely.Point(place.lon, place.lat).buffer(0.0007)
        file = city.state / "seen.geojson"
        geometry = orjson.loads(shapely.to_geojson(shape))
        feature = {"type": "Feature", "properties": {}, "geometry": geometry}
        file.write_bytes(orjson.dumps({"type": "FeatureCollection", "features": [feature]}))
        before = _plan(port)
        changes.observe_water(city.engine, file)
        began = time.perf_counter()
        while _plan(port) == before:
            if time.perf_counter() - began > 30:
                raise TimeoutError("observed water did not reach the server within 30 s")
            time.sleep(0.002)
        seconds.append(time.perf_counter() - began)
    low, high = 1000 * min(seconds), 1000 * max(seconds)
    what, note = "changed zone committed to new field served", f"({low:.0f} to {high:.0f})"
    table.row(what, 1000 * median(seconds), "ms", must=300, stretch=100, note=note)


def _plan(port: int) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
        return int(orjson.loads(answer.read())["plan_version"])
