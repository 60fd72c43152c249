"""What waits for a person: water drawn over more than half of the city at once.

Nothing else is held: what it shuts bites at once (`safety.md` 6). A polygon over the whole city is
more likely a slip of the hand, and would tell half a million people to climb. While it waits it is
not in force, for anybody; headquarters is told loudly, and one person's word puts it in force.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
import shapely
from sqlalchemy import Connection, Engine, exists, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from city.staff import CONSOLE, Caller
from data import tables
from hazards.errors import NothingInForce
from operations.changes.change import changing
from routing.version import PlanVersion

WATER: Final = "observed_water"
CLOSURE: Final = "closure"
APPLIED: Final = "applied"
MOST_COVERED: Final = 0.5
"""The share of the city's junctions above which one polygon waits: policy. No flood on record
covered half of a city within one report."""
_HELD = tables.held_item
_STANDING: Final = {WATER: tables.observed_water, CLOSURE: tables.closure}


@dataclass(frozen=True, slots=True)
class Item:
    """One row in force: its table and its id."""

    kind: str
    id: int


def waiting(connection: Connection, code: str) -> list[Any]:
    """The rows that wait for a person, oldest first; not those of what was ended meanwhile."""
    mine = (_HELD.c.city_code == code, _HELD.c.decision.is_(None))
    stands = [
        exists().where(_HELD.c.kind == kind, table.c.id == _HELD.c.item, table.c.ended_at.is_(None))
        for kind, table in _STANDING.items()
    ]
    query = select(_HELD).where(*mine, or_(*stands)).order_by(_HELD.c.id)
    return list(connection.execute(query))


def settled(connection: Connection, code: str) -> set[Item]:
    """What a person said is meant."""
    query = select(_HELD).where(_HELD.c.city_code == code, _HELD.c.decision == APPLIED)
    return {Item(row.kind, row.item) for row in connection.execute(query)}


def hold(connection: Connection, code: str, items: Iterable[Item], why: str) -> None:
    """Let items wait; whoever ends them ends the waiting as well."""
    rows = [{"city_code": code, "kind": one.kind, "item": one.id, "why": why} for one in items]
    connection.execute(insert(_HELD).on_conflict_do_nothing(), rows)


def hold_back(
    connection: Connection, code: str, before: PlanVersion, after: PlanVersion
) -> list[Item]:
    """Let new water wait that covers more than half of the city, unless a person said that it is
    meant.

    Returns what waits from now on; without it the version must be made anew.
    """
    meant, known = settled(connection, code), {one.id for one in before.picture.observed}
    new = [one for one in after.picture.observed if one.id not in known]
    points = after.ground.roads.junction_xy
    items = []
    for water in new:
        covered = float(np.mean(shapely.intersects_xy(water.area, points[:, 0], points[:, 1])))
        if covered > MOST_COVERED and Item(WATER, water.id) not in meant:
            items.append(Item(WATER, water.id))
            hold(connection, code, items[-1:], f"it covers {covered:.0%} of all junctions")
    return items


def apply_held(
    engine: Engine, numbers: Sequence[int], *, now: datetime, by: Caller = CONSOLE
) -> list[int]:
    """A person says that held items are meant: they count from now on. Raises `NothingInForce`."""
    with changing(engine, by) as change:
        there = [row.id for row in waiting(change.connection, change.load.code)]
        unknown = sorted(set(numbers) - set(there))
        if unknown or not there:
            raise NothingInForce(f"nothing of that number waits: {unknown or 'nothing at all'}")
        wanted = list(numbers) or there
        decided = {"decision": APPLIED, "decided_by": by.actor, "decided_at": now}
        change.connection.execute(update(_HELD).where(_HELD.c.id.in_(wanted)).values(**decided))
        change.record(f"held items applied: {wanted}", "held.applied", numbers=wanted)
        return wanted
