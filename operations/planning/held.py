"""What waits for a person: water drawn over more than half of the city at once, by one polygon or
many, and the move of many people by a closure that reports made (`operations/planning/moves.py`).

Nothing else is held: what it shuts bites at once (`safety.md` 6). Water over the whole city is
more likely a slip of the hand, and would tell half a million people to climb. While it waits it is
not in force, for anybody; headquarters is told loudly, and one person's word puts it in force. A
closure is in force at once: only whom it sends elsewhere waits.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import numpy as np
import shapely
from sqlalchemy import Connection, Engine, null, select, update
from sqlalchemy.dialects.postgresql import insert

from city.staff import CONSOLE, Caller
from data import tables
from data.observing import closures
from data.observing.observations import MOVES
from hazards.errors import NothingInForce, SelfApproval
from operations.changes.change import changing
from routing.version import PlanVersion

WATER: Final = "observed_water"
MOVE: Final = "closure"
APPLIED: Final = "applied"
MOST_COVERED: Final = 0.5
"""The share of the city's junctions above which one polygon, or all that are new together, wait:
policy."""
_HELD, _WATER, _CLOSURE = tables.held_item, tables.observed_water, tables.closure


def waiting(connection: Connection, code: str) -> list[Any]:
    """The rows that wait for a person, oldest first, each with its `source` and `begun_at`: those
    of the water, or reason and beginning of the closure; not of what was ended meanwhile. `basis`
    says why the closure stands, None of water.
    """
    return sorted(
        (
            *_waiting(connection, code, WATER, _WATER, _WATER.c.source, null().label("basis")),
            *_waiting(
                *(connection, code, MOVE, _CLOSURE),
                *(_CLOSURE.c.reason.label("source"), _CLOSURE.c.basis),
            ),
        ),
        key=lambda row: row.id,
    )


def _waiting(connection: Connection, code: str, kind: str, of: Any, *more: Any) -> Sequence[Any]:
    query = (
        select(_HELD, *more, of.c.begun_at)
        .join(of, of.c.id == _HELD.c.item)
        .where(_HELD.c.city_code == code, _HELD.c.decision.is_(None))
        .where(_HELD.c.kind == kind, of.c.ended_at.is_(None))
    )
    return connection.execute(query).all()


def water_waiting(connection: Connection, code: str) -> set[int]:
    """The ids of the waters that are not in force before a person has looked."""
    return {row.item for row in waiting(connection, code) if row.kind == WATER}


def settled(connection: Connection, code: str) -> set[int]:
    """The ids of the waters that a person said are meant."""
    mine = (_HELD.c.city_code == code, _HELD.c.kind == WATER)
    query = select(_HELD.c.item).where(*mine, _HELD.c.decision == APPLIED)
    return set(connection.scalars(query))


def hold_back(
    connection: Connection, code: str, before: PlanVersion, after: PlanVersion
) -> list[int]:
    """Let new water wait that covers more than half of the city, alone or together with all that is
    as new, unless a person said that it is meant.

    Returns the ids of what waits from now on; without it the version must be made anew.
    """
    seen = settled(connection, code) | {one.id for one in before.picture.observed}
    points = after.ground.roads.junction_xy
    new = {
        water.id: np.asarray(shapely.intersects_xy(water.area, points[:, 0], points[:, 1]))
        for water in after.picture.observed
        if water.id not in seen
    }
    held = {}
    for number, inside in new.items():
        if inside.mean() > MOST_COVERED:
            held[number] = f"it covers {inside.mean():.0%} of all junctions"
    rest = [number for number in new if number not in held]
    together = float(np.any([new[number] for number in rest], axis=0).mean()) if rest else 0.0
    if together > MOST_COVERED:
        why = f"{len(rest)} at once cover {together:.0%} of all junctions"
        held |= dict.fromkeys(rest, why)
    for number, why in held.items():
        _hold(connection, code, number, why)
    return list(held)


def _hold(connection: Connection, code: str, water: int, why: str) -> None:
    row = {"city_code": code, "kind": WATER, "item": water, "why": why}
    connection.execute(insert(_HELD).on_conflict_do_nothing(), row)


def apply_held(
    engine: Engine, numbers: Sequence[int], *, now: datetime, by: Caller = CONSOLE
) -> list[int]:
    """A person says that held items are meant: they count from now on. Raises `NothingInForce`, and
    `SelfApproval` for the move by a street that they closed themselves (`safety.md` 14).
    """
    with changing(engine, by) as change:
        rows = waiting(change.connection, change.load.code)
        there = [row.id for row in rows]
        unknown = sorted(set(numbers) - set(there))
        if unknown or not there:
            raise NothingInForce(f"nothing of that number waits: {unknown or 'nothing at all'}")
        wanted = list(numbers) or there
        moved = [row.item for row in rows if row.id in wanted and row.kind == MOVE]
        if set(moved) & _closed_by(change.connection, by):
            raise SelfApproval(
                "自分が閉じた道の移動は、自分では承認できません。別の承認者が決めます"
                "（somebody else approves the move by a street that you closed）"
            )
        decided = {"decision": APPLIED, "decided_by": by.actor, "decided_at": now}
        change.connection.execute(update(_HELD).where(_HELD.c.id.in_(wanted)).values(**decided))
        closures.release(change.connection, moved, MOVES)
        change.record(f"held items applied: {wanted}", "held.applied", numbers=wanted)
        return wanted


def _closed_by(connection: Connection, by: Caller) -> set[int]:
    """The closures that a person of the city ordered together with others; the console has none."""
    if by.id is None:
        return set()
    entry = tables.audit_entry.c
    query = select(entry.details["numbers"]).where(
        entry.actor == by.actor, entry.action == "road.closed"
    )
    return {number for numbers in connection.scalars(query) for number in numbers or ()}
