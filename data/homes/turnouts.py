"""How many come of those who are told to go, where headquarters says so: one standing row."""

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from data import tables
from routing.plan.turnout import Turnout

_TURNOUT = tables.turnout


def find_row(connection: Connection, code: str) -> Row[Any] | None:
    """The row that stands, with its reason and since when."""
    query = select(_TURNOUT).where(_TURNOUT.c.city_code == code, _TURNOUT.c.ended_at.is_(None))
    return connection.execute(query.order_by(_TURNOUT.c.id.desc()).limit(1)).first()


def standing_turnout(connection: Connection, code: str) -> Turnout | None:
    """What headquarters said last; None where the city's own setting counts."""
    row = find_row(connection, code)
    return None if row is None else shares_of(row)


def find_before(connection: Connection, row: Row[Any]) -> Row[Any] | None:
    """The row that stood until this one began; None where the city's own setting counted."""
    earlier = (_TURNOUT.c.city_code == row.city_code, _TURNOUT.c.id < row.id)
    query = select(_TURNOUT).where(*earlier, _TURNOUT.c.ended_at >= row.begun_at)
    return connection.execute(query.order_by(_TURNOUT.c.id.desc()).limit(1)).first()


def shares_of(row: Row[Any]) -> Turnout:
    """What a row says."""
    return Turnout(**{field.name: getattr(row, field.name) for field in fields(Turnout)})


def end(connection: Connection, code: str, now: datetime, number: int | None = None) -> bool:
    """Let the city's own setting count again, with a `number` only if that row stands; False where
    nothing was ended.
    """
    query = update(_TURNOUT).where(_TURNOUT.c.city_code == code, _TURNOUT.c.ended_at.is_(None))
    query = query if number is None else query.where(_TURNOUT.c.id == number)
    return bool(connection.execute(query.values(ended_at=now)).rowcount)


def begin(
    connection: Connection, code: str, turnout: Turnout, *, reason: str, by: str, now: datetime
) -> None:
    """Add what headquarters says."""
    values = asdict(turnout)
    connection.execute(
        _TURNOUT.insert().values(city_code=code, **values, reason=reason, said_by=by, begun_at=now)
    )
