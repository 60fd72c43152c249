"""The ways of those who registered: verified addresses, sealed and found by their keyed hash."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, select, update
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert

from alerts.kinds import ChannelKind
from alerts.registration import STAGES
from data import tables
from data.recipients import set_late
from data.sealing import Sealed

_ADDRESS: Final = tables.recipient_address
_STAGES: Final = """
UPDATE recipient_address SET stage = ranked.stage FROM (
  SELECT channel, row_number() OVER (ORDER BY array_position(:order, channel)) - 1 AS stage
  FROM recipient_address
  WHERE recipient_id = :id AND verified_at IS NOT NULL AND blocked_at IS NULL
) AS ranked
WHERE recipient_id = :id AND recipient_address.channel = ranked.channel
"""


@dataclass(frozen=True, slots=True)
class Way:
    """A verified address of a recipient, sealed; blocked where nothing reaches it any more."""

    channel: ChannelKind
    sealed: Sealed = field(repr=False)
    blocked_at: datetime | None


def find_by_lookup(connection: Connection, channel: ChannelKind, lookup: bytes) -> int | None:
    """The number of whoever has this address."""
    query = select(_ADDRESS.c.recipient_id)
    query = query.where(_ADDRESS.c.channel == channel, _ADDRESS.c.lookup == lookup)
    return connection.execute(query).scalar()


def ways(connection: Connection, number: int) -> list[Way]:
    """The verified addresses of somebody, in the order in which they are used."""
    query = select(_ADDRESS).where(_ADDRESS.c.recipient_id == number)
    rows = connection.execute(query.where(_ADDRESS.c.verified_at.is_not(None)))
    found = [
        Way(ChannelKind(row.channel), Sealed(row.key_number, row.sealed), row.blocked_at)
        for row in rows
    ]
    return sorted(found, key=lambda way: STAGES[way.channel])


def put_address(
    connection: Connection,
    number: int,
    channel: ChannelKind,
    sealed: Sealed,
    lookup: bytes,
    now: datetime,
) -> None:
    """Give somebody a verified address, in place of what they had on this way."""
    values = {
        "stage": STAGES[channel],
        "sealed": sealed.value,
        "key_number": sealed.key_number,
        "lookup": lookup,
        "verified_at": now,
        "blocked_at": None,
        "blocked_why": None,
    }
    query = insert(_ADDRESS).values(recipient_id=number, channel=channel, **values)
    connection.execute(
        query.on_conflict_do_update(index_elements=["recipient_id", "channel"], set_=values)
    )
    renew_stages(connection, number)
    set_late(connection, number)


def take_address(connection: Connection, number: int, channel: ChannelKind) -> bool:
    """Take an address from somebody; False where they had none on this way."""
    query = delete(_ADDRESS).where(_ADDRESS.c.recipient_id == number, _ADDRESS.c.channel == channel)
    taken = bool(connection.execute(query).rowcount)
    renew_stages(connection, number)
    return taken


def block(
    connection: Connection, number: int, channel: ChannelKind, why: str, at: datetime
) -> bool:
    """Nothing reaches this address any more; the next way moves up.

    False where it was so, or the address was verified after `at`. `why` holds no address.
    """
    query = update(_ADDRESS).where(_ADDRESS.c.recipient_id == number, _ADDRESS.c.channel == channel)
    query = query.where(_ADDRESS.c.blocked_at.is_(None), _ADDRESS.c.verified_at <= at)
    blocked = bool(connection.execute(query.values(blocked_at=at, blocked_why=why)).rowcount)
    renew_stages(connection, number)
    return blocked


def unblock(connection: Connection, number: int, channel: ChannelKind, at: datetime) -> bool:
    """It reaches them again, as they say themselves; False where it did, or was blocked later."""
    query = update(_ADDRESS).where(_ADDRESS.c.recipient_id == number, _ADDRESS.c.channel == channel)
    query = query.where(_ADDRESS.c.blocked_at < at)
    values = {"verified_at": at, "blocked_at": None, "blocked_why": None}
    unblocked = bool(connection.execute(query.values(**values)).rowcount)
    renew_stages(connection, number)
    if unblocked:
        set_late(connection, number)
    return unblocked


def renew_stages(connection: Connection, number: int) -> None:
    """Rank somebody's usable addresses: LINE before SMS before mail."""
    order = [str(channel) for channel in STAGES]
    connection.execute(sql(_STAGES), {"id": number, "order": order})
