"""What officers entered into the forms of the night: only ever added, the newest counts.

A form is of one event: what was entered before the last was ended (`event.ended`) is of another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import distinct_on, insert

from data import tables
from data.thisevent import in_this_event

_ENTRY = tables.duty_entry
_THIS_EVENT: Final = in_this_event(_ENTRY.c.said_at)


@dataclass(frozen=True, slots=True)
class Entry:
    """The newest of a field; `value` None: an officer says that nobody knows it any more."""

    number: int
    value: str | None
    confirmed: bool
    said_by: str
    said_at: datetime


def newest(connection: Connection, code: str, form: str) -> dict[str, Entry]:
    """By field, of the fields that anybody ever entered."""
    query = (
        select(_ENTRY)
        .where(_ENTRY.c.city_code == code, _ENTRY.c.form == form, _THIS_EVENT)
        .ext(distinct_on(_ENTRY.c.field))
        .order_by(_ENTRY.c.field, _ENTRY.c.id.desc())
    )
    return {
        row.field: Entry(row.id, row.value, row.confirmed, row.said_by, row.said_at)
        for row in connection.execute(query)
    }


def standing(connection: Connection, code: str, form: str, field: str) -> Sequence[str]:
    """All values of a field that still stand, the oldest first: each None took back the last."""
    mine = _ENTRY.c.city_code == code, _ENTRY.c.form == form, _ENTRY.c.field == field
    query = select(_ENTRY.c.value).where(*mine, _THIS_EVENT).order_by(_ENTRY.c.id)
    found: list[str] = []
    for value in connection.execute(query).scalars():
        if value is not None:
            found.append(value)
        elif found:
            found.pop()
    return found


def last_number(connection: Connection, code: str, form: str, field: str) -> int:
    """The number of a field's newest entry, 0 before the first of this event."""
    mine = _ENTRY.c.city_code == code, _ENTRY.c.form == form, _ENTRY.c.field == field
    query = select(func.max(_ENTRY.c.id)).where(*mine, _THIS_EVENT)
    return connection.execute(query).scalar() or 0


def number_of(connection: Connection, key: UUID) -> int | None:
    """The number of the entry with this key, None where there is none."""
    return connection.execute(select(_ENTRY.c.id).where(_ENTRY.c.key == key)).scalar()


def add(connection: Connection, **values: Any) -> int | None:
    """Add an entry; returns its number, None where its `key` is there already."""
    query = insert(_ENTRY).values(values).on_conflict_do_nothing(index_elements=["key"])
    return connection.execute(query.returning(_ENTRY.c.id)).scalar()
