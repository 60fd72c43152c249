"""Households that nobody had reached, minute by minute, as headquarters saw it."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from alerts.kinds import Status
from data import replay
from data.replay import State
from operations.replay.nights import Night


def curve(connection: Connection, code: str, night: Night) -> list[tuple[datetime, int | None]]:
    """From each minute on in which it changed; None where it was not known. Drills count in a night
    that was nothing else.
    """
    live: list[tuple[datetime, int | None]] = []
    drills: list[tuple[datetime, int | None]] = []
    is_drill = is_live = False
    for frame in replay.frames(connection, code, night.first, night.last):
        city = frame.state.get("city", {}).get("city", {})
        is_drill, is_live = is_drill or bool(city.get("drill")), is_live or bool(city.get("live"))
        at, lost = (
            frame.at.replace(second=0, microsecond=0),
            "alerts" in (city.get("missing") or ()),
        )
        for found, drill in ((live, False), (drills, True)):
            _add(found, at, None if lost else unreached(frame.state, drill=drill))
    return drills if is_drill and not is_live else live


def _add(found: list[tuple[datetime, int | None]], at: datetime, count: int | None) -> None:
    if found and found[-1][0] == at:
        found[-1] = (at, count)
    elif not found or found[-1][1] != count:
        found.append((at, count))


def unreached(state: State, *, drill: bool) -> int | None:
    """Households of the alerts in force that nobody reached, each alert's own; None where one of
    them is not counted. Those of drills where the whole night is one.
    """
    rows = [row for row in state.get("alerts", {}).values() if row.get("in_force")]
    mine = [row for row in rows if drill or row.get("status") == Status.ACTUAL]
    return total(row.get("unreached_households") for row in mine)


def total(counts: Iterable[int | None]) -> int | None:
    """The sum; None where one of them is not known: it would be too small."""
    known = list(counts)
    return None if None in known else sum(one for one in known if one is not None)
