"""Those who follow the live stream on this server's event loop.

What waits for a follower is one number, the offset up to which it was sent all: whatever came after
is made from the newest states when its connection takes more. So nobody is sent a state that was
overtaken meanwhile, nobody misses the newest one, and nothing grows behind a slow connection.
"""

import asyncio
import logging
import time
from random import randrange
from typing import Final

from sqlalchemy import Engine

from api.live.follower import NOT_WANTED, RESTART, Follower
from api.live.rechecks import Rechecks
from api.live.sockets import frame_of
from operations.live.hub import LiveHub
from operations.live.now import heartbeat
from operations.serving import utc_now

BEAT_S: Final = 15
"""Seconds between heartbeats; each follower has its own second of these. It is then also looked
again whether staff still are: sessions grow old by themselves. Whoever is ended goes at once."""
STALLED_S: Final = 30
"""Seconds without taking a message after which a follower is cut off."""
AT_ONCE: Final = 100
"""Followers told before others, such as pages, have their turn."""

log = logging.getLogger("nigemichi.live")


class Crier:
    """Tells followers what is new, sends heartbeats, and cuts off who takes nothing."""

    def __init__(self, hub: LiveHub, engine: Engine | None = None) -> None:
        self.hub, self._rechecks = hub, Rechecks(engine)
        self.closing = False
        self._turns: list[set[Follower]] = [set() for _ in range(BEAT_S)]
        self._busy: set[Follower] = set()
        self._new = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._let_in = hub.now.let_in
        self._work = [self._loop.create_task(self._cry()), self._loop.create_task(self._tick())]

    def wake(self) -> None:
        """The stream went on; called in any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._new.set)

    def add(self, follower: Follower) -> None:
        """Tell it where the stream stands, and all that comes.

        Whoever was let in just before they were ended is found out at once.
        """
        self._turns[randrange(BEAT_S)].add(follower)  # noqa: S311
        self._tell(follower)
        self._rechecks.look_at([follower])

    def remove(self, follower: Follower) -> None:
        """It is gone."""
        follower.gone = True
        for turn in self._turns:
            turn.discard(follower)
        # Its task may never have begun: one that is cancelled before runs no `finally`.
        self._busy.discard(follower)
        if follower.task is not None:
            follower.task.cancel()

    def close(self) -> None:
        """Let everybody go at once: the server ends."""
        self.closing = True
        for turn in self._turns:
            for follower in list(turn):
                follower.cut(RESTART)

    async def end(self) -> None:
        """End the own work."""
        for task in self._work:
            task.cancel()
        await asyncio.gather(*self._work, return_exceptions=True)
        await self._rechecks.end()

    async def _cry(self) -> None:
        while True:
            await self._new.wait()
            self._new.clear()
            if self.hub.now.let_in != self._let_in:
                self._let_in = self.hub.now.let_in
                everybody = [one for turn in self._turns for one in turn]
                self._rechecks.look_at(everybody, at_once=True)
            for turn in self._turns:
                await self._tell_all(list(turn), beat=False)

    async def _tick(self) -> None:
        second = 0
        while True:
            await asyncio.sleep(1)
            second += 1
            self._cut_stalled()
            turn = list(self._turns[second % BEAT_S])
            await self._tell_all(turn, beat=True)
            self._rechecks.look_at(turn)

    async def _tell_all(self, followers: list[Follower], *, beat: bool) -> None:
        for number, follower in enumerate(followers):
            follower.beat |= beat
            try:
                self._tell(follower)
            except Exception as error:  # whatever is wrong with one, the others must be told
                log.warning("a live connection failed: %s", type(error).__name__)
                follower.cut(NOT_WANTED)
            if number % AT_ONCE == AT_ONCE - 1:
                await asyncio.sleep(0)

    def _tell(self, follower: Follower) -> None:
        """What it takes at once is written; for the rest a task of its own waits."""
        if follower.gone or follower.task is not None:
            return
        message = self._next(follower)
        while message is not None and follower.write and follower.write(frame_of(message)):
            message = self._next(follower)
        if message is not None:
            follower.moved = time.monotonic()
            self._busy.add(follower)
            follower.task = self._loop.create_task(self._catch_up(follower, message))

    async def _catch_up(self, follower: Follower, message: str | None) -> None:
        """Send until it knows all; waits as long as its connection takes nothing."""
        try:
            while message is not None:
                await follower.say(message, f"{follower.epoch}:{follower.offset}")
                follower.moved = time.monotonic()
                message = self._next(follower)
        except OSError:
            return  # it hung up
        finally:
            follower.task = None
            self._busy.discard(follower)

    def _next(self, follower: Follower) -> str | None:
        """What it has not been told, or else the heartbeat that is due."""
        message = follower.next_message(self.hub.now)
        if message is None and follower.beat:
            follower.beat = False
            message = self._beat(follower)
        return message

    def _beat(self, follower: Follower) -> str:
        return heartbeat(follower.epoch, follower.offset, utc_now(), self.hub.checked_at)

    def _cut_stalled(self) -> None:
        limit = time.monotonic() - STALLED_S
        for follower in [one for one in self._busy if one.moved < limit]:
            log.warning("a live connection took nothing for %d s: cut off", STALLED_S)
            follower.cut(NOT_WANTED)
