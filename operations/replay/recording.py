"""The recorder: keeps what headquarters sees, whenever it changes and at least once a minute.

It works beside the planner and never stops it; a database that went away is waited for. Single by
an advisory lock: two machines record one night once.
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
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
AT_MOST_EACH_S: Final = 2.0
AT_LEAST_EACH_S: Final = 60.0
"""What is shown may grow old without anything being recorded."""
FORGETS_EACH_S: Final = 3600.0

log = logging.getLogger("nigemichi.recorder")
See = Callable[[Connection, datetime], State]


class Recorder:
    """Records frames; `see` is what headquarters sees at a moment, `elapsed` seconds of a clock
    that nobody sets back.
    """

    def __init__(
        self,
        engine: Engine,
        see: See = board_state,
        *,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine, self._see, self._elapsed = engine, see, elapsed
        self._last: Last | None = None
        self._mark: Mark | None = None
        self._at_s: float | None = None
        self._forgot_s: float | None = None
        self._complaint = ""

    def look(self, now: datetime) -> bool:
        """Record a frame if one is due; True where one was. Raises `NoDatabase`."""
        at_s = self._elapsed()
        if self._at_s is not None and at_s - self._at_s < AT_MOST_EACH_S:
            return False
        with transaction(self._engine) as connection:
            mark = replay.mark_now(connection)
            still = self._at_s is not None and at_s - self._at_s < AT_LEAST_EACH_S
            if mark == self._mark and still:
                return False
            try:
                code = str(city_of(connection).code)
            except NoCity:
                return False
            state = self._see(connection, now)
            last = replay.add_frame(connection, code, state, mark, self._last)
        self._last, self._mark, self._at_s = last, mark, at_s
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
                self._forget_hourly(now)
                stop.wait(EVERY_S)

    def let_go(self, now: datetime) -> None:
        """Let old nights go; the next frame then stands on nothing that may have gone."""
        if forget(self._engine, kept_for(), now):
            self._last = None

    def _forget_hourly(self, now: datetime) -> None:
        at_s = self._elapsed()
        if self._forgot_s is None or at_s - self._forgot_s >= FORGETS_EACH_S:
            self._forgot_s = at_s
            try:
                self.let_go(now)
            except NoCity:
                return
