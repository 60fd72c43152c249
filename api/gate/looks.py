"""Looks into the database for who calls: those who wait for one are looked up together.

While a look is under way the others gather, and the next one is for them all. Nothing is kept: who
was let in no longer before a look began is not let in by it.
"""

import asyncio
import time
from collections.abc import Mapping
from functools import partial
from typing import Final, TypeAlias

from anyio import CapacityLimiter, to_thread
from sqlalchemy import Engine

from city.staff import Caller
from operations.people.signing import Credential, callers_of
from operations.serving import utc_now

AT_ONCE: Final = 8
"""With the database hanging, threads are left for what needs none."""
HANGS_S: Final = 1.0
"""A look that takes longer is waited for by nobody else."""

Found: TypeAlias = Mapping[Credential, Caller]
Waiting: TypeAlias = tuple[list[Credential], asyncio.Future[Found]]


class Looks:
    """Those of one server process."""

    def __init__(self, hangs_s: float = HANGS_S) -> None:
        self._hangs_s = hangs_s
        self._waiting: list[Waiting] = []
        self._limiter = CapacityLimiter(AT_ONCE)
        self._under_way: dict[asyncio.Task[None], float] = {}

    async def callers(self, engine: Engine, credentials: list[Credential]) -> Found:
        """Whom these let in, and perhaps others. Raises `NoDatabase`."""
        found: asyncio.Future[Found] = asyncio.get_running_loop().create_future()
        self._waiting.append((credentials, found))
        try:
            while not found.done():
                self._begin(engine)
                await asyncio.wait({found}, timeout=self._hangs_s)
            return found.result()
        finally:
            found.cancel()

    def _begin(self, engine: Engine) -> None:
        """Begin a look if somebody waits, and all that are under way hang."""
        fresh = time.monotonic() - self._hangs_s
        if any(began > fresh for began in self._under_way.values()):
            return
        if _still(self._waiting) and len(self._under_way) < AT_ONCE:
            look = asyncio.create_task(self._look(engine))
            self._under_way[look] = time.monotonic()
            look.add_done_callback(partial(self._ended, engine))

    def _ended(self, engine: Engine, look: asyncio.Task[None]) -> None:
        del self._under_way[look]
        self._begin(engine)

    async def _look(self, engine: Engine) -> None:
        batch, self._waiting = self._waiting, []
        asked = {one for credentials, _ in batch for one in credentials}
        look = partial(callers_of, engine, asked, now=utc_now())
        try:
            found = await to_thread.run_sync(look, limiter=self._limiter)
        except Exception as error:
            for waiting in _still(batch):
                waiting.set_exception(error)
        else:
            for waiting in _still(batch):
                waiting.set_result(found)


def _still(batch: list[Waiting]) -> list[asyncio.Future[Found]]:
    """Those whose caller has not gone meanwhile."""
    return [waiting for _, waiting in batch if not waiting.done()]
