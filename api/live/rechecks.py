"""Whether the staff who follow the live stream still are: those who are no longer are let go.

All who wait for a look into the database are looked at together, one look after the other.
"""

import asyncio
from collections.abc import Iterable
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from api.live.follower import NOT_WANTED, Follower
from data.errors import NoDatabase
from operations.people.signing import still_hold
from operations.serving import utc_now

AWAY: Final = (NoDatabase, SQLAlchemyError)


class Rechecks:
    """Those of one server's event loop; without a database nobody is let go."""

    def __init__(self, engine: Engine | None) -> None:
        self._engine = engine
        self._due: set[Follower] = set()
        self._looks: set[asyncio.Task[None]] = set()
        self._under_way = 0

    def look_at(self, followers: Iterable[Follower], *, at_once: bool = False) -> None:
        """Look at the staff among them, and at those whom the last look failed.

        `at_once` waits for no other look, which may hang.
        """
        if self._engine is None:
            return
        self._due.update(one for one in followers if one.credential is not None)
        if self._due and (at_once or not self._under_way):
            self._under_way += 1
            look = asyncio.create_task(self._look_at_all(self._engine))
            self._looks.add(look)
            look.add_done_callback(self._looks.discard)

    async def end(self) -> None:
        """End what is under way."""
        looks = list(self._looks)
        for look in looks:
            look.cancel()
        await asyncio.gather(*looks, return_exceptions=True)

    async def _look_at_all(self, engine: Engine) -> None:
        try:
            while self._due:
                await self._look(engine)
        except AWAY:
            return  # whoever calls `look_at` next, within a second, has them looked at too
        finally:
            # In the same step that found nobody due: whoever comes next begins a look of their own.
            self._under_way -= 1

    async def _look(self, engine: Engine) -> None:
        staff = [one for one in self._due if not one.gone]
        self._due.clear()
        shown = {one.credential for one in staff if one.credential is not None}
        try:
            holding = await asyncio.to_thread(still_hold, engine, shown, now=utc_now())
        except AWAY:
            self._due.update(staff)
            raise
        for follower in staff:
            if follower.credential not in holding:
                follower.cut(NOT_WANTED)
