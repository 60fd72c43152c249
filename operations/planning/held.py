"""What waits for a person: water or a closure that would leave nearly nobody a way.

Nothing else is held: what it shuts bites at once (`safety.md` 6). A polygon over the whole city is
more likely a slip of the hand, and would tell half a million people to climb.
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
from city.traveller import Profile
from data import tables
from hazards.errors import NothingInForce
from hazards.kinds import HazardKind
from operations.changes.change import changing
from routing.field import UNREACHED
from routing.picture import Picture
from routing.version import PlanVersion

WATER: Final = "observed_water"
CLOSURE: Final = "closure"
APPLIED: Final = "applied"
MOST_LOST: Final = 0.5
"""The share of junctions that lose their way at once above which a person looks first: policy. No
flood on record took the way from half of a city within one report."""
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
    """Let wait what takes the way from nearly all at once, unless a person said that it is meant.

    Returns what waits from now on; without it the version must be made anew.
    """
    meant = settled(connection, code)
    new = [one for one in new_items(before.picture, after.picture) if one not in meant]
    share = lost(before, after) if new else 0.0
    if share <= MOST_LOST:
        return []
    items = vast(after, new) or new
    hold(connection, code, items, f"{share:.0%} of all junctions would lose their way at once")
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


def lost(before: PlanVersion, after: PlanVersion) -> float:
    """The share of the junctions with a way on foot from a flood before that have none now."""
    flood = frozenset({HazardKind.FLOOD})
    had, has = (
        version.field(version.conditions(Profile.WALK, night=True, hazards=flood), flood).first.step
        != UNREACHED
        for version in (before, after)
    )
    return float((had & ~has).sum() / had.sum()) if had.any() else 0.0


def new_items(before: Picture, after: Picture) -> list[Item]:
    """Waters and closures that came since."""
    waters = {one.id for one in after.observed} - {one.id for one in before.observed}
    closures = {one.id for one in after.closures} - {one.id for one in before.closures}
    found = [Item(WATER, number) for number in sorted(waters)]
    return found + [Item(CLOSURE, number) for number in sorted(closures)]


def vast(version: PlanVersion, items: Sequence[Item]) -> list[Item]:
    """Those of these waters that each cover more than half of `MOST_LOST` of the junctions."""
    points = version.ground.roads.junction_xy
    most = MOST_LOST / 2 * len(points)
    covers = {
        one.id: int(np.sum(shapely.intersects_xy(one.area, points[:, 0], points[:, 1])))
        for one in version.picture.observed
        if Item(WATER, one.id) in items
    }
    return [Item(WATER, number) for number, count in covers.items() if count > most]
