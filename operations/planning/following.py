"""The planner's life: one is at work on a database, others stand by and serve what it publishes."""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any, Final, Protocol

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from data import mapped, plans
from data.database import CHANNEL, transaction
from data.errors import NoCity, NoDatabase
from operations.planning.asked import ask
from operations.planning.folder import trying_to_write, writing
from operations.planning.standing import Folders, Standing
from operations.tiling import Tiler

PLANNER_LOCK: Final = 7_310_002
LOOK_S: Final = 0.5
"""Seconds between two looks, where nobody wakes it: a standby takes over within so much."""

log = logging.getLogger("nigemichi.planner")


class Works(Protocol):
    """Whoever catches up with the database."""

    engine: Engine
    folders: Folders
    standing: Standing | None
    clock: Callable[[], datetime]

    def catch_up(self, still_mine: Callable[[], None] = ...) -> bool:
        """See `Planner`."""
        ...


class Following:
    """Follows the database until told to stop."""

    def __init__(self, planner: Works, stop: threading.Event, told: Callable[[str], None]) -> None:
        self._planner, self._stop, self._told = planner, stop, told
        self._complaint = ""
        self._tiler = Tiler()

    def run(self) -> None:
        """Whatever fails is said and tried again."""
        while not self._stop.is_set():
            try:
                self._follow()
            except Exception as error:  # nothing but being told to may end the planner
                with suppress(OSError, ValueError):  # of a terminal that is gone
                    self._told(self._failed(error))
                self._stop.wait(1)
        self._tiler.close()

    def _failed(self, error: Exception) -> str:
        """A failure in a line; of one that nobody foresaw the log has the rest, once.

        After any but the database's, what is published is looked at anew.
        """
        first = next(iter(str(error).splitlines()), "")
        if isinstance(error, NoDatabase | DBAPIError | psycopg.Error):
            return f"waiting for PostgreSQL: {first}"
        self._planner.standing = None
        words = f"trying again: {type(error).__name__}: {first}"
        if words != self._complaint and not isinstance(error, OSError):
            log.error("the planner failed", exc_info=error)
        self._complaint = words
        return words

    def _follow(self) -> None:
        with self._planner.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            # Closed afterwards, not pooled: its lock would keep the next attempt out.
            connection.detach()
            driver.set_autocommit(True)
            self._lock(driver)
            driver.execute(f"LISTEN {CHANNEL}")
            with writing(self._planner.folders.state, self._stop):
                self._work(driver)

    def _work(self, driver: Any) -> None:
        waiting = False
        while not self._stop.is_set():
            try:
                self._planner.catch_up(lambda: driver.execute("SELECT 1"))
                waiting = False
                self._draw()
            except NoCity as error:
                if not waiting:
                    self._told(str(error))
                waiting = True
            for _ in driver.notifies(timeout=LOOK_S, stop_after=1):
                pass

    def _draw(self) -> None:
        """Have the map tiles of what is published drawn, without waiting for them."""
        if self._planner.standing:
            load = self._planner.standing.origin.load
            self._tiler.look_after(self._planner.folders.of_load(load))

    def _lock(self, driver: Any) -> None:
        """Wait until no other planner is at work on this database, and follow what it publishes."""
        said = False
        while not self._stop.is_set():
            row = driver.execute("SELECT pg_try_advisory_lock(%s)", (PLANNER_LOCK,)).fetchone()
            if row[0]:
                return
            if not said:
                self._told("another planner is at work: standing by")
                said = True
            with trying_to_write(self._planner.folders.state) as mine:
                if mine:
                    self._mirror()
            self._stop.wait(LOOK_S)

    def _mirror(self) -> None:
        """Serve on this machine what the other planner has published."""
        planner = self._planner
        with suppress(NoCity), transaction(planner.engine) as connection:
            asked, newest = ask(connection, planner.clock()), plans.find_newest(connection)
            if newest is None or newest.load != asked.origin.load:
                return
            mine = planner.standing
            if not (mine and mine.number == newest.number and planner.folders.is_whole(mine)):
                there = planner.folders.has_ground(newest.load)
                same = mine is not None and mine.origin.load == newest.load and there
                basis = mine.basis if mine and same else None
                basis = basis or planner.folders.basis(connection, asked.load)
                planner.standing = planner.folders.mirrored(connection, basis, newest)
            if planner.standing and newest.change == asked.origin.change:
                mapped.say_checked(planner.folders.state, asked.at)
