"""A poor line to a server of this machine: slow, late, and broken off now and then.

with lossy(port, Line(delay_s=0.3, bytes_per_s=16_000, resets=0.1)) as line:
    ... http://127.0.0.1:{line.port} ...
    line.down()  # nobody gets through, nobody is told why
    line.up()
    assert line.broken > 0
"""

import asyncio
import math
import random
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

from tests.peers.listening import loopback

PIECE: Final = 4096
AHEAD: Final = 64
"""Pieces that are under way in one direction of a connection."""


@dataclass(frozen=True, slots=True)
class Line:
    """`delay_s` one way; `bytes_per_s` each way, which all connections share; `resets` is the
    chance that a connection is reset within each `reset_each` bytes that it carries up and down.
    """

    delay_s: float = 0.0
    bytes_per_s: float = math.inf
    resets: float = 0.0
    reset_each: int = 65_536
    seed: int = 0


@dataclass(eq=False)
class _Connection:
    """One that somebody made, how many bytes it may still carry, and the two ends of it."""

    taken: socket.socket
    left: float
    writers: list[asyncio.StreamWriter] = field(default_factory=list)
    task: "asyncio.Task[None] | None" = None

    def reset(self) -> None:
        """End it at once: both sides get a RST."""
        for bound in (self.taken, *(one.get_extra_info("socket") for one in self.writers)):
            with suppress(OSError):
                bound.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        for writer in self.writers:
            writer.transport.abort()
        if not self.writers:
            self.taken.close()


class Lossy:
    """The line while it is there: `port` is where to connect, `broken` how many were reset."""

    def __init__(self, to: int, line: Line) -> None:
        self.port = 0
        self.broken = 0
        self._to, self._line = to, line
        self._random = random.Random(line.seed)
        self._connections: set[_Connection] = set()
        self._free_at = {True: 0.0, False: 0.0}
        self._loop = asyncio.new_event_loop()
        self._listening: socket.socket | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def down(self) -> None:
        """Break all connections, and take no more."""
        asyncio.run_coroutine_threadsafe(self._down(), self._loop).result(10)

    def up(self) -> None:
        """Take connections, on the same port as before."""
        asyncio.run_coroutine_threadsafe(self._up(), self._loop).result(10)

    def begin(self) -> None:
        """Start."""
        self._thread.start()
        self.up()

    def end(self) -> None:
        """Stop."""
        self.down()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _up(self) -> None:
        if self._listening is None:
            self._listening = loopback(self.port)
            self._listening.listen()
            self._listening.setblocking(False)
            self.port = int(self._listening.getsockname()[1])
            self._loop.add_reader(self._listening, self._accept, self._listening)

    async def _down(self) -> None:
        if self._listening is not None:
            self._loop.remove_reader(self._listening)
            self._listening.close()
            self._listening = None
        tasks = []
        for one in list(self._connections):
            one.reset()
            if one.task is not None:
                one.task.cancel()
                tasks.append(one.task)
        await asyncio.gather(*tasks, return_exceptions=True)
        self._connections.clear()

    def _accept(self, listening: socket.socket) -> None:
        try:
            taken, _ = listening.accept()
        except OSError:
            return
        taken.setblocking(False)
        one = _Connection(taken, self._life())
        self._connections.add(one)
        one.task = self._loop.create_task(self._take(one))

    async def _take(self, one: _Connection) -> None:
        try:
            reader, writer = await asyncio.open_connection(sock=one.taken)
            one.writers.append(writer)
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to)
            one.writers.append(far_writer)
            async with asyncio.TaskGroup() as carried:
                for up, into, out in ((True, reader, far_writer), (False, far_reader, writer)):
                    under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(AHEAD)
                    carried.create_task(self._read(one, into, under_way, up=up))
                    carried.create_task(self._write(under_way, out))
        except* OSError:
            one.reset()
        finally:
            self._connections.discard(one)
            for end in one.writers:
                end.close()

    async def _read(
        self,
        one: _Connection,
        reader: asyncio.StreamReader,
        under_way: "asyncio.Queue[tuple[float, bytes]]",
        *,
        up: bool,
    ) -> None:
        """Take what comes at the line's pace; at the end of it comes nothing."""
        piece = b" "
        while piece:
            piece = await reader.read(PIECE)
            await self._pace(len(piece), up=up)
            one.left -= len(piece)
            if one.left < 0:
                self.broken += 1
                raise ConnectionResetError
            await under_way.put((self._loop.time() + self._line.delay_s, piece))

    async def _write(
        self, under_way: "asyncio.Queue[tuple[float, bytes]]", writer: asyncio.StreamWriter
    ) -> None:
        """Give it to the other side when it is due."""
        while True:
            due, piece = await under_way.get()
            await asyncio.sleep(due - self._loop.time())
            if not piece:
                writer.write_eof()
                return
            writer.write(piece)
            await writer.drain()

    async def _pace(self, size: int, *, up: bool) -> None:
        """Wait until the line has carried so many bytes; one after the other."""
        now = self._loop.time()
        free = max(self._free_at[up], now) + size / self._line.bytes_per_s
        self._free_at[up] = free
        await asyncio.sleep(free - now)

    def _life(self) -> float:
        """After how many bytes a connection breaks."""
        if self._line.resets <= 0:
            return math.inf
        stretches = 0
        while self._random.random() >= self._line.resets:
            stretches += 1
        return (stretches + self._random.random()) * self._line.reset_each


@contextmanager
def lossy(to: int, line: Line) -> Iterator[Lossy]:
    """A line to that port of this machine while the block runs."""
    made = Lossy(to, line)
    made.begin()
    try:
        yield made
    finally:
        made.end()
