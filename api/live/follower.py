"""One who follows the live stream: what it may see, and up to where it was told."""

import asyncio
from collections.abc import Awaitable, Callable

from operations.live.now import LiveNow, View
from operations.people.signing import Credential

TOO_LONG, NOT_WANTED, RESTART = 1009, 1008, 1012
"""Codes with which a socket is closed."""

Say = Callable[[str, str], Awaitable[None]]
"""Sends a message; its second argument is where the stream stands after it, "epoch:offset"."""
Write = Callable[[bytes], bool]
"""Writes a frame at once, if the connection takes it."""


class Follower:
    """One connection. Once it is `gone` it is told nothing, whoever still holds it."""

    __slots__ = (
        "beat",
        "credential",
        "cut",
        "epoch",
        "gone",
        "moved",
        "offset",
        "say",
        "task",
        "view",
        "write",
    )

    def __init__(self, view: View, since: tuple[str, int] | None, say: Say) -> None:
        self.view, self.say = view, say
        self.epoch, self.offset = since or ("", 0)
        self.beat = True
        self.gone = False
        self.moved = 0.0
        self.task: asyncio.Task[None] | None = None
        self.cut: Callable[[int], None] = lambda code: None
        self.write: Write | None = None
        self.credential: Credential | None = None

    def next_message(self, now: LiveNow) -> str | None:
        """What it has not been told, None if there is nothing; counts as told from here on."""
        if not now.epoch:
            return None
        if not now.tells_from(self.epoch, self.offset):
            self.epoch, self.offset = now.epoch, now.offset
            return now.message(self.view, None)
        if self.offset >= now.offset:
            return None
        known, self.offset = self.offset, now.offset
        return now.message(self.view, known)
