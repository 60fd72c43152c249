"""The audit log: rows that are only added, each hashed together with the one before it.

Entries name people and devices by number, places by id, and hold no personal data.
"""

import hashlib
import json
from collections.abc import Generator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
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


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody did to something, with no personal data in its details."""

    by: Caller
    action: str
    subject: str
    details: Mapping[str, Any]


def record(
    connection: Connection, by: Caller, action: str, subject: str = "", **details: Any
) -> int:
    """Add an entry about what `by` did, in the transaction that does it; returns its number.

    Called as late as possible: from here to the commit nobody else can add one.
    """
    return record_all(connection, [Deed(by, action, subject, details)])


def record_all(connection: Connection, deeds: Sequence[Deed]) -> int:
    """Add an entry about each, in their order; returns the last number."""
    in_order(connection)
    table = tables.audit_entry
    query = select(table.c.number, table.c.hash).order_by(table.c.number.desc()).limit(1)
    last = connection.execute(query).first()
    number, previous = (last.number, last.hash) if last else (0, FIRST)
    at, rows = datetime.now(UTC), []
    for deed in deeds:
        number += 1
        details = dict(deed.details)
        entry = Entry(
            number, at, deed.by.actor, deed.action, deed.subject, details, previous, hash=""
        )
        previous = _hash(previous, entry._said())
        rows.append(asdict(replace(entry, hash=previous)))
    if rows:
        connection.execute(table.insert(), rows)
    return number


def entries(connection: Connection) -> Generator[Entry, None, None]:
    """All entries, oldest first; close it where not all are read."""
    table = tables.audit_entry
    query = select(table).order_by(table.c.number)
    with connection.execution_options(yield_per=1000).execute(query) as rows:
        for row in rows:
            yield Entry(*row)


def last(connection: Connection, count: int) -> list[Entry]:
    """The newest entries, newest first."""
    table = tables.audit_entry
    rows = connection.execute(select(table).order_by(table.c.number.desc()).limit(count))
    return [Entry(*row) for row in rows]


def holds(connection: Connection, head: str) -> bool:
    """Whether an entry has that hash, or it is what the first one is hashed with."""
    table = tables.audit_entry
    query = select(table.c.number).where(table.c.hash == head)
    found = connection.execute(query.order_by(table.c.number.desc()).limit(1))
    return head == FIRST or found.first() is not None


def _hash(previous: str, said: list[Any]) -> str:
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}{text}".encode()).hexdigest()
