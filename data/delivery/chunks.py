"""Chunks: claimed by one worker at a time, with a lease that ends when its worker is gone.

What is stopped or expired is not claimed; nothing has to be changed in a million rows for that.
Rows are found by their chunk alone: of a revision that has just begun the planner knows nothing,
and would read all of it each time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy import text as sql

from alerts.delivery import DeliveryState
from alerts.kinds import ChannelKind
from data.delivery.underfive import SOMEWHERE

LEASE: Final = timedelta(seconds=15)
"""Renewed by a worker that lives; a killed worker's chunks are claimed again after it."""
_CLAIM: Final = f"""
WITH next AS (
    SELECT c.id, r.alert_id, r.expires_at, {SOMEWHERE} AS beside_five FROM alert_chunk c
    JOIN (SELECT v.*, a.status, a.kind FROM alert_revision v JOIN alert a ON a.id = v.alert_id) r
        ON r.id = c.revision_id
    WHERE c.done_at IS NULL AND c.channel = :channel AND c.ready_at <= :now
        AND (c.lease_until IS NULL OR c.lease_until < :now)
        AND r.stopped_at IS NULL AND r.expires_at > :now AND r.status = :status
    ORDER BY c.lane, c.ready_at, c.id
    FOR UPDATE OF c SKIP LOCKED LIMIT 1
)
UPDATE alert_chunk c SET lease_until = :until, leased_by = :worker, tries = c.tries + 1,
    first_tried_at = coalesce(c.first_tried_at, :now)
FROM next WHERE c.id = next.id
RETURNING c.*, next.alert_id, next.expires_at, next.beside_five
"""  # noqa: S608  no value is put in
_LETTERS: Final = """
SELECT d.recipient_id, d.tries, a.sealed, coalesce(a.key_number, 0),
    a.blocked_at IS NOT NULL AS blocked,
    EXISTS (SELECT 1 FROM confirmation c
        WHERE c.alert_id = :alert AND c.revision_id = d.revision_id
            AND c.recipient_id = d.recipient_id) AS confirmed
FROM delivery d
LEFT JOIN recipient_address a ON a.recipient_id = d.recipient_id AND a.channel = :channel
WHERE d.chunk_id = :chunk AND d.state < :accepted
ORDER BY d.recipient_id
"""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A claimed chunk; `key` is the same at each try.

    `beside_five`: it tells people to leave, and somewhere in the city level 5 stands.
    """

    id: int
    revision: int
    alert: int
    message: int
    channel: ChannelKind
    stage: int
    key: UUID
    members: Sequence[int]
    tries: int
    first_tried_at: datetime
    expires_at: datetime
    beside_five: bool


class Row(NamedTuple):
    """A row of a chunk that is not settled, in the order of `_LETTERS`; `sealed` is None where the
    address is gone.
    """

    recipient: int
    tries: int
    sealed: bytes | None
    key_number: int
    blocked: bool
    confirmed: bool


def claim(
    connection: Connection, channel: ChannelKind, status: str, worker: str, now: datetime
) -> Chunk | None:
    """The next chunk of a channel that is due, most urgent lane first; None when none is."""
    row = connection.execute(
        sql(_CLAIM),
        {"channel": channel, "status": status, "worker": worker, "now": now, "until": now + LEASE},
    ).first()
    if row is None:
        return None
    return Chunk(
        row.id,
        row.revision_id,
        row.alert_id,
        row.message_id,
        channel,
        row.stage,
        row.key,
        row.members,
        row.tries,
        row.first_tried_at,
        row.expires_at,
        row.beside_five,
    )


def is_any_due(connection: Connection, status: str, now: datetime) -> bool:
    """Whether there is anything to claim."""
    query = sql(
        "SELECT 1 FROM alert_chunk c JOIN alert_revision r ON r.id = c.revision_id"
        " JOIN alert a ON a.id = r.alert_id WHERE c.done_at IS NULL AND c.ready_at <= :now"
        " AND (c.lease_until IS NULL OR c.lease_until < :now)"
        " AND r.stopped_at IS NULL AND r.expires_at > :now AND a.status = :status LIMIT 1"
    )
    return connection.execute(query, {"now": now, "status": status}).first() is not None


def unsettled(connection: Connection, chunk: Chunk) -> list[Row]:
    """The rows of a chunk for which something is still to be done."""
    bound = {
        "channel": chunk.channel,
        "alert": chunk.alert,
        "chunk": chunk.id,
        "accepted": int(DeliveryState.ACCEPTED),
    }
    return [Row._make(row) for row in connection.execute(sql(_LETTERS), bound).all()]


def finish(connection: Connection, chunk: Chunk, worker: str, now: datetime) -> None:
    """Nothing of the chunk is left to do."""
    connection.execute(
        sql(
            "UPDATE alert_chunk SET done_at = :now, lease_until = NULL"
            " WHERE id = :id AND leased_by = :worker"
        ),
        {"now": now, "id": chunk.id, "worker": worker},
    )


def put_back(
    connection: Connection,
    chunk: Chunk,
    worker: str,
    ready_at: datetime,
    why: str,
    *,
    tried: bool = True,
) -> None:
    """Some of it is to be tried again, not before `ready_at`.

    Not `tried`: nothing of it was handed over, so this was no try.
    """
    connection.execute(
        sql(
            "UPDATE alert_chunk SET ready_at = :at, lease_until = NULL, why = :why,"
            " tries = CASE WHEN :tried THEN tries ELSE tries - 1 END,"
            " first_tried_at = CASE WHEN :tried OR tries > 1 THEN first_tried_at END"
            " WHERE id = :id AND leased_by = :worker"
        ),
        {"at": ready_at, "why": why, "id": chunk.id, "worker": worker, "tried": tried},
    )


def renew_lease(connection: Connection, chunk: Chunk, worker: str, now: datetime) -> bool:
    """Keep a chunk while more of it is handed over; False where it is somebody else's by now, or
    its revision was stopped or is over.
    """
    changed = connection.execute(
        sql(
            "UPDATE alert_chunk c SET lease_until = :until FROM alert_revision r"
            " WHERE c.id = :id AND c.leased_by = :worker AND c.done_at IS NULL"
            " AND r.id = c.revision_id AND r.stopped_at IS NULL AND r.expires_at > :now"
        ),
        {"now": now, "until": now + LEASE, "id": chunk.id, "worker": worker},
    )
    return changed.rowcount == 1


def keep_leases(connection: Connection, numbers: Sequence[int], now: datetime) -> None:
    """Renew leases that have not ended: their worker lives, its carriers are only slow."""
    connection.execute(
        sql(
            "UPDATE alert_chunk SET lease_until = :until WHERE done_at IS NULL"
            " AND lease_until > :now AND id = ANY(CAST(:numbers AS bigint[]))"
        ),
        {"until": now + LEASE, "now": now, "numbers": list(numbers)},
    )


def message(connection: Connection, number: int) -> Any:
    """What is sent."""
    query = sql("SELECT body FROM alert_message WHERE id = :id")
    return connection.execute(query, {"id": number}).scalar_one()
