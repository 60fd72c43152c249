"""Rows of uploads under way: what was said of each, and its parts, in PostgreSQL.

So every server process goes on with what another began, and an offset that was answered is one
that a commit has kept.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, and_, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from data import tables

_UPLOAD = tables.photo_upload
_PART = tables.photo_upload_part


def begin(
    connection: Connection, photo: UUID, made_by: str, now: datetime, **values: Any
) -> Row[Any]:
    """The one of that photo by that caller, for update: made now where there is none, or none any
    more.
    """
    over = (_UPLOAD.c.finished_at.is_(None), _UPLOAD.c.expires_at < now)
    mine = (_UPLOAD.c.photo == photo, _UPLOAD.c.made_by == made_by)
    connection.execute(delete(_UPLOAD).where(*mine, *over))
    row = insert(_UPLOAD).values(photo=photo, made_by=made_by, **values)
    connection.execute(row.on_conflict_do_nothing(index_elements=["photo", "made_by"]))
    return connection.execute(select(_UPLOAD).where(*mine).with_for_update()).one()


def find(connection: Connection, upload: UUID) -> Row[Any] | None:
    """One by its id: nobody else changes it before the transaction ends."""
    query = select(_UPLOAD).where(_UPLOAD.c.id == upload)
    return connection.execute(query.with_for_update()).first()


def unfinished(connection: Connection, made_by: str, now: datetime, but: UUID) -> int:
    """How many that caller has under way of other photos."""
    query = select(func.count()).where(
        _UPLOAD.c.made_by == made_by,
        _UPLOAD.c.finished_at.is_(None),
        _UPLOAD.c.expires_at > now,
        _UPLOAD.c.photo != but,
    )
    return int(connection.execute(query).scalar_one())


def add_part(connection: Connection, upload: UUID, begins_at: int, content: bytes) -> None:
    """A part that begins at that byte."""
    connection.execute(insert(_PART).values(upload=upload, begins_at=begins_at, content=content))


def advance(connection: Connection, upload: UUID, received: int, to: int) -> bool:
    """Say how much is there; False where it was no longer `received`."""
    query = update(_UPLOAD).where(_UPLOAD.c.id == upload, _UPLOAD.c.received == received)
    return connection.execute(query.values(received=to)).rowcount == 1


def content(connection: Connection, upload: UUID) -> bytes:
    """All parts, joined."""
    query = select(_PART.c.content).where(_PART.c.upload == upload).order_by(_PART.c.begins_at)
    return b"".join(connection.execute(query).scalars())


def finish(connection: Connection, upload: UUID, now: datetime) -> None:
    """Say that all of it became a photo; its parts go."""
    connection.execute(delete(_PART).where(_PART.c.upload == upload))
    connection.execute(update(_UPLOAD).where(_UPLOAD.c.id == upload).values(finished_at=now))


def remove(connection: Connection, upload: UUID) -> None:
    """Forget it, if it is not finished."""
    query = delete(_UPLOAD).where(_UPLOAD.c.id == upload, _UPLOAD.c.finished_at.is_(None))
    connection.execute(query)


def remove_over(connection: Connection, now: datetime, finished_before: datetime) -> int:
    """Forget those that expired, and what was finished before; returns how many expired."""
    expired = and_(_UPLOAD.c.finished_at.is_(None), _UPLOAD.c.expires_at < now)
    count = connection.execute(delete(_UPLOAD).where(expired)).rowcount
    connection.execute(delete(_UPLOAD).where(_UPLOAD.c.finished_at < finished_before))
    return count
