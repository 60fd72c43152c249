"""Counts whom alerts in force reached, again and again, beside the planner.

In a large city that takes seconds: who looks at the board reads what was counted last.
"""

import logging
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row

from data import reachedcounts
from data.database import transaction
from data.delivery import ledger
from data.errors import NoCity, NoDatabase
from data.live import outbox as live
from data.live.outbox import Topic
from data.rows import current_load
from operations.alerts.heardthere import broadcast, quiet_areas

KEY: Final = "reached"
"""Of the live stream: which revision was counted otherwise than before; no counts."""
EVERY: Final = timedelta(seconds=20)
SHARE: Final = 4
"""So many times as long as it counted it rests: others need the database."""
UNREACHED: Final = ("unreached", "broadcast_only")
NO_AREA: Final = ""

log = logging.getLogger("nigemichi.counting")


class ReachedCounter:
    """Counts in turns; where several run, each counts only what no other has just counted."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def count(self, now: datetime) -> int:
        """Count what was not counted for a while; returns how many alerts that was."""
        with transaction(self.engine) as connection:
            try:
                load = current_load(connection)
            except NoCity:
                return 0
            known = reachedcounts.counted_at(connection)
            rows = reachedcounts.to_count(connection, load.code, now)
        due = [row for row in rows if now - known.get(row.id, now - 2 * EVERY) >= EVERY]
        for row in due:
            with transaction(self.engine) as connection:
                found = _counted(connection, current_load(connection), row, now)
            with transaction(self.engine, latest=True) as connection:
                if reachedcounts.keep(connection, row.id, now, **found):
                    live.put(connection, Topic.HEADQUARTERS, KEY, {"revision": row.id})
        return len(due)

    def run(self, stop: threading.Event) -> None:
        """Count until told to stop; a database that went away is waited for."""
        while not stop.is_set():
            began = time.monotonic()
            try:
                self.count(datetime.now(UTC))
            except NoDatabase:
                pass
            except Exception as error:  # nothing but being told to may end it
                log.warning("whom alerts reached is counted again: %s", type(error).__name__)
            took_s = time.monotonic() - began
            stop.wait(max(EVERY.total_seconds() / 4, SHARE * took_s))


def _counted(
    connection: Connection, load: Row[Any], row: Row[Any], now: datetime
) -> dict[str, Any]:
    """Households by state; the unreached by 町丁目 and as a density."""
    counted = ledger.by_area(connection, load, row, now)
    quiet = quiet_areas(broadcast(connection, load, row, counted))
    areas: dict[str, int] = {}
    for one in counted:
        if one.state in UNREACHED:
            area = one.area or NO_AREA
            areas[area] = areas.get(area, 0) + one.n
    return {
        "states": ledger.by_state(counted),
        "areas": areas,
        "cells": [
            {
                "lon": round(cell.lon, 5),
                "lat": round(cell.lat, 5),
                "households": cell.households,
                "not_heard": cell.not_heard,
            }
            for cell in ledger.unreached_cells(connection, load, row, now, quiet)
        ],
    }
