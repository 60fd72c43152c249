"""Level 5 calls every team home, wherever it is, and who does not answer is a matter for rescuers.

(`safety.md` 13.) A drill sets no order, and so recalls nobody.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row

from city.staff import SYSTEM, Caller
from data import missions
from data.database import in_order, transaction
from data.people import audit
from data.people.audit import Deed
from data.rows import find_load
from hazards.mission import MissionStep
from operations.missions.board import tell

LEVEL_5: Final = "警戒レベル5（発令 {order}）"
STANDS: Final = "警戒レベル5が出ている"
NO_ANSWER: Final = "連絡・帰着の確認がないまま10分たった"


def recall_under(
    connection: Connection, load: Row[Any], order: int, by: Caller, now: datetime
) -> list[int]:
    """For an order of level 5, in the transaction that sets it; it numbers."""
    return recall_in(connection, load, by, LEVEL_5.format(order=order), now)


def recall_in(
    connection: Connection, load: Row[Any], by: Caller, why: str, now: datetime
) -> list[int]:
    """Recall every team that is out and was not recalled; returns their missions. It numbers."""
    in_order(connection)
    done = []
    for row in missions.outside(connection, load.code):
        if row.recalled_at is None:
            at = missions.mission_of(row).after(MissionStep.RECALL, now).recalled_at
            missions.change(connection, row.id, recalled_at=at, recalled_why=why)
            done.append(int(row.id))
    if done:
        tell(connection, load, now)
        audit.record(connection, by, "mission.recalled", missions=done)
    return done


def overdue(engine: Engine, now: datetime) -> list[int]:
    """For the timekeeper: escalate who was overdue for too long, recall whom a level 5 that stands
    did not, and tell headquarters who has become overdue. Returns the missions escalated.
    """
    with transaction(engine, latest=True) as connection:
        load = find_load(connection)
        if load is None:
            return []
        if missions.begun_before_five(connection, load.code) or _late(connection, load, now):
            in_order(connection)
        missed = missions.begun_before_five(connection, load.code)
        for number in missed:
            missions.change(connection, number, recalled_at=now, recalled_why=STANDS)
        late = _late(connection, load, now)
        said = {"escalated_at": now, "escalated_by": SYSTEM.actor, "escalated_why": NO_ANSWER}
        for number in late:
            missions.change(connection, number, **said)
        tell(connection, load, now)
        deeds = [Deed(SYSTEM, "mission.recalled", str(one), {}) for one in missed]
        deeds += [Deed(SYSTEM, "mission.escalated", str(one), {}) for one in late]
        if deeds:
            audit.record_all(connection, deeds)
        return late


def _late(connection: Connection, load: Row[Any], now: datetime) -> list[int]:
    rows = missions.outside(connection, load.code)
    return [row.id for row in rows if missions.mission_of(row).must_escalate(now)]
