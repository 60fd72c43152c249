"""What was told of the doors of a list; whoever writes here numbers first, as for the lists."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, insert, select
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import distinct_on

from alerts.doors import SPOKEN, DoorOutcome
from data import tables

_CALL = tables.door_call
_TAKE_BACK: Final = """
DELETE FROM confirmation WHERE revision_id = :revision AND household = :household
    AND recipient_id IS NULL AND how = 'door' AND NOT EXISTS (
        SELECT FROM door_list l CROSS JOIN LATERAL (SELECT outcome FROM door_call
            WHERE door_list_id = l.id AND household = :household ORDER BY id DESC LIMIT 1) newest
        WHERE l.revision_id = :revision AND l.load_id = :load AND l.id <> :list
            AND newest.outcome = ANY(:spoken))
"""


def add_call(
    connection: Connection,
    number: int,
    household: int,
    outcome: DoorOutcome,
    by: str,
    now: datetime,
) -> None:
    """Note what was told of a door."""
    values = {"household": household, "outcome": outcome, "said_by": by, "at": now}
    connection.execute(insert(_CALL).values(door_list_id=number, **values))


def take_back(
    connection: Connection, number: int, load_id: int, revision: int, household: int
) -> bool:
    """A door of a list was not told of a revision after all; whether that takes a word away.

    Not where another list of that revision still says that somebody was spoken with there, and
    never what somebody tapped, answered, or said by telephone.
    """
    bound = {"list": number, "load": load_id, "revision": revision, "household": household}
    spoken = [str(one) for one in sorted(SPOKEN)]
    done = connection.execute(sql(_TAKE_BACK), bound | {"spoken": spoken})
    return bool(done.rowcount)


def newest_calls(connection: Connection, number: int) -> Mapping[int, DoorOutcome]:
    """What was told last of each door of a list, by the household's number."""
    query = (
        select(_CALL.c.household, _CALL.c.outcome)
        .where(_CALL.c.door_list_id == number)
        .order_by(_CALL.c.household, _CALL.c.id.desc())
        .ext(distinct_on(_CALL.c.household))
    )
    return {row.household: DoorOutcome(row.outcome) for row in connection.execute(query)}
