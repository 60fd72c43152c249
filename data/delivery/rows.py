"""The rows of the outbox: marked before they are handed over, settled by what a carrier said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert

from alerts.delivery import CHANNEL_NUMBER, DeliveryState
from alerts.kinds import ChannelKind
from data import tables
from data.delivery.chunks import Chunk

_MARK: Final = """
UPDATE delivery SET state = 1, perhaps = perhaps OR state = 1, changed_at = :now
WHERE chunk_id = :chunk AND recipient_id = ANY(:recipients) AND state < 2
RETURNING recipient_id
"""
_SETTLE: Final = """
UPDATE delivery d SET state = s.state, tries = d.tries + 1,
    perhaps = d.perhaps OR s.perhaps, why = s.why, changed_at = :now
FROM unnest(CAST(:recipients AS bigint[]), CAST(:states AS smallint[]),
    CAST(:perhaps AS boolean[]), CAST(:whys AS text[])) AS s(recipient, state, perhaps, why)
WHERE d.chunk_id = :chunk AND d.recipient_id = s.recipient AND d.state < 2
"""
_ALL: Final = """
UPDATE delivery SET state = :state, tries = tries + 1, why = :why, changed_at = :now
WHERE chunk_id = :chunk AND recipient_id = ANY(:recipients) AND state < 2
"""
_REFERRED: Final = """
SELECT d.revision_id, d.recipient_id, d.channel, d.state, coalesce(c.stage, 0) AS stage
FROM carrier_reference r JOIN delivery d ON d.revision_id = r.revision_id
    AND d.recipient_id = r.recipient_id AND d.channel = r.channel
LEFT JOIN alert_chunk c ON c.id = d.chunk_id
WHERE r.credential = :credential AND r.reference = :reference FOR UPDATE OF d
"""


class Settled(NamedTuple):
    """What became of one row; `perhaps`: it may have been sent although nobody said so."""

    recipient: int
    state: DeliveryState
    perhaps: bool = False
    why: str | None = None
    reference: str = ""


def mark_in_flight(
    connection: Connection, chunk: Chunk, recipients: Sequence[int], now: datetime
) -> set[int]:
    """Before they are handed over: a row found so marked later may have been sent.

    Returns those that are marked: the others are this chunk's no more, or settled.
    """
    bound = {"chunk": chunk.id, "recipients": list(recipients), "now": now}
    return set(connection.execute(sql(_MARK), bound).scalars())


def settle(
    connection: Connection, chunk: Chunk, rows: Sequence[Settled], credential: str, now: datetime
) -> None:
    """Store what became of each, and the carrier's own numbers for its receipts (LINE has none)."""
    if not rows:
        return
    if len({row[1:] for row in rows}) == 1:
        first, alike = rows[0], chunk.channel is ChannelKind.LINE
        if not first.perhaps and (alike or not first.reference):
            recipients = [row.recipient for row in rows]
            settle_all(connection, chunk, recipients, first.state, now, first.why)
            return
    connection.execute(
        sql(_SETTLE),
        {
            "chunk": chunk.id,
            "recipients": [row.recipient for row in rows],
            "states": [int(row.state) for row in rows],
            "perhaps": [row.perhaps for row in rows],
            "whys": [row.why for row in rows],
            "now": now,
        },
    )
    _note_references(connection, chunk, rows, credential)


def settle_all(
    connection: Connection,
    chunk: Chunk,
    recipients: Sequence[int],
    state: DeliveryState,
    now: datetime,
    why: str | None = None,
) -> None:
    """The same became of all of these."""
    bound = {"recipients": list(recipients), "state": int(state), "why": why, "now": now}
    connection.execute(sql(_ALL), {"chunk": chunk.id, **bound})


@dataclass(frozen=True, slots=True)
class Told:
    """Of whom a receipt was, on which of their ways; not `changed`: we knew it."""

    revision: int
    recipient: int
    stage: int
    changed: bool


def receipt(
    connection: Connection,
    credential: str,
    reference: str,
    state: DeliveryState,
    now: datetime,
    why: str | None = None,
) -> Told | None:
    """A carrier says later what became of a message; None where the reference is nobody's.

    What was confirmed as delivered stays delivered.
    """
    row = connection.execute(
        sql(_REFERRED), {"credential": credential, "reference": reference}
    ).first()
    if row is None:
        return None
    changed = row.state not in {int(state), int(DeliveryState.DELIVERED)}
    if changed:
        connection.execute(
            sql(
                "UPDATE delivery SET state = :state, why = :why, changed_at = :now"
                " WHERE revision_id = :revision AND recipient_id = :recipient"
                " AND channel = :channel"
            ),
            {"state": int(state), "why": why, "now": now, "channel": row.channel}
            | {"revision": row.revision_id, "recipient": row.recipient_id},
        )
    return Told(row.revision_id, row.recipient_id, row.stage, changed)


def _note_references(
    connection: Connection, chunk: Chunk, rows: Sequence[Settled], credential: str
) -> None:
    noted = [
        {
            "credential": credential,
            "reference": row.reference,
            "revision_id": chunk.revision,
            "recipient_id": row.recipient,
            "channel": CHANNEL_NUMBER[chunk.channel],
        }
        for row in rows
        if row.reference and chunk.channel is not ChannelKind.LINE
    ]
    if noted:
        connection.execute(insert(tables.carrier_reference).on_conflict_do_nothing(), noted)
