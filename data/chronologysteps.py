"""How far the lines of the chronology are, as people said it: rows that are only added."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, func, insert, select

from data import tables

_STEP: Final = tables.chronology_step


def add_step(connection: Connection, **values: Any) -> int:
    """Say how far something is; returns the number of the step. Under the lock of numbers."""
    row = {"said_at": func.clock_timestamp(), **values}
    return int(connection.execute(insert(_STEP).values(row).returning(_STEP.c.id)).scalar_one())


def last_steps(connection: Connection, code: str, refs: Sequence[str]) -> dict[str, Row[Any]]:
    """What was said last of how far each of these is."""
    query = select(_STEP).where(_STEP.c.city_code == code, _STEP.c.ref.in_(refs))
    # Of each the last that is read stays.
    query = query.order_by(_STEP.c.id)
    return {row.ref: row for row in connection.execute(query)}
