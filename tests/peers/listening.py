"""The port of a peer: closed when it is off, and opened again on the same number."""

import asyncio
import socket
from typing import Protocol

import uvicorn
from starlette.types import ASGIApp


class Listener(Protocol):
    """The side that stands for the carrier."""

    async def open(self, port: int) -> int:
        """Listen on that port (0: any), and return it."""

    async def close(self) -> None:
        """Listen no more, and drop who is connected."""


class HttpListener:
    """An ASGI application on a loopback port, which can be closed and opened again."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._server: uvicorn.Server | None = None
        self._running: asyncio.Task[None] | None = None

    async def open(self, port: int) -> int:
        """Listen; returns the port."""
        listening = loopback(port)
        config = uvicorn.Config(
            self._app, log_level="critical", access_log=False, lifespan="off", timeout_keep_alive=60
        )
        self._server = uvicorn.Server(config)
        self._running = asyncio.create_task(self._server.serve(sockets=[listening]))
        while not self._server.started:
            await asyncio.sleep(0.001)
        return int(listening.getsockname()[1])

    async def close(self) -> None:
        """Listen no more, and wait for nobody."""
        if self._server is not None and self._running is not None:
            self._server.should_exit = self._server.force_exit = True
            await self._running
            self._server = self._running = None


def loopback(port: int) -> socket.socket:
    """A socket bound to that port of 127.0.0.1."""
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind(("127.0.0.1", port))
    return bound
