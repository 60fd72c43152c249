"""Figures of the running service: real processes, PostGIS, HTTP over loopback."""

import asyncio
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import numpy as np
import orjson
import psycopg
import shapely

from city.position import Position
from data.database import connect, migrate
from operations import changes
from operations.load_city import load_city

CLIENTS = 8
SECONDS = 8.0


def served_figures(city: Path, places: list[Position], scratch: Path) -> None:
    """Load the city into a database of its own, start planner and server, and measure."""
    with _database() as url:
        engine = connect(url)
        began = time.perf_counter()
        migrate(engine)
        load_city(engine, city, lambda _: None)
        print(f"\nfiles to PostGIS: {time.perf_counter() - began:.1f} s")
        environment = os.environ | {"DATABASE_URL": url, "NIGEMICHI_STATE": str(scratch)}
        subprocess.run(
            [sys.executable, "-m", "operations.cli", "planner", "--once"],
            env=environment,
            check=True,
            capture_output=True,
        )
        with _process("planner", environment) as _:
            starts = [_start_once(environment) for _ in range(3)]
            print(f"ready from mapped arrays: {median(starts):.2f} s (must 2, stretch 0.5)")
            port = _free_port()
            with _process("serve", environment, "--port", str(port)) as server:
                _until_ready(port)
                _throughput(port, places)
                _changes(engine, port, places, scratch)
                print(f"server memory: {_resident_mb(server.pid):.0f} MB (must 400)")
        engine.dispose()


@contextmanager
def _database() -> Iterator[str]:
    admin = os.environ["NIGEMICHI_TEST_DATABASE_URL"]
    plain = admin.replace("+psycopg", "")
    name = f"bench_{os.getpid()}"
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield admin.replace("/postgres?", f"/{name}?")
    finally:
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def _process(
    command: str, environment: dict[str, str], *options: str
) -> Iterator["subprocess.Popen[bytes]"]:
    running = subprocess.Popen(
        [sys.executable, "-m", "operations.cli", command, *options],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield running
    finally:
        running.terminate()
        running.wait(20)


def _start_once(environment: dict[str, str]) -> float:
    port = _free_port()
    began = time.perf_counter()
    with _process("serve", environment, "--port", str(port)):
        _until_ready(port)
        return time.perf_counter() - began


def _until_ready(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.01)
    raise TimeoutError("the server did not become ready")


def _throughput(port: int, places: list[Position]) -> None:
    paths = [f"/api/v1/guidance?lat={p.lat:.6f}&lon={p.lon:.6f}&level=4".encode() for p in places]
    asyncio.run(_load(port, paths[:200], 1.0))
    seconds = asyncio.run(_load(port, paths, SECONDS))
    p50, p99 = np.percentile(np.array(seconds) * 1000, [50, 99])
    print(
        f"guidance over HTTP: {len(seconds) / SECONDS:,.0f} requests/s on one process"
        f" (must 500, stretch 1,500), p50 {p50:.1f} ms, p99 {p99:.1f} ms,"
        f" {CLIENTS} clients on the same two cores"
    )


async def _load(port: int, paths: list[bytes], limit_s: float) -> list[float]:
    """Ask in turn over kept-alive connections until the time is up; seconds of each answer."""
    seconds: list[float] = []
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
            seconds.append(time.perf_counter() - began)
            turn += CLIENTS
        writer.close()
        await writer.wait_closed()

    await asyncio.gather(*(client(number) for number in range(CLIENTS)))
    return seconds


def _changes(engine: object, port: int, places: list[Position], scratch: Path) -> None:
    """Observed water recorded → the first answer that stands on it, seen from outside."""
    seconds = []
    for number in range(12):
        shape = shapely.Point(places[number].lon, places[number].lat).buffer(0.0007)
        file = scratch / "seen.geojson"
        geometry = orjson.loads(shapely.to_geojson(shape))
        feature = {"type": "Feature", "properties": {}, "geometry": geometry}
        file.write_bytes(orjson.dumps({"type": "FeatureCollection", "features": [feature]}))
        before = _plan(port)
        changes.observe_water(engine, file)  # type: ignore[arg-type]
        began = time.perf_counter()
        while _plan(port) == before and time.perf_counter() - began < 30:
            time.sleep(0.002)
        seconds.append(time.perf_counter() - began)
    low, middle, high = (1000 * f(seconds) for f in (min, median, max))
    print(
        f"changed zone committed to new field served: {middle:.0f} ms"
        f" ({low:.0f} to {high:.0f}; must 300, stretch 100)"
    )


def _plan(port: int) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
        return int(orjson.loads(answer.read())["plan_version"])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _resident_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))
