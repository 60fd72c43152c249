"""Ten thousand followers in a process of their own, as cheap as they can be.

Run as `python -m tests.benchmarks.socketclients PORT PATH COUNT MARK`. It connects, says so, and
then for each number on its standard input waits until every follower was sent MARK and the number,
and says at which moments of the monotonic clock that was. A follower that loses its connection
comes back as `web/static/live.js` does.
"""

import asyncio
import os
import random
import struct
import sys
import time
from array import array
from typing import cast

import orjson
import uvloop

TIMEOUT_S = 60.0
SHORTEST_S, LONGEST_S = 0.5, 30.0
AT_A_TIME = 200


class Followers:
    """What they were sent, counted together."""

    def __init__(self, port: int, path: str, count: int, mark: bytes) -> None:
        self.port, self.path, self.count, self.mark = port, path, count, mark
        self.connected = 0
        self.heard: dict[int, array[float]] = {}
        self.back = array("d")
        self.changed = asyncio.Event()
        self.slots = asyncio.Semaphore(AT_A_TIME)

    def saw(self, number: int) -> None:
        """One follower was sent that number."""
        self.heard.setdefault(number, array("d")).append(time.monotonic())
        if len(self.heard[number]) >= self.count:
            self.changed.set()

    async def until(self, holds: object, *, limit_s: float = TIMEOUT_S) -> bool:
        """Wait for something that a follower brings about."""
        end = time.monotonic() + limit_s
        while not holds():  # type: ignore[operator]
            if time.monotonic() > end:
                return False
            self.changed.clear()
            try:
                await asyncio.wait_for(self.changed.wait(), 0.05)
            except TimeoutError:
                continue
        return True

    async def connect(self, failures: int = 0) -> None:
        """Connect one; tried again with full jitter."""
        loop = asyncio.get_running_loop()
        while True:
            follower = Follower(self)
            try:
                async with self.slots:
                    await loop.create_connection(lambda f=follower: f, "127.0.0.1", self.port)
                    await asyncio.wait_for(follower.shaken, 10)
                return
            except (OSError, TimeoutError):
                if follower.transport is not None:
                    follower.transport.abort()
                failures += 1
                pause = min(LONGEST_S, SHORTEST_S * 2**failures)
                await asyncio.sleep(random.uniform(0, pause))


class Follower(asyncio.Protocol):
    """A WebSocket client that understands what a server sends, and answers pings."""

    __slots__ = ("all", "buffer", "open", "shaken", "transport")

    def __init__(self, followers: Followers) -> None:
        self.all = followers
        self.buffer = b""
        self.open = False
        self.shaken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        self.transport = cast(asyncio.Transport, transport)
        self.transport.write(
            f"GET {self.all.path} HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        """Shake hands, then take frame by frame."""
        data = self.buffer + data if self.buffer else data
        if not self.open:
            head, found, data = data.partition(b"\r\n\r\n")
            if not found:
                self.buffer = head
                return
            if not head.startswith(b"HTTP/1.1 101") or self.shaken.done():
                assert self.transport is not None
                self.transport.abort()
                return
            self.open = True
            self.all.connected += 1
            self.all.back.append(time.monotonic())
            self.all.changed.set()
            self.shaken.set_result(None)
        self.buffer = self._frames(data)

    def _frames(self, data: bytes) -> bytes:
        while len(data) >= 2:
            size, start = data[1], 2
            if size == 126:
                start = 4
                size = int.from_bytes(data[2:4], "big") if len(data) >= 4 else 1 << 40
            elif size == 127:
                start = 10
                size = int.from_bytes(data[2:10], "big") if len(data) >= 10 else 1 << 40
            if len(data) < start + size:
                return data
            self._frame(data[0] & 15, data[start : start + size])
            data = data[start + size :]
        return data

    def _frame(self, opcode: int, payload: bytes) -> None:
        if opcode == 9:
            assert self.transport is not None
            head = struct.pack("!BB4x", 0x8A, 0x80 | len(payload))
            self.transport.write(head + payload)
            return
        mark = self.all.mark
        at = payload.rfind(mark)
        if opcode == 1 and at >= 0:
            digits = payload[at + len(mark) : at + len(mark) + 12].split(b"}")[0].split(b",")[0]
            self.all.saw(int(digits))

    def connection_lost(self, exc: Exception | None) -> None:
        """Come back."""
        if not self.shaken.done():
            self.shaken.set_exception(ConnectionError())
        elif self.open:
            self.all.connected -= 1
            loop = asyncio.get_running_loop()
            wait = random.uniform(0, SHORTEST_S)
            loop.call_later(wait, lambda: loop.create_task(self.all.connect()))


async def main(port: int, path: str, count: int, mark: bytes) -> None:
    """Connect, and follow the orders on standard input."""
    all_ = Followers(port, path, count, mark)
    began = time.monotonic()
    tasks = [asyncio.create_task(all_.connect()) for _ in range(count)]
    done = await all_.until(lambda: all_.connected >= count)
    say({"connected": all_.connected, "seconds": time.monotonic() - began, "all": done})
    await asyncio.gather(*tasks)
    orders: asyncio.Queue[bytes] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    loop.add_reader(0, lambda: [orders.put_nowait(word) for word in os.read(0, 4096).split()])
    while (order := await orders.get()) != b"end":
        if order == b"back":
            await all_.until(lambda: all_.connected == 0, limit_s=5)
            del all_.back[:]
            done = await all_.until(lambda: all_.connected >= count)
            say({"connected": all_.connected, "at": list(all_.back)})
            continue
        number = int(order)
        await all_.until(lambda n=number: len(all_.heard.get(n, ())) >= count, limit_s=20)
        say({"number": number, "at": list(all_.heard.pop(number, ()))})


def say(table: object) -> None:
    """A line for whoever started this."""
    sys.stdout.buffer.write(orjson.dumps(table) + b"\n")
    sys.stdout.flush()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4].encode()))
