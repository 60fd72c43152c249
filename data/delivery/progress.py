"""How far a revision is, by channel: counted when asked, never while sending."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row
from sqlalchemy import text as sql

from alerts.delivery import CHANNEL_NUMBER, DeliveryState
from alerts.kinds import ChannelKind

NUMBERED: Mapping[int, ChannelKind] = {number: kind for kind, number in CHANNEL_NUMBER.items()}


def by_channel(connection: Connection, revision: int) -> list[dict[str, Any]]:
    """Of each channel how many rows are in which state, and how many were perhaps sent twice."""
    rows = connection.execute(
        sql(
            "SELECT channel, state, count(*) AS n, count(*) FILTER (WHERE perhaps) AS perhaps"
            " FROM delivery WHERE revision_id = :revision GROUP BY channel, state"
        ),
        {"revision": revision},
    )
    found: dict[ChannelKind, dict[str, Any]] = {}
    for row in rows:
        kind = NUMBERED[row.channel]
        states = {state.name.lower(): 0 for state in DeliveryState}
        counts = found.setdefault(kind, {"channel": str(kind), "perhaps": 0, **states})
        counts[DeliveryState(row.state).name.lower()] = row.n
        counts["perhaps"] += row.perhaps
    return [found[kind] for kind in sorted(found, key=CHANNEL_NUMBER.__getitem__)]


def is_worked_off(connection: Connection, revision: int) -> bool:
    """Whether no chunk is left, whatever it waits for."""
    query = "SELECT 1 FROM alert_chunk WHERE revision_id = :revision AND done_at IS NULL LIMIT 1"
    return connection.execute(sql(query), {"revision": revision}).first() is None


def sending(connection: Connection) -> Sequence[Row[Any]]:
    """Revisions that are expanded and not yet sent."""
    return connection.execute(
        sql(
            "SELECT id, alert_id, expires_at FROM alert_revision WHERE state = 'sending'"
            " AND expanded_at IS NOT NULL ORDER BY id"
        )
    ).all()
