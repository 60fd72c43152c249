"""Whoever opens a decision says so: two officers at one decision see each other beforehand.

A lock stops nobody: what was decided already is refused by the decision's own use case.
"""

import re
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row

from city.staff import Caller, CallerKind
from data import locks
from data.database import transaction
from data.live import outbox as live
from data.live.outbox import Topic
from data.people import staff
from data.rows import current_load
from operations.board.look import iso
from operations.errors import NotAllowed, Refused

KEY: Final = "lock:"
"""Of the live stream, with the decision's key after it."""
SOMEBODY: Final = "別の担当"
_ALONE: Final = ("unplaced", "cut_off", "reports", "call")
_NUMBERED: Final = (
    *("alert", "untold", "proposal", "suggestion", "team", "team:doors", "rescue", "move"),
    *("water", "closure", "silent", "source"),
)
_NAMED: Final = ("room", "need", "call", "channel")
_DECISION: Final = re.compile(
    rf"({'|'.join(_ALONE)})|({'|'.join(_NUMBERED)}):[0-9]{{1,18}}"
    rf"|({'|'.join(_NAMED)}):[^\s\x00-\x1f\x7f]{{1,60}}"
)
"""The keys of decisions as `decisions` makes them: what is none stays out of the live stream.
Places are called as the city's own file calls them.
"""


def hold(engine: Engine, by: Caller, key: str, now: datetime) -> dict[str, Any] | None:
    """Take a decision's lock, or renew it; returns who else has it, None where it is one's own.

    Raises `NotAllowed`, `Refused`.
    """
    _check(by, key)
    with transaction(engine, latest=True) as connection:
        code = current_load(connection).code
        for gone in locks.clear(connection, code, now):
            live.put(connection, Topic.HEADQUARTERS, f"{KEY}{gone}", None)
        new = locks.take(connection, code, key, by.actor, now)
        if new is None:
            row = locks.holder(connection, code, key, now)
            return None if row is None else _said(connection, row)
        if new:
            state = {"key": key, "actor": by.actor, "since": iso(now)}
            live.put(connection, Topic.HEADQUARTERS, f"{KEY}{key}", state)
    return None


def let_go(engine: Engine, by: Caller, key: str, now: datetime) -> dict[str, Any] | None:
    """Let go of one's own lock; returns who else has it, for then it stands, None for nobody.

    Raises `NotAllowed`, `Refused`.
    """
    _check(by, key)
    with transaction(engine, latest=True) as connection:
        code = current_load(connection).code
        if locks.let_go(connection, code, key, by.actor):
            live.put(connection, Topic.HEADQUARTERS, f"{KEY}{key}", None)
            return None
        row = locks.holder(connection, code, key, now)
        return None if row is None else _said(connection, row)


def held_now(connection: Connection, code: str, now: datetime) -> dict[str, dict[str, Any]]:
    """Who has which decision open, by its key."""
    rows = locks.held(connection, code, now)
    return {key: _said(connection, row) for key, row in rows.items()}


def _check(by: Caller, key: str) -> None:
    if by.kind is not CallerKind.STAFF:
        raise NotAllowed("自分の名前でログインしてください（sign in with an account of your own）")
    if _DECISION.fullmatch(key) is None:
        raise Refused("その決めごとはありません。画面を開き直してください（no such decision）")


def _said(connection: Connection, row: Row[Any]) -> dict[str, Any]:
    number = int(row.actor.partition(":")[2])
    who = staff.names(connection, {number}).get(number, SOMEBODY)
    return {"actor": row.actor, "who": who, "since": iso(row.since), "until": iso(row.until)}
