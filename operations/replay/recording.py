"""The recorder: keeps what headquarters sees, whenever it changes and at least once a minute.

It works beside the planner and never stops it; a database that went away is waited for. Single by
an advisory lock: two machines record one night once.
"""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Engine

from data import replay
from data.database import transaction
from data.errors import NoCity, NoDatabase
from data.places.placerows import city_of
from data.replay import Last, Mark, State
from operations.board.state import board_state
from operations.replay.forgetting import forget
from operations.replay.settings import kept_for

RECORDER_LOCK: Final = 7_310_012
EVERY_S: Final = 1.0
AT_MOST_EACH: Final = timedelta(seconds=2)
AT_LEAST_EACH: Final = timedelta(seconds=60)
"""What is shown may grow old without anything being recorded."""
FORGETS_EACH: Final = timedelta(hours=1)

log = logging.getLogger("nigemichi.recorder")
See = Callable[[Connection, datetime], State]


class Recorder:
    """Records frames; `see` is what headquarters sees at a moment."""

    def __init__(self, engine: Engine, see: See = board_state) -> None:
        self._engine, self._see = engine, see
        self._last: Last | None = None
        self._mark: Mark | None = None
        self._at: datetime | None = None
        self._forgot: datetime | None = None
        self._complaint = ""

    def look(self, now: datetime) -> bool:
        """Record a frame if one is due; True where one was. Raises `NoDatabase`."""
        if self._at is not None and now - self._at < AT_MOST_EACH:
            return False
        with transaction(self._engine) as connection:
            mark = replay.mark_now(connection)
            still = self._at is not None and now - self._at < AT_LEAST_EACH
            if mark == self._mark and still:
                return False
            try:
                code = str(city_of(connection).code)
            except NoCity:
                return False
            state = self._see(connection, now)
            last = replay.add_frame(connection, code, state, mark, self._last)
        self._last, self._mark, self._at = last, mark, now
        return True

    def run(self, stop: threading.Event) -> None:
        """Look each second until told to stop."""
        while not stop.is_set():
            try:
                self._follow(stop)
            except Exception as error:  # nothing but being told to may end it
                self._last = None
                self._say(error)
                stop.wait(EVERY_S)

    def _say(self, error: Exception) -> None:
        words = f"what headquarters sees is not recorded: {type(error).__name__}"
        if words != self._complaint and not isinstance(error, NoDatabase):
            log.error(words, exc_info=error)
        self._complaint = words

    def _follow(self, stop: threading.Event) -> None:
        with self._engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            # Closed afterwards, not pooled: its lock would keep the next attempt out.
            connection.detach()
            driver.set_autocommit(True)
            while not stop.is_set():
                query = "SELECT pg_try_advisory_lock(%s)"
                if driver.execute(query, (RECORDER_LOCK,)).fetchone()[0]:
                    break
                stop.wait(EVERY_S)
            self._last = None
            while not stop.is_set():
                # Raises once the lock is lost.
                driver.execute("SELECT 1")
                now = datetime.now(UTC)
                self.look(now)
                self._complaint = ""
                self._forget(now)
                stop.wait(EVERY_S)

    def _forget(self, now: datetime) -> None:
        """Let old nights go, once an hour."""
        if self._forgot is None or now - self._forgot >= FORGETS_EACH:
            self._forgot = now
            try:
                forget(self._engine, kept_for(), now)
            except NoCity:
                return
