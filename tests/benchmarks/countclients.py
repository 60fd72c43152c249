"""Tablets that count without end, in a process of their own, as cheap as they can be.

Run as `python -m tests.benchmarks.countclients PORT TOKENS ACKNOWLEDGED`: `TOKENS` is a file of one
tablet's token a line, and the ids that the server has acknowledged go into `ACKNOWLEDGED`. For each
line `RATE SECONDS` on its standard input the tablets send so many counts a second, one in a
request, and one after the other each; a rate of 0 is as fast as it goes. It says what it was told.
"""

import asyncio
import os
import sys
import time
from array import array
from binascii import hexlify
from collections import Counter, deque
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import orjson
import uvloop

PATH = "/api/v1/desk/counts"
LAST_S = 10.0
"""How long answers are awaited after the last count."""


class Tablet(asyncio.Protocol):
    """Sends one count, and the next one when it has its answer; until then it keeps them."""

    def __init__(self, token: str, run: "Run") -> None:
        self.run, self.due = run, deque[float]()
        self._head = (
            f"POST {PATH} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n"
            "Accept-Encoding: gzip\r\nContent-Type: application/json\r\nContent-Length: "
        ).encode()
        self._sent = b""
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It may send."""
        self._transport = cast(asyncio.Transport, transport)

    def press(self, due: float) -> None:
        """A count that is to be sent at a moment of the monotonic clock."""
        self.due.append(due)
        if not self._sent:
            self._send()

    def _send(self) -> None:
        assert self._transport
        self._sent = hexlify(os.urandom(16))
        at = datetime.now(UTC).isoformat().encode()
        body = b'{"sent_at":"%b","counts":[{"id":"%b","kind":"change","persons":1,"at":"%b"}]}'
        body %= at, self._sent, at
        self._transport.write(self._head + b"%d\r\n\r\n" % len(body) + body)

    def data_received(self, data: bytes) -> None:
        """The answer, or a part of it."""
        data = self._buffer = self._buffer + data
        head, found, body = data.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        if len(body) < length:
            return
        self.run.answered(int(head[9:12]), self._sent, self.due.popleft())
        self._buffer = self._sent = b""
        if self.due:
            self._send()
        elif self.run.is_endless:
            self.press(time.monotonic())


class Run:
    """What all tablets were told in one go."""

    def __init__(self, acknowledged: Path) -> None:
        self.tablets: list[Tablet] = []
        self.is_endless = False
        self._file = acknowledged
        self._begin()

    def _begin(self) -> None:
        self.latencies, self.statuses, self.ids = array("d"), Counter[int](), list[bytes]()

    def answered(self, status: int, number: bytes, due: float) -> None:
        """One count was answered; a count that had to wait has waited since it was due."""
        self.statuses[status] += 1
        if status == 200:
            self.latencies.append(time.monotonic() - due)
            self.ids.append(number)

    async def at(self, rate: float, seconds: float) -> dict[str, object]:
        """Send for so long, and await the last answers."""
        self._begin()
        before, began = time.process_time(), time.monotonic()
        await (self._paced(rate, seconds) if rate else self._endless(seconds))
        end = time.monotonic() + LAST_S
        while any(tablet.due for tablet in self.tablets) and time.monotonic() < end:
            await asyncio.sleep(0.001)
        took, cpu_s = time.monotonic() - began, time.process_time() - before
        with self._file.open("ab") as stream:
            stream.writelines(number + b"\n" for number in self.ids)
        open_ = sum(len(tablet.due) for tablet in self.tablets)
        told = {str(status): count for status, count in self.statuses.items()}
        latencies = list(self.latencies)
        return {
            **{"seconds": took, "cpu_s": cpu_s, "latencies": latencies},
            **{"statuses": told, "open": open_},
        }

    async def _paced(self, rate: float, seconds: float) -> None:
        began, number = time.monotonic(), 0
        while number < rate * seconds:
            while (due := began + number / rate) <= time.monotonic():
                self.tablets[number % len(self.tablets)].press(due)
                number += 1
            await asyncio.sleep(0.002)

    async def _endless(self, seconds: float) -> None:
        self.is_endless = True
        for tablet in self.tablets:
            tablet.press(time.monotonic())
        await asyncio.sleep(seconds)
        self.is_endless = False


async def main(port: int, tokens: Path, acknowledged: Path) -> None:
    """Connect, and do what standard input says."""
    run, loop = Run(acknowledged), asyncio.get_running_loop()
    for token in tokens.read_text().split():
        tablet = Tablet(token, run)
        await loop.create_connection(lambda made=tablet: made, "127.0.0.1", port)
        run.tablets.append(tablet)
    while line := await asyncio.to_thread(sys.stdin.readline):
        rate, seconds = map(float, line.split())
        sys.stdout.buffer.write(orjson.dumps(await run.at(rate, seconds)) + b"\n")
        sys.stdout.flush()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])))
