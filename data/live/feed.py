"""The live stream read from PostgreSQL by one connection of its own, kept open."""

import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError

from data import tables
from data.database import in_order, transaction
from data.live import outbox as live
from data.live.outbox import LIVE_CHANNEL, LiveState

GLANCE_S: Final = 0.1
"""Seconds within which whoever waits notices that it is to stop."""
PATIENCE_MS = 10_000
"""After this a query that PostgreSQL does not answer counts as lost."""


@dataclass(frozen=True, slots=True)
class Found:
    """What one view of the stream holds: its epoch, its last offset, the states asked for.

    `whole` where those are all that there are, and whatever else was known is gone.
    """

    epoch: str
    last: int
    states: Sequence[LiveState]
    whole: bool


class Feed:
    """A connection that reads, and waits on `LIVE_CHANNEL`; not of the pool, it waits for long.

    Everything raises `sqlalchemy.exc.DBAPIError` or `psycopg.Error` once the connection is lost.
    """

    def __init__(self, engine: Engine) -> None:
        self._connection = engine.connect().execution_options(isolation_level="REPEATABLE READ")
        self._driver: Any = self._connection.connection.driver_connection
        self._connection.detach()
        with self._connection.begin():
            self._connection.execute(sql(f"SET statement_timeout = {PATIENCE_MS}"))
        self._listens = False

    def read(self, epoch: str, offset: int) -> Found:
        """The states after an offset of an epoch, oldest first.

        All of them of another epoch, or where some that are gone after it were left out.
        A last offset below the one asked for is that of a database that lost something.
        """
        with self._connection.begin():
            current, last = live.epoch(self._connection), _last(self._connection)
            if current == epoch:
                newer = tuple(live.since(self._connection, offset))
                if live.forgotten(newer) <= offset:
                    return Found(current, last, newer, whole=False)
            return Found(current, last, tuple(live.since(self._connection, 0)), whole=True)

    def last(self) -> int:
        """The last offset."""
        with self._connection.begin():
            return _last(self._connection)

    def listen(self) -> None:
        """Be told from now on. Whoever listens must wait: what nobody takes, the driver keeps."""
        with self._connection.begin():
            self._connection.execute(sql(f"LISTEN {LIVE_CHANNEL}"))
        self._listens = True

    def wait(self, timeout_s: float, stop: threading.Event) -> str | None:
        """The offset that somebody has put meanwhile; None where nobody woke us in time, or who
        waits is told to stop.

        Who did not listen yet is told nothing and at once: what was put before is to be read.
        """
        if not self._listens:
            self.listen()
            return None
        woken, until = None, time.monotonic() + timeout_s
        while woken is None and not stop.is_set() and (left := until - time.monotonic()) > 0:
            for told in self._driver.notifies(timeout=min(left, GLANCE_S), stop_after=1):
                woken = told.payload
        return woken

    def close(self) -> None:
        """Let the connection go; one that is lost already is no error."""
        with suppress(DBAPIError):
            self._connection.close()


def begin_epoch(engine: Engine, known: str, lost: int) -> None:
    """Begin another epoch than the known one, unless somebody did, or the lost offset is back.

    For a database that fell back behind what was told already, such as a standby that took over:
    its next offsets would be taken for known ones.
    """
    with transaction(engine, latest=True) as connection:
        in_order(connection)
        if live.epoch(connection) == known and _last(connection) < lost:
            live.begin_epoch(connection)


def _last(connection: Connection) -> int:
    query = select(func.coalesce(func.max(tables.live_state.c.number), 0))
    return int(connection.execute(query).scalar_one())
