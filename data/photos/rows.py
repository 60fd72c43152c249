"""Rows of photos, and of which report each belongs to.

A photo's row comes before its file, in one transaction: whoever deletes holds the row while the
file goes (`operations/photos/purging.py`). The transaction must see what others commit (`latest`).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, func, select, update
from sqlalchemy.dialects.postgresql import insert

from data import tables
from data.photos.looking import Looked


@dataclass(frozen=True, slots=True)
class Belongs:
    """Which report a photo is of, and what is there of it."""

    observation: UUID
    thumbnail: str | None
    original: str | None


def add(
    connection: Connection,
    sha256: str,
    size: int,
    looked: Looked,
    *,
    now: datetime,
    delete_after: datetime,
    held: bytes | None = None,
) -> None:
    """Write down a photo; one that is there is kept at least as long."""
    table = tables.photo
    row = insert(table).values(
        sha256=sha256,
        bytes=size,
        mime=looked.mime,
        width=looked.width,
        height=looked.height,
        likeness=looked.likeness,
        taken_at=looked.taken_at,
        stored_at=now,
        delete_after=delete_after,
        held=held,
    )
    longer = func.greatest(table.c.delete_after, row.excluded.delete_after)
    connection.execute(
        row.on_conflict_do_update(index_elements=["sha256"], set_={"delete_after": longer})
    )


def belong(
    connection: Connection, photo_id: UUID, observation: UUID, *, now: datetime, **known: Any
) -> Belongs:
    """Say which report it is of; what is known already stays, and another report's is left alone.
    Returns what is known now.

    `known`: `thumbnail` or `original`, and `taken_at`.
    """
    table = tables.observation_photo
    row = insert(table).values(id=photo_id, observation=observation, received_at=now, **known)
    first = {name: func.coalesce(table.c[name], row.excluded[name]) for name in known}
    query = row.on_conflict_do_update(
        index_elements=["id"], set_=first, where=table.c.observation == observation
    )
    columns = (table.c.observation, table.c.thumbnail, table.c.original)
    found = connection.execute(query.returning(*columns)).first()
    # No row: it is another report's, and there.
    theirs = select(*columns).where(table.c.id == photo_id)
    return Belongs(*(found or connection.execute(theirs).one()))


def find_belongs(connection: Connection, photo_id: UUID) -> Belongs | None:
    """Which report it is of, None where nothing came yet."""
    table = tables.observation_photo
    query = select(table.c.observation, table.c.thumbnail, table.c.original)
    row = connection.execute(query.where(table.c.id == photo_id)).first()
    return Belongs(*row) if row else None


def find(connection: Connection, sha256: str) -> Row[Any] | None:
    """The row of a photo."""
    return connection.execute(select(tables.photo).where(tables.photo.c.sha256 == sha256)).first()


def held(connection: Connection) -> tuple[str, bytes] | None:
    """One that the store has not taken yet, kept from whoever else moves them, and its bytes."""
    table = tables.photo
    query = select(table.c.sha256, table.c.held).where(table.c.held.is_not(None))
    row = connection.execute(query.limit(1).with_for_update(skip_locked=True)).first()
    return (row.sha256, row.held) if row else None


def taken(connection: Connection, sha256: str) -> None:
    """Say that the store has it."""
    table = tables.photo
    connection.execute(update(table).where(table.c.sha256 == sha256).values(held=None))


def remove_over(connection: Connection, now: datetime, most: int) -> list[str]:
    """Remove rows whose date is past, and return their hashes: their files go before the commit."""
    table = tables.photo
    over = select(table.c.sha256).where(table.c.delete_after < now).limit(most)
    rows = over.with_for_update(skip_locked=True).cte("over").prefix_with("MATERIALIZED")
    query = table.delete().where(table.c.sha256.in_(select(rows.c.sha256)))
    return list(connection.execute(query.returning(table.c.sha256)).scalars())


def known(connection: Connection, hashes: list[str]) -> set[str]:
    """Those of these hashes that have a row."""
    query = select(tables.photo.c.sha256).where(tables.photo.c.sha256.in_(hashes))
    return set(connection.execute(query).scalars())


def of_observations(connection: Connection, observations: list[UUID]) -> list[Row[Any]]:
    """The photos of these reports: id, report, hashes, likeness, times; oldest first."""
    table, photo = tables.observation_photo, tables.photo
    joined = table.outerjoin(
        photo, photo.c.sha256 == func.coalesce(table.c.original, table.c.thumbnail)
    )
    query = (
        select(
            table.c.id,
            table.c.observation,
            table.c.thumbnail,
            table.c.original,
            func.coalesce(table.c.taken_at, photo.c.taken_at).label("taken_at"),
            table.c.received_at,
            photo.c.likeness,
            photo.c.sha256.label("shown"),
        )
        .select_from(joined)
        .where(table.c.observation.in_(observations))
    )
    return list(connection.execute(query.order_by(table.c.received_at, table.c.id)))
