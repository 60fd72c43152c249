"""Addresses that wait for their code or link: asked for, sent by whoever comes first, used once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import distinct_on

from alerts.kinds import ChannelKind, Language, Status
from data import tables
from data.sealing import Sealed

LEASE: Final = timedelta(seconds=60)
"""Longer than any carrier's time-out; what a killed worker claimed is sent again after it."""
MOST_SENDS: Final = 8
"""Of one code: it is of use for minutes."""
_CHECK: Final = tables.address_check
_RECIPIENT: Final = tables.recipient


@dataclass(frozen=True, slots=True)
class Check:
    """An address of a recipient that is not verified; code and link follow from `salt`.

    `kept_back`: nothing was sent, so nobody can know them.
    """

    token_hash: str = field(repr=False)
    recipient: int
    status: Status
    language: Language
    channel: ChannelKind
    salt: bytes = field(repr=False)
    sealed: Sealed = field(repr=False)
    lookup: bytes = field(repr=False)
    asked_at: datetime
    expires_at: datetime
    tries: int
    kept_back: bool


def add(
    connection: Connection,
    recipient: int,
    channel: ChannelKind,
    *,
    token_hash: str,
    salt: bytes,
    sealed: Sealed,
    lookup: bytes,
    now: datetime,
    expires_at: datetime,
    to_send: bool,
) -> None:
    """Ask for a code; an earlier one of this recipient and way is of no use any more.

    One that is not to be sent looks like any other, and does not count as asked for.
    """
    void(connection, recipient, channel, now)
    values = {"recipient_id": recipient, "channel": channel, "token_hash": token_hash}
    values |= {"salt": salt, "sealed": sealed.value, "key_number": sealed.key_number}
    values |= {"lookup": lookup, "asked_at": now, "expires_at": expires_at, "tries": 0, "sends": 0}
    values |= {"sent_at": None if to_send else now}
    connection.execute(_CHECK.insert().values(**values))


def void(connection: Connection, recipient: int, channel: ChannelKind, now: datetime) -> None:
    """No code of this recipient and way is of use any more."""
    query = update(_CHECK).where(_CHECK.c.recipient_id == recipient, _CHECK.c.channel == channel)
    connection.execute(query.where(_CHECK.c.used_at.is_(None)).values(used_at=now))


def asked_since(connection: Connection, lookup: bytes, since: datetime) -> int:
    """How many codes for this address were sent or will be that were asked for since then."""
    query = select(func.count()).select_from(_CHECK)
    counted = or_(_CHECK.c.sent_at.is_(None), _CHECK.c.sends > 0)
    query = query.where(_CHECK.c.lookup == lookup, _CHECK.c.asked_at > since, counted)
    return int(connection.execute(query).scalar_one())


def waiting(
    connection: Connection, recipient: int, now: datetime, *, locked: bool = False
) -> list[Check]:
    """What of a recipient waits for its code or link, in the order in which it was asked."""
    query = _living(now).where(_CHECK.c.recipient_id == recipient).order_by(_CHECK.c.asked_at)
    query = query.with_for_update(of=_CHECK) if locked else query
    return [_check(row) for row in connection.execute(query)]


def find(
    connection: Connection, token_hash: str, now: datetime, *, locked: bool = False
) -> Check | None:
    """The check of a link's token; None where it was used, is over, or never was."""
    query = _living(now).where(_CHECK.c.token_hash == token_hash)
    query = query.with_for_update(of=_CHECK) if locked else query
    row = connection.execute(query).first()
    return _check(row) if row else None


def count_try(connection: Connection, check: Check) -> None:
    """Somebody entered a wrong code."""
    query = update(_CHECK).where(_CHECK.c.token_hash == check.token_hash)
    connection.execute(query.values(tries=_CHECK.c.tries + 1))


def use(connection: Connection, check: Check, now: datetime) -> None:
    """The code was entered, or the link was used."""
    query = update(_CHECK).where(_CHECK.c.token_hash == check.token_hash)
    connection.execute(query.values(used_at=now))


def asked_last(connection: Connection, recipient: int) -> list[Check]:
    """The newest check of each way that the recipient has not verified since it was asked for."""
    ways = tables.recipient_address
    done = exists().where(
        ways.c.recipient_id == _CHECK.c.recipient_id,
        ways.c.channel == _CHECK.c.channel,
        ways.c.verified_at >= _CHECK.c.asked_at,
    )
    query = _with_recipient().where(_CHECK.c.recipient_id == recipient, ~done)
    query = query.ext(distinct_on(_CHECK.c.channel))
    rows = connection.execute(query.order_by(_CHECK.c.channel, _CHECK.c.asked_at.desc()))
    return [_check(row) for row in rows]


def claim(
    connection: Connection, channels: Sequence[ChannelKind], now: datetime, limit: int
) -> list[Check]:
    """Take codes to be sent for the time of a lease, oldest first."""
    free = or_(_CHECK.c.lease_until.is_(None), _CHECK.c.lease_until <= now)
    query = _living(now).where(_CHECK.c.sent_at.is_(None), free, _CHECK.c.sends < MOST_SENDS)
    query = query.where(_CHECK.c.channel.in_([str(one) for one in channels]))
    query = query.order_by(_CHECK.c.asked_at).limit(limit)
    rows = connection.execute(query.with_for_update(of=_CHECK, skip_locked=True))
    found = [_check(row) for row in rows]
    hashes = [one.token_hash for one in found]
    taken = update(_CHECK).where(_CHECK.c.token_hash == func.any(hashes))
    connection.execute(taken.values(lease_until=now + LEASE, sends=_CHECK.c.sends + 1))
    return found


def sent(connection: Connection, check: Check, now: datetime) -> None:
    """A carrier took it, or never will: it is not sent again."""
    query = update(_CHECK).where(_CHECK.c.token_hash == check.token_hash)
    connection.execute(query.values(sent_at=now))


def put_back(connection: Connection, check: Check, until: datetime) -> None:
    """It was certainly not taken: send it again, not before then."""
    query = update(_CHECK).where(_CHECK.c.token_hash == check.token_hash)
    connection.execute(query.values(lease_until=until))


def erase(connection: Connection, before: datetime) -> int:
    """Erase what was asked before then, used or not; returns how many."""
    return connection.execute(delete(_CHECK).where(_CHECK.c.asked_at < before)).rowcount


def _living(now: datetime) -> Any:
    """Checks that can still be used."""
    return _with_recipient().where(_CHECK.c.used_at.is_(None), _CHECK.c.expires_at > now)


def _with_recipient() -> Any:
    """Checks with their recipient's status and language."""
    query = select(_CHECK, _RECIPIENT.c.status, _RECIPIENT.c.language)
    return query.join(_RECIPIENT, _RECIPIENT.c.id == _CHECK.c.recipient_id)


def _check(row: Row[Any]) -> Check:
    return Check(
        row.token_hash,
        row.recipient_id,
        Status(row.status),
        Language(row.language),
        ChannelKind(row.channel),
        row.salt,
        Sealed(row.key_number, row.sealed),
        row.lookup,
        row.asked_at,
        row.expires_at,
        row.tries,
        row.sent_at is not None and row.sends == 0,
    )
