"""Followers of the live stream, as programs outside see it; and those who change it."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import httpx
from sqlalchemy import Engine, text
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from data.database import transaction
from data.live import outbox as live
from data.live.outbox import Topic
from tests.integration.forking import Forked
from tests.integration.processes import free_port, started, wait_for

WITHIN_S = 20


def change(engine: Engine, key: str, state: Mapping[str, Any] | None) -> int:
    """Put a state of a site, and commit."""
    with transaction(engine, latest=True) as connection:
        return live.put(connection, Topic.SITES, key, state)


def begun_anew(engine: Engine, api: "Api") -> None:
    """Let a running server forget all: an epoch in which nothing has been said."""
    with transaction(engine, latest=True) as connection:
        connection.execute(text("DELETE FROM live_state"))
        live.begin_epoch(connection)
        begun = str(live.epoch(connection))
    wait_for("it has begun anew", lambda: api.changes().json().get("epoch") == begun)


def whole(engine: Engine) -> dict[str, Any]:
    """What the database holds."""
    with transaction(engine) as connection:
        return {one.key: one.state for one in live.since(connection, 0) if one.state is not None}


class Picture:
    """What a follower knows. Raises `AssertionError` for a duplicate or a step back."""

    def __init__(self) -> None:
        self.epoch, self.offset = "", 0
        self.states: dict[str, Any] = {}
        self.order: list[tuple[int, str]] = []
        self.snapshots = 0
        self.checked_at: str | None = None

    @property
    def since(self) -> str:
        """Where it stands."""
        return f"{self.epoch}:{self.offset}"

    def hear(self, message: Any) -> None:
        """One message, in whatever way it came."""
        if isinstance(message, list):
            for one in message:
                self._change(one)
        elif "snapshot" in message:
            self.snapshots += 1
            self.epoch, self.offset = message["epoch"], message["offset"]
            self.states = {one["key"]: one["state"] for one in message["snapshot"]}
        elif "heartbeat" in message:
            self.checked_at = message["checked_at"]
            assert message["epoch"] == self.epoch
            assert message["offset"] >= self.offset
            self.offset = message["offset"]
        else:
            self._change(message)

    def _change(self, one: Any) -> None:
        assert one["epoch"] == self.epoch
        assert one["offset"] > self.offset
        self.offset = one["offset"]
        self.order.append((one["offset"], one["key"]))
        self.states[one["key"]] = one["state"]
        if one["state"] is None:
            del self.states[one["key"]]


def listen(socket: ClientConnection, picture: Picture, until: Callable[[], object]) -> None:
    """Hear a socket until something holds."""
    end = time.monotonic() + WITHIN_S
    while not until():
        left = end - time.monotonic()
        assert left > 0, f"not within {WITHIN_S} s; heard up to {picture.since}"
        try:
            picture.hear(json.loads(socket.recv(left)))
        except TimeoutError:
            continue


def listen_for(socket: ClientConnection, picture: Picture, key: str, state: object) -> None:
    """Hear a socket until a thing has that state."""
    listen(socket, picture, lambda: picture.states.get(key) == state)


class Api:
    """One server process on a port of its own."""

    def __init__(self, process: Forked, port: int, log: Path) -> None:
        self.process, self.port, self.log = process, port, log
        self.url = f"http://127.0.0.1:{port}"
        self.http = httpx.Client(base_url=self.url, timeout=WITHIN_S)

    def socket(self, query: str = "", **options: Any) -> ClientConnection:
        """A connected socket, used as a context manager."""
        url = f"ws://127.0.0.1:{self.port}/api/v1/live{query}"
        return connect(url, compression=None, proxy=None, legacy=True, **options)

    def alive(self) -> bool:
        """Whether it answers."""
        try:
            return self.http.get("/healthz").status_code == 200
        except httpx.TransportError:
            return False

    def changes(self, query: str = "") -> httpx.Response:
        """Ask once."""
        return self.http.get(f"/api/v1/live/changes{query}")


Stream: TypeAlias = tuple[Engine, Api]
"""Who changes it, and a server of it."""


@contextmanager
def served(url: str, state: Path, name: str = "serve", port: int | None = None) -> Iterator[Api]:
    """A server process that answers."""
    state.mkdir(parents=True, exist_ok=True)
    port, log = port or free_port(), state / f"{name}.log"
    with started(url, state, "serve", "--port", str(port), log=log) as process:
        api = Api(process, port, log)
        with api.http:
            wait_for("the server", api.alive, 60)
            yield api


def closed_with(socket: ClientConnection, seconds: float = WITHIN_S) -> int | None:
    """Read until the server closes; its code."""
    end = time.monotonic() + seconds
    while True:
        try:
            socket.recv(max(0.01, end - time.monotonic()))
        except ConnectionClosed:
            return socket.close_code


def events(
    api: Api, query: str, picture: Picture, until: Callable[[], object], **headers: str
) -> None:
    """Hear the event stream until something holds; `id` says where the picture stands."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with api.http.stream("GET", f"/api/v1/live/events{query}", headers=named) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        at = ""
        for line in answer.iter_lines():
            if line.startswith("id: "):
                at = line[4:]
            elif line.startswith("data: "):
                picture.hear(json.loads(line[6:]))
                assert "heartbeat" in line or at == picture.since
            if until():
                return


def poll(api: Api, picture: Picture) -> None:
    """Ask once what is newer."""
    answer = api.changes(f"?since={picture.since}" if picture.epoch else "")
    assert answer.status_code == 200
    table = answer.json()
    if "snapshot" in table:
        picture.hear(table)
    else:
        picture.hear(table["changes"])
        assert table["epoch"] == picture.epoch
        picture.offset = table["offset"]
