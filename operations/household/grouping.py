"""Groups of households that stay together, by their numbers in the current load."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Engine

from city.staff import Caller
from data.database import transaction
from data.errors import NotThere
from data.homes import groups, links
from data.homes.groups import Group
from data.rows import current_load
from operations.changes.change import Change, changing, listed
from operations.errors import Refused
from operations.household.links import spelled
from operations.wording import line

LEAST: Final = 2
MOST: Final = 200
SHOWN: Final = 20


def add_group(
    engine: Engine,
    by: Caller,
    name: str,
    households: Sequence[int],
    *,
    labels: Sequence[str] = (),
    now: datetime,
) -> int:
    """Keep these households together, and those of the slips so labelled; returns the group's
    number.

    Raises `Refused` for too few, too many, one of another group, or a label of two households,
    `NotThere` for a number or label that no household has.
    """
    name = line(name, "組の名前", longest=40, needed=True)
    with changing(engine, by) as change:
        wanted = sorted({*households, *_of_slips(change, labels, now)})
        if not LEAST <= len(wanted) <= MOST:
            raise Refused(f"a group has {LEAST} to {MOST} different households, not {len(wanted)}")
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


def _of_slips(change: Change, labels: Sequence[str], now: datetime) -> list[int]:
    found = {one: links.find_by_label(change.connection, one, now) for one in map(spelled, labels)}
    missing = [label for label, homes in found.items() if not homes]
    if missing:
        raise NotThere(f"no living link of a slip so labelled: {', '.join(missing[:SHOWN])}")
    for label, homes in found.items():
        if len(homes) > 1:
            raise Refused(
                f"two households have a slip labelled {label}: nigemichi household revoke --label"
                f" {label}, then print theirs anew"
            )
    return [homes[0].household for homes in found.values()]


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
