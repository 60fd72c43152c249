"""A real server never writes where people are: not in a log, not in metrics, not in an answer."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.integration.processes import ROOT, free_port, wait_for
from tests.integration.small_city import position, write_small_city
from tests.unit.api.served import Served

LAT, LON = position(3.4567, 1.2345)
MARKS = (f"{LAT:.6f}", f"{LON:.6f}", "SECRET", "5E4352")
BREAKS_AT_FLOOR_7 = """
import sys
import api.public
from operations.cli import main
guide = api.public.guide
def broken(version, question):
    if question.household.floor == 7:
        raise KeyError(f"no street near {question.position}")
    return guide(version, question)
api.public.guide = broken
sys.exit(main())
"""


@pytest.fixture
def address(tmp_path: Path) -> Iterator[tuple[str, int, Path]]:
    """(URL, port, log) of a server that fails unforeseen for floor 7."""
    served = Served(write_small_city(tmp_path / "city"), tmp_path / "state")
    log, port = tmp_path / "serve.log", free_port()
    environment = os.environ | {"NIGEMICHI_STATE": str(served.state), "PYTHONUNBUFFERED": "1"}
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-c", BREAKS_AT_FLOOR_7, "serve", "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
        url = f"http://127.0.0.1:{port}"
        try:
            wait_for("ready", lambda: _answers(url))
            yield url, port, log
        finally:
            process.terminate()
            process.wait(10)


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz").status_code == 200
    except httpx.TransportError:
        return False


def raw(port: int, request: bytes) -> bytes:
    """What the server says to bytes that need not be HTTP."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        try:
            connection.sendall(request)
            return connection.recv(65_536)
        except (TimeoutError, ConnectionResetError, BrokenPipeError):
            return b""


def test_no_position_in_logs_metrics_or_problems(address: tuple[str, int, Path]) -> None:
    url, port, log = address
    at = f"lat={LAT:.6f}&lon={LON:.6f}"
    queries = (
        at,
        f"{at}&floor=7",
        f"{at}&floor=0",
        f"{at}&SECRET=SECRET",
        f"{at}&dwelling=SECRET&hazard=SECRET&at=SECRET",
        f"{at}&q=%FF%FE%00SECRET&lang=%C0%AF",
        f"{at}&q=%zz%",
        f"{at}&q=" + "SECRET" * 5_000,
        f"lat={LON:.6f}&lon={LAT:.6f}",
        f"{LAT:.6f},{LON:.6f}",
    )
    statuses = set()
    with httpx.Client(base_url=url) as client:
        for path in ("/way", "/api/v1/guidance", "/", "/map.svg", "/nowhere", "/metrics"):
            for query in queries:
                answer = client.get(f"{path}?{query}")
                statuses.add(answer.status_code)
                assert answer.headers["cache-control"] == "no-store"
                assert answer.headers["referrer-policy"] in ("no-referrer", "same-origin")
                if answer.status_code != 200:
                    assert not [mark for mark in MARKS if mark in answer.text], query[:80]
        assert not [mark for mark in MARKS if mark in client.get("/metrics").text]
        client.post(f"/api/v1/guidance?{at}", content=b"SECRET")
    target = f"/way?{at}&SECRET".encode()
    for request in (
        b"GET " + target + b" HTTP/1.1\r\nHost: a b\r\nX: \x00\r\n\r\n",
        b"GET " + target + b"\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET " + target + b"a" * 300_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET " + target + b" HTTP/9.9\r\n\r\n",
        b"SECRET " + target + b"\r\n\r\n",
        b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
        b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n",
    ):
        raw(port, request)
    assert {200, 404, 422, 500} <= statuses
    said = log.read_text("utf-8", "replace")
    assert "KeyError" in said
    assert [line for line in said.splitlines() if any(mark in line for mark in MARKS)] == []
    assert httpx.get(f"{url}/readyz").status_code == 200


def test_a_failure_is_a_problem_in_words(address: tuple[str, int, Path]) -> None:
    url, _, _ = address
    query = {"lat": LAT, "lon": LON, "floor": 7}
    page = httpx.get(f"{url}/way", params=query)
    assert (page.status_code, "119" in page.text) == (500, True)
    answer = httpx.get(f"{url}/api/v1/guidance", params=query)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 500
