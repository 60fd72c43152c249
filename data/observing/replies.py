"""What became of reports, for those who sent them: found by the hash of their secret alone."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, func, select, update

from data import tables

_SEEN = tables.observation


def of_reply(
    connection: Connection, code: str, reply_hash: str, since: datetime, most: int
) -> list[Row[Any]]:
    """The reports of a secret, the newest first; `said` and `ended` are state and outcome of the
    report that each was merged into, where it was, and `pictures` counts its own.
    """
    other, photo = _SEEN.alias(), tables.observation_photo
    pictures = select(func.count()).where(photo.c.observation == _SEEN.c.id).scalar_subquery()
    query = (
        select(
            _SEEN,
            func.coalesce(other.c.state, _SEEN.c.state).label("said"),
            func.coalesce(other.c.outcome, _SEEN.c.outcome).label("ended"),
            pictures.label("pictures"),
        )
        .join(other, other.c.id == _SEEN.c.merged_into, isouter=True)
        .where(_SEEN.c.city_code == code, _SEEN.c.reply_hash == reply_hash)
        .where(_SEEN.c.received_at >= since)
        .order_by(_SEEN.c.received_at.desc(), _SEEN.c.id)
    )
    return list(connection.execute(query.limit(most)))


def with_photo(connection: Connection, number: UUID) -> None:
    """Say that a picture came with it, after it."""
    connection.execute(update(_SEEN).where(_SEEN.c.id == number).values(photo=True))


def count_pictures(connection: Connection, number: UUID) -> int:
    """How many pictures a report has."""
    photo = tables.observation_photo
    query = select(func.count()).where(photo.c.observation == number)
    return int(connection.execute(query).scalar_one())
