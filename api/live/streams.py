"""One follower's connection: a WebSocket, or a stream of server-sent events."""

import asyncio
from collections import deque
from contextlib import suppress
from random import randint
from typing import Any, Final

from fastapi import Response
from starlette.requests import HTTPConnection
from starlette.types import Receive, Scope, Send

from api.caller import credential_of
from api.live.follow import Crier
from api.live.follower import NOT_WANTED, RESTART, TOO_LONG, Follower
from api.live.sockets import ABORT, WRITE
from operations.live.now import View

LONGEST_WORD: Final = 1024
"""Bytes of a message from a client; none is needed."""
WORDS: Final = 5
WORDS_WITHIN_S: Final = 60
CLOSE_WITHIN_S: Final = 2
Since = tuple[str, int] | None


class Socket:
    """A WebSocket, by its plain ASGI messages."""

    __slots__ = ("_closing", "_receive", "_scope", "_send")

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._closing: asyncio.Task[None] | None = None

    async def follow(self, crier: Crier, view: View, since: Since) -> None:
        """Accept, and stay until one side ends."""
        await self._receive()
        try:
            await self._send({"type": "websocket.accept"})
        except OSError:
            return  # it hung up meanwhile
        follower = Follower(view, since, self._say)
        follower.cut, follower.write = self._cut, self._scope["extensions"].get(WRITE)
        follower.credential = credential_of(HTTPConnection(self._scope))
        try:
            crier.add(follower)
            await self._listen()
        finally:
            crier.remove(follower)

    async def _say(self, message: str, _: str) -> None:
        await self._send({"type": "websocket.send", "text": message})

    async def _listen(self) -> None:
        """Until it hangs up; a client has nothing to say, so one that talks is let go."""
        heard: deque[float] | None = None
        while True:
            message = await self._receive()
            if message["type"] == "websocket.disconnect":
                return
            if len(message.get("bytes") or (message.get("text") or "").encode()) > LONGEST_WORD:
                self._cut(TOO_LONG)
            now = asyncio.get_running_loop().time()
            heard = heard or deque(maxlen=WORDS)
            if len(heard) == WORDS and now - heard[0] < WORDS_WITHIN_S:
                self._cut(NOT_WANTED)
            heard.append(now)

    def _cut(self, code: int) -> None:
        """Say goodbye if it listens, and hang up. When the server ends, the server says it."""
        if self._closing is None and code != RESTART:
            self._closing = asyncio.get_running_loop().create_task(self._close(code))

    async def _close(self, code: int) -> None:
        message = {"type": "websocket.close", "code": code}
        try:
            await asyncio.wait_for(self._send(message), CLOSE_WITHIN_S)
        except TimeoutError:
            abort = self._scope["extensions"].get(ABORT)
            if abort:
                abort()
        except (OSError, RuntimeError):
            return  # it is closed already


class Events(Response):
    """A response that goes on: `text/event-stream`."""

    media_type = "text/event-stream"

    def __init__(self, crier: Crier, view: View, since: Since) -> None:
        super().__init__(headers={"cache-control": "no-store", "x-accel-buffering": "no"})
        del self.headers["content-length"]
        self._crier, self._view, self._since = crier, view, since

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stream until one side ends."""
        gone = asyncio.get_running_loop().create_future()

        async def say(message: str, stands_at: str) -> None:
            await send(_body(_event(message, stands_at)))

        def cut(code: int) -> None:
            if not gone.done():
                gone.set_result(code)

        follower = Follower(self._view, self._since, say)
        follower.cut = cut
        follower.credential = credential_of(HTTPConnection(scope))
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        await send(start)
        await send(_body(f"retry: {randint(1000, 5000)}\n\n"))  # noqa: S311
        hung_up = asyncio.get_running_loop().create_task(_hung_up(receive, cut))
        try:
            self._crier.add(follower)
            await gone
        finally:
            hung_up.cancel()
            self._crier.remove(follower)
        with suppress(OSError, TimeoutError):
            last = {"type": "http.response.body", "body": b"", "more_body": False}
            await asyncio.wait_for(send(last), CLOSE_WITHIN_S)


async def _hung_up(receive: Receive, cut: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    cut(0)


def _event(message: str, stands_at: str) -> str:
    if message.startswith('{"heartbeat"'):
        return f": heartbeat\nevent: heartbeat\ndata: {message}\n\n"
    return f"id: {stands_at}\ndata: {message}\n\n"


def _body(text: str) -> dict[str, Any]:
    return {"type": "http.response.body", "body": text.encode(), "more_body": True}
