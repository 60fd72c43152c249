"""What of the field waits for headquarters, counted; and versions of the plan that moved people."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Engine, func, select

from alerts.life import RevisionState
from data import missions, tables
from data.database import transaction
from data.observing import closures
from data.rows import current_load
from hazards.closure import COMES_OF_AGE, ClosureBasis
from hazards.observation import ObservationState
from operations.alerts.waiting import waiting_now
from operations.planning import held
from operations.published.board import list_versions

LATELY: Final = timedelta(hours=6)
"""A version that moved people is offered for a message so long."""
LOOKED_AT: Final = 60
"""Of the versions published last: a closure's is among them, and plans come every few seconds."""
SHOWN: Final = 5
RELEASED: Final = "held items applied: "
_MOVES: Final = re.compile(rf"({RELEASED}|closures )\[([\d, ]+)\]")
"""Causes of versions whose people moved because of a closure (`operations/planning/moves.py`)."""
_OVER: Final = (RevisionState.WITHDRAWN, RevisionState.REJECTED)


@dataclass(frozen=True, slots=True)
class FieldWaits:
    """How many: moves held back, suspensions that ask, teams overdue, reports nobody decided on."""

    moves: int
    asks: int
    overdue: int
    reports: int


def field_waits(engine: Engine, now: datetime) -> dict[str, int]:
    """What waits, counted."""
    with transaction(engine) as connection:
        return asdict(_waits(connection, current_load(connection).code, now))


def beside(engine: Engine, now: datetime) -> dict[str, Any]:
    """What stands beside the boards of reports, teams and rescues: alerts that wait, and versions
    that lately moved people, whether an approver `released` them, and the number of the message
    where somebody drafted one.
    """
    with transaction(engine) as connection:
        load = current_load(connection)
        return {
            "alerts": waiting_now(connection, load),
            "moved": _moved(connection, load.code, now),
        }


def _waits(connection: Connection, code: str, now: datetime) -> FieldWaits:
    table = tables.observation
    undecided = (
        table.c.city_code == code,
        table.c.state == ObservationState.REPORTED,
        table.c.merged_into.is_(None),
    )
    shut = closures.by_reports(connection, code)
    return FieldWaits(
        moves=len({str(row.facts) for row in held.waiting(connection, code) if _is_move(row)}),
        asks=sum(_asks(row, now) for row in shut),
        overdue=sum(
            missions.mission_of(row).overdue_since(now) is not None
            for row in missions.outside(connection, code)
        ),
        reports=int(
            connection.execute(select(func.count()).where(*undecided)).scalar_one(),
        ),
    )


def _is_move(row: Any) -> bool:
    return bool(row.kind == held.MOVE)


def _asks(row: Any, now: datetime) -> bool:
    """Whether nobody has looked at a suspension for an hour (`safety.md` 6)."""
    looked = row.reviewed_at or row.begun_at
    return bool(row.basis == ClosureBasis.SUSPENDED and now - looked >= COMES_OF_AGE)


def _moved(connection: Connection, code: str, now: datetime) -> list[dict[str, Any]]:
    rows = [
        row
        for row in list_versions(connection, LOOKED_AT)
        if row.published_at >= now - LATELY and _sent_elsewhere(row.facts)
    ]
    standing = {row.id for row in closures.by_reports(connection, code)}
    rows = [row for row in rows if _closures_behind(connection, row.cause) & standing][:SHOWN]
    drafted = _drafted(connection, code, [row.number for row in rows])
    return [
        {
            "number": row.number,
            "published_at": row.published_at.isoformat(timespec="seconds"),
            "changed": row.facts["changed"],
            "released": RELEASED in row.cause,
            "alert": drafted.get(row.number),
        }
        for row in rows
    ]


def _closures_behind(connection: Connection, cause: str) -> set[int]:
    """The closures that a version was made for; what is open again moves nobody any more."""
    found: set[int] = set()
    for what, numbers in _MOVES.findall(cause):
        ids = {int(number) for number in numbers.split(",")}
        if what == RELEASED:
            item = tables.held_item.c
            query = select(item.item).where(item.id.in_(ids), item.kind == held.MOVE)
            ids = set(connection.scalars(query))
        found |= ids
    return found


def _sent_elsewhere(facts: Any) -> int:
    changed = (facts or {}).get("changed") or {}
    return int(changed.get("place", 0)) + int(changed.get("verdict", 0))


def _drafted(connection: Connection, code: str, numbers: Sequence[int]) -> dict[int, int]:
    """The newest draft or alert for each of these versions that nobody took back."""
    revision = tables.alert_revision
    of = revision.c.segment["of"].astext
    query = (
        select(of, func.max(revision.c.id))
        .where(revision.c.city_code == code, revision.c.state.not_in(_OVER))
        .where(revision.c.segment["by"].astext == "plan")
        .where(of.in_([str(number) for number in numbers]))
        .group_by(of)
    )
    return {int(number): int(alert) for number, alert in connection.execute(query)}
