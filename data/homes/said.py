"""What households say of themselves: one standing row each, older ones end."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from city.intent import Intent
from data import tables

_SAID = tables.household_said


@dataclass(frozen=True, slots=True)
class Said:
    """A standing word of a household, by its number in the current load; `id` is its row's."""

    id: int
    household: int
    intent: Intent
    at: datetime


def find_said(connection: Connection, code: str, household: int) -> Said | None:
    """What a household says now."""
    row = connection.execute(_standing(code).where(_SAID.c.household == household)).first()
    return Said(row.id, row.household, Intent(row.intent), row.begun_at) if row else None


def standing_said(connection: Connection, code: str) -> list[Said]:
    """What all households of a city say now, by number; those that are gone are left out."""
    query = _standing(code).where(_SAID.c.household.is_not(None)).order_by(_SAID.c.household)
    rows = connection.execute(query)
    return [Said(row.id, row.household, Intent(row.intent), row.begun_at) for row in rows]


def point_of(connection: Connection, load_id: int, household: int) -> Any:
    """Where a household of a load stands, as a column takes it; None where there is none."""
    table = tables.household
    query = select(table.c.geom).where(table.c.load_id == load_id, table.c.number == household)
    return connection.execute(query).scalar()


def end(connection: Connection, code: str, household: int, now: datetime) -> bool:
    """What it said counts no more; False where nothing stood."""
    mine = (_SAID.c.city_code == code, _SAID.c.household == household)
    query = update(_SAID).where(*mine, _SAID.c.ended_at.is_(None)).values(ended_at=now)
    return bool(connection.execute(query).rowcount)


def end_all(connection: Connection, code: str, now: datetime) -> int:
    """What all households of a city said counts no more; returns how many words stood."""
    query = update(_SAID).where(_SAID.c.city_code == code, _SAID.c.ended_at.is_(None))
    return connection.execute(query.values(ended_at=now)).rowcount


def begin(
    connection: Connection,
    code: str,
    household: int,
    intent: Intent,
    by: str,
    *,
    at: Any,
    now: datetime,
) -> int:
    """Add a word of a household that stands `at` a stored point; returns the row's id."""
    query = _SAID.insert().values(
        city_code=code,
        household=household,
        geom=at,
        intent=intent,
        said_by=by,
        begun_at=now,
    )
    return int(connection.execute(query.returning(_SAID.c.id)).scalar_one())


def lock_household(connection: Connection, code: str, household: int) -> None:
    """Let nobody else speak for a household before the transaction ends."""
    key = func.hashtextextended(f"{code}/{household}", 0)
    connection.execute(select(func.pg_advisory_xact_lock(key)))


def _standing(code: str) -> Any:
    return select(_SAID).where(_SAID.c.city_code == code, _SAID.c.ended_at.is_(None))
