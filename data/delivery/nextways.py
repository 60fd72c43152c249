"""The next way of people whose way failed: it waits for no clock."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection
from sqlalchemy import text as sql

from alerts.kinds import ChannelKind, Status

# Each row is looked up by its whole key: of a revision that has just begun the planner knows
# nothing, and would read all of it. Their chunks are held: whoever claimed one meanwhile would hand
# over the same letters.
_ADVANCE: Final = """
WITH later AS MATERIALIZED (
    SELECT DISTINCT ON (d.recipient_id) d.recipient_id, d.channel AS number,
        c.id AS chunk, c.message_id, c.channel, c.stage, c.lane
    FROM unnest(CAST(:recipients AS bigint[])) AS m(id)
    CROSS JOIN LATERAL (SELECT * FROM delivery WHERE revision_id = :revision
        AND recipient_id = m.id AND state = 0 OFFSET 0) d
    JOIN alert_chunk c ON c.id = d.chunk_id
    WHERE c.stage > :stage AND c.done_at IS NULL ORDER BY d.recipient_id, c.stage
), waits AS MATERIALIZED (
    SELECT id FROM alert_chunk WHERE id IN (SELECT chunk FROM later)
        AND ready_at > :now AND tries = 0 AND done_at IS NULL ORDER BY id FOR UPDATE
), queued AS (
    SELECT later.* FROM later JOIN waits ON waits.id = later.chunk
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
_HURRY: Final = """
UPDATE alert_chunk SET ready_at = :now WHERE id IN (
    SELECT c.id FROM alert_chunk c JOIN alert_revision v ON v.id = c.revision_id
    JOIN alert a ON a.id = v.alert_id
    WHERE c.done_at IS NULL AND c.stage > 0 AND c.ready_at > :now AND c.tries = 0
        AND v.stopped_at IS NULL AND v.expires_at > :now AND a.status = :status
        AND EXISTS (SELECT 1 FROM alert_chunk e WHERE e.revision_id = c.revision_id
            AND e.done_at IS NULL AND e.channel = :channel AND e.stage < c.stage)
    FOR UPDATE OF c SKIP LOCKED
)
"""


def advance(
    connection: Connection, revision: int, stage: int, recipients: Sequence[int], now: datetime
) -> int:
    """They were not reached by their way of this stage: the next that is left to them is due now.

    Returns how many have one that waited.
    """
    if not recipients:
        return 0
    bound = {"recipients": list(recipients), "revision": revision, "stage": stage, "now": now}
    return connection.execute(sql(_ADVANCE), bound).rowcount


def hurry(connection: Connection, channel: ChannelKind, status: Status, now: datetime) -> int:
    """A channel is down: no way waits for its clock that comes after it in a revision of which it
    has something left to send. Returns of how many chunks that was.
    """
    bound = {"channel": channel, "status": status, "now": now}
    return connection.execute(sql(_HURRY), bound).rowcount
