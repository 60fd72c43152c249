"""On a load, whatever names a household by its number follows it to its new one."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from data.homes import carried, groups
from operations.household.grouping import LEAST


def keep_homes(connection: Connection) -> None:
    """Before the city is replaced: keep where each household stands."""
    carried.keep_numbers(connection)


def carry_homes(connection: Connection, load: Any) -> None:
    """Set the numbers of links, words, holds, groups and alerts anew by position; `load` is the new
    row.

    The same household stands within 1 m of where it stood, in the same rank among those of that
    point. Whoever is not found has no number any more: their link lets nobody in. Comes after
    `keep_homes` in the same transaction.
    """
    moved = carried.match_numbers(connection, load.code, load.id)
    if moved is None:
        return
    carried.renumber(connection, load.code)
    for group in groups.standing_groups(connection, load.code):
        left = sorted(moved[one] for one in group.households if one in moved)
        points = groups.points_of(connection, load.id, left)
        groups.change(connection, group.id, left, [points[one] for one in left])
        if len(left) < LEAST:
            groups.end(connection, load.code, group.id, datetime.now(UTC))
