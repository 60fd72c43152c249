"""The next way of people whose way failed: it waits for no clock."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection
from sqlalchemy import text as sql

from data.delivery.chunks import Chunk

# Each row is looked up by its whole key: of a revision that has just begun the planner knows
# nothing, and would read all of it.
_ADVANCE: Final = """
WITH queued AS MATERIALIZED (
    SELECT d.recipient_id, d.channel AS number, c.message_id, c.channel, c.stage, c.lane
    FROM unnest(CAST(:recipients AS bigint[])) AS m(id)
    CROSS JOIN LATERAL (SELECT * FROM delivery WHERE revision_id = :revision
        AND recipient_id = m.id AND state = 0 OFFSET 0) d
    JOIN alert_chunk c ON c.id = d.chunk_id
    WHERE c.stage = :stage AND c.done_at IS NULL AND c.ready_at > :now
), made AS (
    INSERT INTO alert_chunk
        (revision_id, message_id, channel, stage, lane, key, members, ready_at)
    SELECT :revision, message_id, channel, stage, lane, gen_random_uuid(),
        array_agg(recipient_id ORDER BY recipient_id), :now
    FROM queued GROUP BY message_id, channel, stage, lane
    RETURNING id, channel, members
), moved AS (
    SELECT made.id, q.recipient_id, q.number FROM made
    JOIN queued q ON q.channel = made.channel AND q.recipient_id = ANY(made.members)
)
UPDATE delivery d SET chunk_id = moved.id FROM moved
WHERE d.revision_id = :revision AND d.recipient_id = moved.recipient_id
    AND d.channel = moved.number AND d.state = 0
"""


def advance(connection: Connection, chunk: Chunk, recipients: Sequence[int], now: datetime) -> int:
    """They were not reached by this chunk: their next way is due now; returns how many have one."""
    if not recipients:
        return 0
    bound = {"recipients": list(recipients), "revision": chunk.revision, "now": now}
    return connection.execute(sql(_ADVANCE), bound | {"stage": chunk.stage + 1}).rowcount


def hurry(connection: Connection, now: datetime) -> None:
    """A carrier is down: nobody's next way waits for its clock."""
    connection.execute(
        sql(
            "UPDATE alert_chunk SET ready_at = :now WHERE done_at IS NULL AND stage > 0"
            " AND ready_at > :now AND tries = 0"
        ),
        {"now": now},
    )
