"""A poor line: what is sent over it comes whole, whatever breaks, and the server too."""

import hashlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from sqlalchemy import Engine

from api.app import create
from city.staff import Role
from tests.integration.databases import Database
from tests.integration.processes import free_port, kill, started, wait_for
from tests.integration.staffed import a_tablet
from tests.integration.tusclient import Sent
from tests.peers.lossy import Line, lossy
from tests.pictures import a_large_photo

PHOTO = a_large_photo(300_000)
POOR = Line(delay_s=0.002, bytes_per_s=4_000_000, resets=0.1, reset_each=16_384, seed=7)


@contextmanager
def echoing() -> Iterator[int]:
    """Whoever sends something there gets it back when they are done."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            while True:
                try:
                    taken, _ = listening.accept()
                except OSError:
                    return
                with taken:
                    try:
                        taken.sendall(said(taken))
                    except OSError:
                        continue

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(10)


def said(taken: socket.socket) -> bytes:
    """All until the other side is done."""
    parts = []
    while part := taken.recv(65_536):
        parts.append(part)
    return b"".join(parts)


def echo(port: int, content: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as made:
        made.sendall(content)
        made.shutdown(socket.SHUT_WR)
        return said(made)


@contextmanager
def serving(app: FastAPI, port: int) -> Iterator[None]:
    """The app on that port, in a thread of this process."""
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="critical", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_for("the server answers", lambda: server.started)
    yield
    server.should_exit = True
    thread.join(20)


def test_a_line_carries_what_it_is_given_late_and_whole() -> None:
    with echoing() as port, lossy(port, Line(delay_s=0.01, bytes_per_s=10_000_000)) as line:
        assert echo(line.port, PHOTO) == PHOTO
        assert line.broken == 0


def test_a_line_breaks_as_often_as_it_is_told() -> None:
    with echoing() as port, lossy(port, Line(resets=0.5, reset_each=4096, seed=3)) as line:
        broken = 0
        for _ in range(40):
            try:
                echo(line.port, bytes(2048))
            except ConnectionError:
                broken += 1
        assert broken == line.broken
        assert 10 < broken < 30


def test_the_same_seed_breaks_at_the_same_bytes() -> None:
    def outcomes() -> list[bool]:
        found = []
        with echoing() as port, lossy(port, Line(resets=0.5, reset_each=4096, seed=5)) as line:
            for _ in range(12):
                before = line.broken
                with suppress(ConnectionError):
                    echo(line.port, bytes(1024))
                found.append(line.broken > before)
        return found

    assert outcomes() == outcomes()


def test_a_line_that_is_down_takes_nobody_and_comes_back_on_the_same_port() -> None:
    with echoing() as port, lossy(port, Line()) as line:
        with socket.create_connection(("127.0.0.1", line.port), timeout=20) as made:
            made.sendall(b"before")
            line.down()
            with pytest.raises(ConnectionError):
                said(made)
        with pytest.raises(ConnectionError):
            echo(line.port, b"meanwhile")
        line.up()
        assert echo(line.port, b"after") == b"after"


def test_a_photo_comes_whole_over_a_poor_line_though_the_server_is_killed(
    engine: Engine, database: Database, tmp_path: Path
) -> None:
    port, phone, state = free_port(), a_tablet(engine, None, Role.FIELD), tmp_path / "state"

    def answers() -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
        except httpx.TransportError:
            return False

    with lossy(port, POOR) as line:
        origin = f"http://127.0.0.1:{line.port}"
        with httpx.Client(base_url=origin, trust_env=False, timeout=20) as http:
            half = Sent(http, phone, PHOTO, origin=origin)
            sent = Sent(http, phone, PHOTO, half.photo, half.observation, origin=origin)
            words = ("serve", "--port", str(port))
            with started(database.url, state, *words, log=tmp_path / "serve.log") as process:
                wait_for("the server answers", answers, 60)
                half.until(150_000, 20_000)
                kill(process)
            with pytest.raises(httpx.TransportError):
                half.begin()
            with serving(create(state, database.url), port):
                sent.whole(20_000)
        assert sent.began_at == half.came > 0
        assert line.broken > 0
    kept = database.rows("SELECT id, original FROM observation_photo")
    assert kept == [(sent.photo, hashlib.sha256(PHOTO).hexdigest())]
    stored = [path for path in (state / "photos").rglob("*") if path.is_file()]
    assert PHOTO in [path.read_bytes() for path in stored]
    assert len(stored) == 2
