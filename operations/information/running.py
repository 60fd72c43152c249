"""The loop that asks sources in their turn: one process in a city, quiet while there is none."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Engine

from data.errors import NoCity, NoDatabase, NotThere
from operations.errors import Refused
from operations.information.taking import note_failure
from operations.information.turns import Turns

SOURCES_LOCK: Final = 7_310_021
"""Advisory lock of whoever asks sources."""
LOOKS_S: Final = 5.0
WORKERS: Final = 4
"""So many sources are asked at once."""
UNEXPECTED: Final = "届いた内容を読めませんでした（思いがけない誤り）"

log: Final = logging.getLogger("nigemichi.sources")


def run(engine: Engine, turns: Turns, stop: threading.Event) -> None:
    """Ask until told to stop; a database that went away is waited for."""
    while not stop.is_set():
        try:
            _follow(engine, turns, stop)
        except Exception as error:  # nothing but being told to may end it
            if not isinstance(error, NoDatabase):
                log.warning("sources are asked again after %s", type(error).__name__)
            stop.wait(LOOKS_S)


def _follow(engine: Engine, turns: Turns, stop: threading.Event) -> None:
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        # Closed afterwards, not pooled: its lock would keep the next attempt out.
        connection.detach()
        driver.set_autocommit(True)
        query = "SELECT pg_try_advisory_lock(%s)"
        while not stop.is_set() and not driver.execute(query, (SOURCES_LOCK,)).fetchone()[0]:
            stop.wait(LOOKS_S)
        while not stop.is_set():
            # Raises once the lock is lost.
            driver.execute("SELECT 1")
            ask_those_due(turns, stop)
            stop.wait(LOOKS_S)


def ask_those_due(turns: Turns, stop: threading.Event) -> int:
    """Ask each source whose turn has come, `WORKERS` at once; how many were asked.

    One that fails stops no other, and a slow one holds up only one worker.
    """
    try:
        due = turns.due(datetime.now(UTC))
    except NoCity:
        return 0
    if not due:
        return 0
    with ThreadPoolExecutor(WORKERS, thread_name_prefix="sources") as pool:
        return sum(pool.map(lambda number: _ask(turns, number, stop), due))


def _ask(turns: Turns, number: int, stop: threading.Event) -> bool:
    """Whether it was asked; raises `NoDatabase`."""
    if stop.is_set():
        return False
    try:
        turns.take_turn(number, datetime.now(UTC))
    except (NotThere, Refused):
        return True  # stopped meanwhile
    except NoDatabase:
        raise
    except Exception as error:  # a stranger's file must not end the loop
        log.warning("source %d failed: %s", number, type(error).__name__)
        with suppress(NotThere, NoCity):
            note_failure(turns.engine, number, UNEXPECTED, datetime.now(UTC), broken=True)
    return True
