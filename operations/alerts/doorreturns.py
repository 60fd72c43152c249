"""Teams come home (`safety.md` 13): they are back, recalled by level 5, or handed on.

Where an alert ends nobody is recalled at once: its teams are shown as still telling it, until each
heard by telephone and somebody says that it is back.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row

from alerts.errors import WrongStep
from alerts.kinds import Step
from alerts.life import check_author
from city.staff import SYSTEM, Caller
from data.alerts import doorlists
from data.alerts.doorlevels import to_recall
from data.database import in_order, transaction
from data.people import audit
from data.people.audit import Deed
from data.rows import find_load
from hazards.kinds import AlertLevel
from operations.alerts.doorboard import tell
from operations.alerts.drafting import city
from operations.refusals import refusals
from operations.wording import line

NO_ANSWER: Final = "帰着の確認がないまま10分たった"
_ENDS: Final = frozenset({Step.CANCEL, Step.ALL_CLEAR})
_ALONE: Final = "警戒レベル5が出ている"


def back(engine: Engine, by: Caller, number: int, *, now: datetime) -> None:
    """Somebody saw or heard that the team is back; once more changes nothing."""
    with (
        refusals(engine, by, "doors", str(number)),
        transaction(engine, latest=True) as connection,
    ):
        check_author(by)
        load = city(connection)
        row = _handed(connection, load, number)
        if row.back_at is not None:
            return
        doorlists.change(connection, number, back_at=now, back_by=by.actor)
        tell(connection, load, now)
        audit.record(connection, by, "doors.back", str(number))


def escalate(engine: Engine, by: Caller, number: int, why: str, *, now: datetime) -> None:
    """Hand a team that is not back on, to 119 say; `why` is one line. Once more changes nothing."""
    with (
        refusals(engine, by, "doors", str(number)),
        transaction(engine, latest=True) as connection,
    ):
        check_author(by)
        load = city(connection)
        row = _handed(connection, load, number)
        why = line(why, "引き継いだ先", needed=True)
        if row.back_at is not None:
            raise WrongStep("この班はもう帰着しています（this team is back already）")
        if row.escalated_at is not None:
            return
        _escalate(connection, [number], by, why, now)
        tell(connection, load, now)
        audit.record(connection, by, "doors.escalated", str(number))


def recall_in(
    connection: Connection, load: Row[Any], revision: Row[Any], by: Caller, now: datetime
) -> list[int]:
    """Recall all who are out where a level 5 is for that is being released; returns the lists.

    In the transaction that releases it (`latest`), after its order was set: it numbers. What ends
    an alert recalls nobody; headquarters is told which teams go on telling it. For any other
    revision there is nothing to do.
    """
    if Step(revision.step) in _ENDS:
        in_order(connection)
        tell(connection, load, now)
        return []
    if revision.level != AlertLevel.SECURE_NOW:
        return []
    in_order(connection)
    numbers = to_recall(connection, load, revision.id)
    why = f"警戒レベル5（配信 {revision.id}）"
    done = doorlists.recall(connection, numbers, why, now)
    if done:
        tell(connection, load, now)
        audit.record(connection, by, "doors.recalled", str(revision.id), lists=done)
    return done


def overdue(engine: Engine, now: datetime) -> list[int]:
    """For the timekeeper: hand on who should have been back, and tell headquarters what changed.

    Recalls, too, where a level 5 was set in another way than by an alert. Returns the lists that
    were handed on.
    """
    with transaction(engine, latest=True) as connection:
        load = find_load(connection)
        if load is None:
            return []
        recalled, late = to_recall(connection, load), _late(connection, load, now)
        if recalled or late:
            in_order(connection)
            recalled = doorlists.recall(connection, recalled, _ALONE, now)
            late = _late(connection, load, now)
            _escalate(connection, late, SYSTEM, NO_ANSWER, now)
        tell(connection, load, now)
        deeds = [Deed(SYSTEM, "doors.recalled", str(one), {}) for one in recalled]
        deeds += [Deed(SYSTEM, "doors.escalated", str(one), {}) for one in late]
        if deeds:
            audit.record_all(connection, deeds)
        return late


def _late(connection: Connection, load: Row[Any], now: datetime) -> list[int]:
    rows = doorlists.outside(connection, load.code)
    return [row.id for row in rows if doorlists.outing_of(row).must_escalate(now)]


def _escalate(
    connection: Connection, numbers: Sequence[int], by: Caller, why: str, now: datetime
) -> None:
    said = {"escalated_at": now, "escalated_by": by.actor, "escalated_why": why}
    for number in numbers:
        doorlists.change(connection, number, **said)


def _handed(connection: Connection, load: Row[Any], number: int) -> Row[Any]:
    in_order(connection)
    row = doorlists.get(connection, load.code, number)
    if row.handed_at is None:
        raise WrongStep("まだ渡していない一覧です（nobody took this list yet）")
    return row
