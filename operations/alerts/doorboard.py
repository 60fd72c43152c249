"""Door lists as headquarters sees them: areas, teams, times and counts; no door, no household."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from alerts.doors import STATE_WORDS, ListState
from data import tables
from data.alerts import doorlists, revisions
from data.live import outbox as live
from data.live.outbox import Topic
from data.rows import current_load
from operations.alerts.telling import iso

KEY: Final = "doors"
"""Of the live stream: the lists that are outside, and how many wait."""
LATELY: Final = timedelta(hours=12)
"""A team's paper is typed in after it came back, within the night."""
MOST_WAITING: Final = 200
"""For a page that asks every few seconds."""


def board(connection: Connection, now: datetime, number: int) -> dict[str, Any]:
    """All lists of a revision's alert, those of earlier revisions too: their teams may be out.

    Of those that nobody took only what is of the newest revision: no other is ever handed.
    """
    load = current_load(connection)
    row = revisions.get(connection, load.code, number)
    rows = doorlists.of_alert(connection, load.code, row.alert_id)
    return {
        "number": row.id,
        "alert": row.alert_id,
        "as_of": iso(now),
        "lists": [
            list_line(one, now)
            for one in rows
            if one.handed_at is not None or one.revision_id == one.newest
        ],
    }


def one(connection: Connection, now: datetime, number: int) -> dict[str, Any]:
    """One list as it is on the board; raises `NotThere`."""
    load = current_load(connection)
    alert = doorlists.get(connection, load.code, number).alert_id
    rows = doorlists.of_alert(connection, load.code, alert)
    return next(list_line(row, now) for row in rows if row.id == number)


def at_work(connection: Connection, now: datetime, area: str | None = None) -> dict[str, Any]:
    """All lists of every alert that somebody may still open: outside, back for no longer than
    `LATELY`, and up to `MOST_WAITING` that wait, of an `area` or of all (`left_out`: of those).

    `openable`: not of an earlier load, whose numbers are other people's now.
    """
    load = current_load(connection)
    rows = doorlists.at_work(connection, load.code, now, now - LATELY)
    waiting = [row for row in rows if row.handed_at is None and area in (None, row.area_name)]
    shown = [row for row in rows if row.handed_at is not None] + waiting[:MOST_WAITING]
    return {
        "as_of": iso(now),
        "areas": sorted({row.area_name for row in rows}),
        "left_out": max(0, len(waiting) - MOST_WAITING),
        "lists": [list_line(row, now) | {"openable": row.load_id == load.id} for row in shown],
    }


def list_line(row: Row[Any], now: datetime) -> dict[str, Any]:
    """A list in a line. `due_since`: from when on its team must be home, None while it is not due;
    `escalates_at`: when it is handed on unless somebody says that the team is back. `ended`: of
    a team outside, how the alert ended that it goes on telling, `ended_at` since when.
    """
    outing = doorlists.outing_of(row)
    state = outing.state(now)
    is_due = outing.is_outside and now >= outing.home_by
    awaited = outing.is_outside and state is not ListState.ESCALATED
    return {
        "list": row.id,
        "number": row.revision_id,
        "revision": row.revision,
        "status": row.status,
        "area": row.area_name,
        "han": row.han,
        "team": row.team,
        "doors": row.doors,
        "called": row.called,
        "spoken": row.spoken,
        "lifts": row.lifts,
        "withdraw_at": iso(row.withdraw_at),
        "handed_at": iso(row.handed_at),
        "recalled_at": iso(row.recalled_at),
        "back_at": iso(row.back_at),
        "escalated_at": iso(row.escalated_at),
        "escalated_why": row.escalated_why,
        "ended": row.ended if outing.is_outside else None,
        "ended_at": iso(row.ended_at) if outing.is_outside else None,
        "due_since": iso(outing.home_by) if is_due else None,
        "escalates_at": iso(outing.escalates_at) if awaited else None,
        "state": str(state),
        "words": STATE_WORDS[state],
    }


def tell(connection: Connection, load: Row[Any], now: datetime) -> bool:
    """Put the lists into headquarters' stream where they are not as it has them; whether it did.

    Late in a transaction (`latest`).
    """
    state = _state(connection, load, now)
    table = tables.live_state
    query = select(table.c.state).where(table.c.topic == Topic.HEADQUARTERS, table.c.key == KEY)
    known = connection.execute(query).scalar() or {"outside": [], "waiting": 0}
    if known == state:
        return False
    live.put(connection, Topic.HEADQUARTERS, KEY, state)
    return True


def _state(connection: Connection, load: Row[Any], now: datetime) -> dict[str, Any]:
    rows = doorlists.outside(connection, load.code)
    return {
        "outside": [list_line(row, now) for row in rows],
        "waiting": doorlists.count_waiting(connection, load.code, now),
    }
