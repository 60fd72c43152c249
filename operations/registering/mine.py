"""What somebody has registered, as their own page shows it: addresses only by their last digits."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine

from alerts.kinds import ChannelKind
from alerts.registration import Wishes
from data import recipientchecks as checks
from data import recipients, recipientways
from data.database import transaction
from data.recipients import Recipient
from data.sealing import Sealed, Sealer
from operations.people.signing import hash_of

DOTS = "•••"


@dataclass(frozen=True, slots=True)
class Line:
    """One way: `shown` is masked; `waits` for its code, or is `blocked`."""

    channel: ChannelKind
    shown: str
    waits: bool = False
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class Mine:
    """A registration: its ways in the order of their use. `by_line`: opened by a link of LINE."""

    wishes: Wishes
    confirmed: bool
    ways: tuple[Line, ...]
    by_line: bool = False

    @property
    def waiting(self) -> tuple[Line, ...]:
        """The ways that wait for a code or a link."""
        return tuple(line for line in self.ways if line.waits)


def look(engine: Engine, sealer: Sealer, token: str, now: datetime) -> Mine | None:
    """What a token opens: that of a registration's page, or a link of LINE; None for nothing."""
    with transaction(engine) as connection:
        found = recipients.find_by_token(connection, hash_of(token))
        if found is not None:
            return _mine(connection, sealer, found, now, by_line=False)
        link = checks.find(connection, hash_of(token), now)
        if link is None or link.channel is not ChannelKind.LINE:
            return None
        found = recipients.find(connection, link.recipient)
        return _mine(connection, sealer, found, now, by_line=True) if found else None


def masked(channel: ChannelKind, address: str) -> str:
    """An address that its owner knows again and nobody else can use."""
    if channel is ChannelKind.SMS:
        return f"{DOTS}-{DOTS}•-{address[-4:]}"
    if channel is ChannelKind.MAIL:
        local, _, domain = address.rpartition("@")
        return f"{DOTS}{local[-2:] if len(local) > 4 else ''}@{domain}"
    return "LINE"


def _mine(
    connection: Connection, sealer: Sealer, found: Recipient, now: datetime, *, by_line: bool
) -> Mine:
    def shown(channel: ChannelKind, sealed: Sealed) -> str:
        return masked(channel, sealer.open(sealed, channel, found.status))

    ways = [
        Line(way.channel, shown(way.channel, way.sealed), blocked=way.blocked_at is not None)
        for way in recipientways.ways(connection, found.id)
    ]
    ways += [
        Line(check.channel, shown(check.channel, check.sealed), waits=True)
        for check in checks.waiting(connection, found.id, now)
        if check.channel is not ChannelKind.LINE
    ]
    return Mine(found.wishes, found.confirmed_at is not None, tuple(ways), by_line)
