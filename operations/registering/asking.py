"""Asking for a code or link: no more often than somebody can want it, and known to nobody else."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from alerts.kinds import ChannelKind, Status
from data import recipientchecks as checks
from data import recipients
from data.sealing import Sealer
from operations.people.signing import hash_of
from operations.registering.salted import LASTS, link_token, new_salt

EACH_HOUR: Final = 3
EACH_DAY: Final = 10
"""Codes to one address, whoever asks: nobody's phone is rung out by strangers."""


def ask(
    connection: Connection,
    sealer: Sealer,
    recipient: int,
    status: Status,
    channel: ChannelKind,
    address: str,
    now: datetime,
) -> bool:
    """Ask for a code to a normalised address; False where too many were asked for.

    Then nothing is sent, and everything else is the same: what a stranger sees says neither that
    an address is registered nor that somebody else tries.
    """
    recipients.hold_keys(connection)
    lookup = sealer.lookup(address, channel, status)
    recipients.lock_address(connection, lookup)
    rare = all(
        checks.asked_since(connection, lookup, now - span) < most
        for span, most in ((timedelta(hours=1), EACH_HOUR), (timedelta(days=1), EACH_DAY))
    )
    salt = new_salt()
    checks.add(
        connection,
        recipient,
        channel,
        token_hash=hash_of(link_token(sealer, salt)),
        salt=salt,
        sealed=sealer.seal(address, channel, status),
        lookup=lookup,
        now=now,
        expires_at=now + LASTS[channel],
        to_send=rare,
    )
    return rare
