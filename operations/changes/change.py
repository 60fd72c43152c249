"""One change by one person: a transaction on the current city."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row

from city.staff import Caller
from data import inforce
from data.database import transaction
from data.people import audit
from data.rows import current_load
from hazards.errors import NothingInForce


@dataclass(frozen=True, slots=True)
class Change:
    """The transaction, the city's load that everything is checked against, and who changes it."""

    connection: Connection
    load: Row[Any]
    by: Caller
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def record(self, said: str, action: str, subject: object = "", **details: Any) -> None:
        """Number the change for the planner and write it into the audit log; last of all."""
        inforce.record_change(self.connection, said)
        self.note(action, subject, **details)

    def note(self, action: str, subject: object = "", **details: Any) -> None:
        """Write what changes no plan into the audit log; last of all."""
        audit.record(self.connection, self.by, action, str(subject), **details)


@contextmanager
def changing(engine: Engine, by: Caller) -> Iterator[Change]:
    """Begin a change; all or nothing. A load that is ending is waited for, the next one waits."""
    with transaction(engine, latest=True) as connection:
        inforce.wait_for_load(connection)
        yield Change(connection, current_load(connection), by)


def end(change: Change, table: Any, numbers: Sequence[int]) -> list[int]:
    """End what stands in a table, all of it without numbers; returns what ended.

    Raises `NothingInForce` naming what does not stand.
    """
    there = [row.id for row in inforce.standing(change.connection, table, change.load.code)]
    unknown = sorted(set(numbers) - set(there))
    if unknown or not there:
        raise NothingInForce(
            f"not in force: {listed(unknown) or 'anything of that kind'}"
            f" (in force: {listed(there) or 'none'})"
        )
    wanted = list(numbers) or there
    ended = inforce.end(change.connection, table, wanted)
    # Somebody else may have ended it since it was read.
    gone = sorted(set(wanted) - set(ended))
    if gone and (numbers or not ended):
        raise NothingInForce(f"not in force any more: {listed(gone)}")
    return ended


def listed(numbers: Sequence[int]) -> str:
    """Numbers in a line."""
    return ", ".join(map(str, numbers))
