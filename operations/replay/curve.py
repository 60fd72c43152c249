"""Households that nobody had reached, minute by minute, as headquarters saw it."""

from datetime import datetime

from sqlalchemy import Connection

from alerts.kinds import Status
from data import replay
from data.replay import State
from operations.replay.nights import Night


def curve(connection: Connection, code: str, night: Night) -> list[tuple[datetime, int]]:
    """From each minute on in which it changed."""
    found: list[tuple[datetime, int]] = []
    for frame in replay.frames(connection, code, night.first, night.last):
        at, count = frame.at.replace(second=0, microsecond=0), unreached(frame.state)
        if found and found[-1][0] == at:
            found[-1] = (at, count)
        elif not found or found[-1][1] != count:
            found.append((at, count))
    return found


def unreached(state: State) -> int:
    """Households of the alerts in force that nobody reached, each alert's own; those of drills
    where nothing is in earnest.
    """
    rows = [row for row in state.get("alerts", {}).values() if row.get("in_force")]
    live = [row for row in rows if row.get("status") == Status.ACTUAL]
    return sum(row.get("unreached_households") or 0 for row in live or rows)
