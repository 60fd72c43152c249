"""What each 班 of a 町丁目 told of its households: the newest counts, older ones are kept."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import distinct_on

from data import tables

_TALLY = tables.han_tally


@dataclass(frozen=True, slots=True)
class Tally:
    """Households of a 班 that were called, left, stay, and need to be fetched."""

    area_code: str
    han: int
    called: int
    left: int
    staying: int
    lift: int


@dataclass(frozen=True, slots=True)
class Told:
    """A tally, who told it ("staff:3"), and when."""

    tally: Tally
    by: str
    at: datetime


def add(connection: Connection, code: str, tally: Tally, by: str, now: datetime) -> int:
    """Add a tally; returns its number."""
    query = _TALLY.insert().values(
        city_code=code,
        area_code=tally.area_code,
        han=tally.han,
        called=tally.called,
        left=tally.left,
        staying=tally.staying,
        lift=tally.lift,
        said_by=by,
        at=now,
    )
    return int(connection.execute(query.returning(_TALLY.c.id)).scalar_one())


def newest(connection: Connection, code: str) -> list[Told]:
    """The newest tally of each 班, by area and number."""
    query = (
        select(_TALLY)
        .where(_TALLY.c.city_code == code)
        .ext(distinct_on(_TALLY.c.area_code, _TALLY.c.han))
        .order_by(_TALLY.c.area_code, _TALLY.c.han, _TALLY.c.at.desc(), _TALLY.c.id.desc())
    )
    return [
        Told(
            Tally(row.area_code, row.han, row.called, row.left, row.staying, row.lift),
            row.said_by,
            row.at,
        )
        for row in connection.execute(query)
    ]
