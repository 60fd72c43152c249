"""Two plain servers that send a line of their standard input to everybody, to compare with.

Run as `python -m tests.benchmarks.socketpeers broadcast|fastapi PORT`.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import uvicorn
import uvloop
from fastapi import FastAPI, WebSocket
from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed

Send = Callable[[str], Awaitable[None]]


async def each_line(send: Send) -> None:
    """Call `send` for each line of standard input, until it ends."""
    lines: asyncio.Queue[str] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def read() -> None:
        for line in os.read(0, 65536).decode().splitlines():
            lines.put_nowait(line)

    loop.add_reader(0, read)
    while True:
        await send(await lines.get())


async def with_broadcast(port: int) -> None:
    """websockets' own server and its `broadcast()`."""
    everybody: set[ServerConnection] = set()

    async def follow(socket: ServerConnection) -> None:
        everybody.add(socket)
        try:
            async for _ in socket:
                pass
        except ConnectionClosed:
            pass
        finally:
            everybody.discard(socket)

    async def send(line: str) -> None:
        broadcast(everybody, line)

    async with serve(follow, "127.0.0.1", port, compression=None, backlog=4096):
        await each_line(send)


def with_fastapi(port: int) -> None:
    """A plain loop over all sockets, as tutorials have it."""
    everybody: set[WebSocket] = set()

    async def send(line: str) -> None:
        for socket in list(everybody):
            await socket.send_text(line)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        task = asyncio.create_task(each_line(send))
        yield
        task.cancel()

    app = FastAPI(lifespan=lifespan)

    @app.websocket("/api/v1/live")
    async def follow(socket: WebSocket) -> None:
        await socket.accept()
        everybody.add(socket)
        try:
            while True:
                await socket.receive_text()
        finally:
            everybody.discard(socket)

    settings = {"log_level": "critical", "ws_per_message_deflate": False, "backlog": 4096}
    uvicorn.run(app, host="127.0.0.1", port=port, ws="websockets-sansio", **settings)  # type: ignore[arg-type]


if __name__ == "__main__":
    if sys.argv[1] == "broadcast":
        uvloop.run(with_broadcast(int(sys.argv[2])))
    else:
        with_fastapi(int(sys.argv[2]))
