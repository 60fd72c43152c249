"""「向かっています」: who is on the way to which place; a hold ends by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, select, update
from sqlalchemy.dialects.postgresql import insert

from data import tables

_HOLD = tables.hold
MINE = (_HOLD.c.firm.is_(False), _HOLD.c.household.is_not(None))


@dataclass(frozen=True, slots=True)
class Hold:
    """Persons on the way to a place. `firm` ones, by staff, take room; others are a forecast.

    `household` is its number in the current load, None where it is of nobody known.
    """

    id: UUID
    site_id: str
    household: int | None
    persons: int
    firm: bool
    expires_at: datetime


def standing_holds(connection: Connection, code: str, now: datetime) -> list[Hold]:
    """The holds of a city that have neither ended nor expired, oldest first."""
    rows = connection.execute(_standing(code, now).order_by(_HOLD.c.begun_at, _HOLD.c.id))
    return [_hold(row) for row in rows]


def find_of_household(
    connection: Connection, code: str, household: int, now: datetime
) -> Hold | None:
    """The hold that a household itself has now."""
    query = _standing(code, now).where(*MINE, _HOLD.c.household == household)
    row = connection.execute(query.order_by(_HOLD.c.begun_at.desc()).limit(1)).first()
    return _hold(row) if row else None


def find(connection: Connection, number: UUID) -> Row[Any] | None:
    """The row of a hold, ended or not."""
    return connection.execute(select(_HOLD).where(_HOLD.c.id == number)).first()


def add(connection: Connection, code: str, hold: Hold, by: str, now: datetime) -> bool:
    """Add a hold; False where that id is there already, and nothing changes."""
    query = insert(_HOLD).values(
        id=hold.id,
        city_code=code,
        site_id=hold.site_id,
        household=hold.household,
        persons=hold.persons,
        firm=hold.firm,
        said_by=by,
        begun_at=now,
        expires_at=hold.expires_at,
    )
    fresh = query.on_conflict_do_nothing(index_elements=["id"]).returning(_HOLD.c.id)
    return connection.execute(fresh).first() is not None


def end(connection: Connection, numbers: Sequence[UUID], now: datetime) -> int:
    """End holds; returns how many stood."""
    query = update(_HOLD).where(_HOLD.c.id.in_(numbers), _HOLD.c.ended_at.is_(None))
    return connection.execute(query.values(ended_at=now)).rowcount


def end_of_household(
    connection: Connection, code: str, household: int, now: datetime, *, firm: bool = False
) -> int:
    """End what a household itself holds, or the `firm` ones for it; returns how many stood."""
    its = (_HOLD.c.city_code == code, _HOLD.c.household == household, _HOLD.c.firm.is_(firm))
    query = update(_HOLD).where(*its, _HOLD.c.ended_at.is_(None)).values(ended_at=now)
    return connection.execute(query).rowcount


def end_all(connection: Connection, code: str, now: datetime) -> int:
    """End all holds of a city; returns how many had not ended."""
    query = update(_HOLD).where(_HOLD.c.city_code == code, _HOLD.c.ended_at.is_(None))
    return connection.execute(query.values(ended_at=now)).rowcount


def end_at_no_place(connection: Connection, load: Row[Any], now: datetime) -> int:
    """End holds of places that a load (its row) does not have; returns how many stood."""
    site = tables.evacuation_site.c
    there = select(site.id).where(site.load_id == load.id)
    mine = (_HOLD.c.city_code == load.code, _HOLD.c.site_id.not_in(there))
    query = update(_HOLD).where(*mine, _HOLD.c.ended_at.is_(None)).values(ended_at=now)
    return connection.execute(query).rowcount


def persons_of(connection: Connection, load_id: int, household: int) -> int:
    """How many live in a household of a load; 1 where it is not there."""
    table = tables.household
    query = select(table.c.persons).where(table.c.load_id == load_id, table.c.number == household)
    return int(connection.execute(query).scalar() or 1)


def _standing(code: str, now: datetime) -> Select[Any]:
    standing = (_HOLD.c.city_code == code, _HOLD.c.ended_at.is_(None), _HOLD.c.expires_at > now)
    return select(_HOLD).where(*standing)


def _hold(row: Row[Any]) -> Hold:
    return Hold(row.id, row.site_id, row.household, row.persons, row.firm, row.expires_at)
