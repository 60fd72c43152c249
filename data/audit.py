"""The audit log: rows that are only added, each hashed together with the one before it.

Entries name people and devices by number, places by id, and hold no personal data.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, select

from city.staff import Caller
from data import tables
from data.database import in_order

FIRST: Final = "0" * 64
"""What the first entry is hashed with."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it was written."""

    number: int
    at: datetime
    actor: str
    action: str
    subject: str
    details: Mapping[str, Any]
    previous: str
    hash: str

    @property
    def is_as_written(self) -> bool:
        """Whether the hash is that of what the entry says."""
        return self.hash == _hash(self.previous, self._said())

    def _said(self) -> list[Any]:
        at = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        return [self.number, at, self.actor, self.action, self.subject, self.details]


def record(
    connection: Connection, by: Caller, action: str, subject: str = "", **details: Any
) -> int:
    """Add an entry about what `by` did, in the transaction that does it; returns its number.

    Called as late as possible: from here to the commit nobody else can add one.
    """
    in_order(connection)
    table = tables.audit_entry
    query = select(table.c.number, table.c.hash).order_by(table.c.number.desc()).limit(1)
    last = connection.execute(query).first()
    number, previous = (last.number + 1, last.hash) if last else (1, FIRST)
    entry = Entry(
        number, datetime.now(UTC), by.actor, action, subject, dict(details), previous, hash=""
    )
    connection.execute(
        table.insert().values(
            number=number,
            at=entry.at,
            actor=entry.actor,
            action=action,
            subject=subject,
            details=entry.details,
            previous=previous,
            hash=_hash(previous, entry._said()),
        )
    )
    return number


def entries(connection: Connection) -> Iterator[Entry]:
    """All entries, oldest first."""
    table = tables.audit_entry
    rows = connection.execution_options(yield_per=1000).execute(
        select(table).order_by(table.c.number)
    )
    for row in rows:
        yield Entry(*row)


def _hash(previous: str, said: list[Any]) -> str:
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}{text}".encode()).hexdigest()
