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


class Looks:
    """Those of one server process."""

    def __init__(self, hangs_s: float = HANGS_S) -> None:
        self._hangs_s = hangs_s
        self._waiting: list[tuple[list[Credential], asyncio.Future[Found]]] = []
        self._limiter = CapacityLimiter(AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()
        self._under_way = 0
        self._began = 0.0

    async def callers(self, engine: Engine, credentials: list[Credential]) -> Found:
        """Whom these let in, and perhaps others. Raises `NoDatabase`."""
        found: asyncio.Future[Found] = asyncio.get_running_loop().create_future()
        self._waiting.append((credentials, found))
        hangs = time.monotonic() - self._began >= self._hangs_s
        if not self._under_way or (hangs and self._under_way < AT_ONCE):
            self._under_way += 1
            task = asyncio.create_task(self._look(engine))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await found

    async def _look(self, engine: Engine) -> None:
        try:
            await self._look_for_all(engine)
        finally:
            # In the same step that found nobody waiting: who comes next begins a look of their own,
            # where a task's callback would run a step too late for them.
            self._under_way -= 1

    async def _look_for_all(self, engine: Engine) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            self._began = time.monotonic()
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


def _still(
    batch: list[tuple[list[Credential], asyncio.Future[Found]]],
) -> list[asyncio.Future[Found]]:
    """Those whose caller has not gone meanwhile."""
    return [waiting for _, waiting in batch if not waiting.done()]
