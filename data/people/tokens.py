"""Tablets that are let in, and links that let in once: only the hashes of their secrets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from city.staff import Caller, CallerKind
from data import tables
from data.live import outbox
from data.people.staff import roles_of


class Purpose(StrEnum):
    """What a one-time link is for: the first administrator, or a person's (new) password."""

    FIRST_ADMINISTRATOR = "first_administrator"
    PASSWORD = "password"  # noqa: S105  the word


@dataclass(frozen=True, slots=True)
class Device:
    """A tablet; `site_id` binds it to a place."""

    id: int
    name: str
    role: str
    site_id: str | None
    created_at: datetime
    seen_at: datetime | None
    revoked_at: datetime | None

    @property
    def caller(self) -> Caller:
        """Who calls from this tablet."""
        return Caller(CallerKind.DEVICE, self.id, self.name, roles_of([self.role]), self.site_id)


@dataclass(frozen=True, slots=True)
class Link:
    """A link that nobody has used and that has not expired."""

    token_hash: str
    purpose: Purpose
    staff_id: int | None


def add_device(connection: Connection, **values: Any) -> int:
    """Add a tablet; returns its number."""
    query = tables.device.insert().values(values).returning(tables.device.c.id)
    return int(connection.execute(query).scalar_one())


def find_device(connection: Connection, token_hash: str) -> Device | None:
    """The tablet of a token, unless it was revoked."""
    return find_devices(connection, [token_hash]).get(token_hash)


def find_devices(connection: Connection, token_hashes: Sequence[str]) -> dict[str, Device]:
    """The tablets by token, without those that were revoked."""
    table = tables.device
    query = select(table).where(table.c.token_hash == func.any(list(token_hashes)))
    rows = connection.execute(query.where(table.c.revoked_at.is_(None)))
    return {row.token_hash: _device(row) for row in rows}


def devices(connection: Connection) -> list[Device]:
    """All tablets, those that were revoked last."""
    table = tables.device
    query = select(table).order_by(table.c.revoked_at.isnot(None), table.c.id)
    return [_device(row) for row in connection.execute(query)]


def see_devices(connection: Connection, numbers: Sequence[int], now: datetime) -> None:
    """Note that tablets are in use."""
    table = tables.device
    query = update(table).where(table.c.id == func.any(list(numbers)))
    connection.execute(query.values(seen_at=now))


def revoke_device(connection: Connection, number: int, now: datetime) -> bool:
    """Let a tablet in no longer, nor follow; late in a transaction (`latest`).

    False where there is none to revoke.
    """
    table = tables.device
    query = update(table).where(table.c.id == number, table.c.revoked_at.is_(None))
    revoked = bool(connection.execute(query.values(revoked_at=now)).rowcount)
    if revoked:
        outbox.look_again(connection)
    return revoked


def add_link(
    connection: Connection,
    token_hash: str,
    purpose: Purpose,
    staff_id: int | None,
    *,
    now: datetime,
    expires_at: datetime,
) -> None:
    """Add a link, and let no earlier one of the same purpose and person in."""
    table = tables.one_time_link
    query = update(table).where(table.c.purpose == purpose, table.c.used_at.is_(None))
    query = query.where(table.c.staff_id.is_not_distinct_from(staff_id))
    connection.execute(query.values(used_at=now))
    connection.execute(
        table.insert().values(
            token_hash=token_hash,
            purpose=purpose,
            staff_id=staff_id,
            created_at=now,
            expires_at=expires_at,
        )
    )


def find_link(connection: Connection, token_hash: str, now: datetime) -> Link | None:
    """The link of a code, while it may be used."""
    table = tables.one_time_link
    query = select(table).where(table.c.token_hash == token_hash, table.c.used_at.is_(None))
    row = connection.execute(query.where(table.c.expires_at > now)).first()
    return Link(row.token_hash, Purpose(row.purpose), row.staff_id) if row else None


def use_link(connection: Connection, token_hash: str, now: datetime) -> bool:
    """Use a link up; False where somebody did before, or it has expired."""
    table = tables.one_time_link
    query = update(table).where(table.c.token_hash == token_hash, table.c.used_at.is_(None))
    query = query.where(table.c.expires_at > now)
    return bool(connection.execute(query.values(used_at=now)).rowcount)


def drop_links(connection: Connection, staff_id: int, now: datetime) -> None:
    """Let no link of an account in any longer."""
    table = tables.one_time_link
    query = update(table).where(table.c.staff_id == staff_id, table.c.used_at.is_(None))
    connection.execute(query.values(used_at=now))


def _device(row: Row[Any]) -> Device:
    return Device(
        row.id, row.name, row.role, row.site_id, row.created_at, row.seen_at, row.revoked_at
    )
