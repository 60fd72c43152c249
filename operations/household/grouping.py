"""Groups of households that stay together, by their numbers in the current load."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Engine

from city.staff import Caller
from data.database import transaction
from data.errors import NotThere
from data.homes import groups
from data.homes.groups import Group
from data.rows import current_load
from operations.changes.change import Change, changing, listed
from operations.errors import Refused
from operations.wording import line

LEAST: Final = 2
MOST: Final = 200
SHOWN: Final = 20


def add_group(
    engine: Engine, by: Caller, name: str, households: Sequence[int], *, now: datetime
) -> int:
    """Keep these households together; returns the group's number.

    Raises `Refused` for too few, too many, or one of another group, `NotThere` for a number that
    no household has.
    """
    name = line(name, "組の名前", longest=40, needed=True)
    wanted = sorted(set(households))
    if not LEAST <= len(wanted) <= MOST:
        raise Refused(f"a group has {LEAST} to {MOST} different households, not {len(wanted)}")
    with changing(engine, by) as change:
        _check_free(change, wanted)
        points = groups.points_of(change.connection, change.load.id, wanted)
        missing = [one for one in wanted if one not in points]
        if missing:
            raise NotThere(f"no such household in the loaded city: {listed(missing[:SHOWN])}")
        number = groups.add(change.connection, change.load.code, name, points, now)
        count = len(wanted)
        change.record(f"group {number} of {count} households", "group.made", number, count=count)
        return number


def end_group(engine: Engine, by: Caller, number: int, *, now: datetime) -> None:
    """Keep them together no longer; raises `NotThere` where that group does not stand."""
    with changing(engine, by) as change:
        if not groups.end(change.connection, change.load.code, number, now):
            raise NotThere(f"no group {number} stands: nigemichi household group list")
        change.record(f"group {number} ended", "group.ended", number)


def list_groups(engine: Engine) -> list[Group]:
    """The groups that stand."""
    with transaction(engine) as connection:
        return groups.standing_groups(connection, current_load(connection).code)


def _check_free(change: Change, wanted: Sequence[int]) -> None:
    # Under a lock of its own: two groups made at once see each other.
    groups.lock(change.connection)
    for group in groups.standing_groups(change.connection, change.load.code):
        both = sorted(set(group.households) & set(wanted))
        if both:
            raise Refused(
                f"household {listed(both[:SHOWN])} is in group {group.id} ({group.name}) already:"
                f" nigemichi household group end {group.id}"
            )
