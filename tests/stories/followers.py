"""Screens that follow the live stream through every drop, each with a picture of its own."""

import json
import random
import ssl
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import connect

from tests.integration.livestream import Picture

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 2.0


@dataclass
class Follower:
    """One screen. `doors` are where it connects: it jumps to the next one when one is lost.

    `sees` are the topics, `only` the one key of headquarters' that a tablet sees.
    """

    name: str
    doors: Sequence[str]
    sees: tuple[str, ...]
    only: str | None = None
    tls: ssl.SSLContext | None = None
    headers: dict[str, str] = field(default_factory=dict)
    seed: int = 0

    def __post_init__(self) -> None:
        self.picture = Picture()
        self.wrong: BaseException | None = None
        self.connected: list[str] = []
        self.resumed = 0
        self.asleep = False
        self._failures, self._losses = 0, 0
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def end(self) -> None:
        """End within a second."""
        self._stop.set()
        self._thread.join(10)

    def known(self) -> dict[str, Any]:
        """The picture as it is."""
        with self._lock:
            return dict(self.picture.states)

    def state(self, key: str) -> dict[str, Any]:
        """What it knows of one thing; empty where that is nothing."""
        found: dict[str, Any] = self.known().get(key) or {}
        return found

    def holds(self, key: str, **said: Any) -> bool:
        """Whether a thing is so in its picture."""
        state = self.state(key)
        return bool(state) and all(state.get(word) == value for word, value in said.items())

    def _run(self) -> None:
        dice = random.Random(self.seed)
        while not self._stop.wait(0.05):
            if self.asleep:
                continue
            try:
                self._follow(self.doors[self._losses % len(self.doors)])
            except (ConnectionClosed, InvalidHandshake, OSError):
                self._failures, self._losses = self._failures + 1, self._losses + 1
                pause = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**self._failures)
                self._stop.wait(dice.uniform(0, pause))
            except BaseException as error:  # the test's thread tells of it
                self.wrong = error
                return

    def _follow(self, door: str) -> None:
        """Until it ends, falls asleep, or the connection is lost: raises then what that was."""
        since = f"&since={self.picture.since}" if self.picture.epoch else ""
        address = f"{door}/api/v1/live?topics={','.join(self.sees)}{since}"
        tls = self.tls if door.startswith("wss") else None
        with connect(
            address, ssl=tls, additional_headers=self.headers, compression=None, proxy=None
        ) as socket:
            self.connected.append(door)
            self.resumed += bool(since)
            self._failures = 0
            while not (self._stop.is_set() or self.asleep):
                try:
                    message = socket.recv(0.2)
                except TimeoutError:
                    continue
                with self._lock:
                    self.picture.hear(json.loads(message))
