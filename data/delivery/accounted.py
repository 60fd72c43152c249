"""The one text that the reached ledger and the door lists share: every household of a revision's
area, in exactly one state.

It is of one revision: who answered a level 3 has not been reached by the level 5 that came after.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row

from alerts.delivery import FallbackClock

STATES: Final = ("confirmed", "taken", "followed", "broadcast_only", "unreached")
ACCOUNTED: Final = """
homes AS MATERIALIZED (
    SELECT number, area, geom FROM household WHERE load_id = :load
        AND (:whole OR ST_Covers(CAST(:geom AS geometry), geom)
            OR number = ANY(CAST(:households AS integer[])))
), sends AS NOT MATERIALIZED (
    SELECT r.household, d.state IN (2, 3) AS taken, d.chunk_id,
        d.state IN (0, 1) AND v.stopped_at IS NULL AND v.expires_at > :now AS waits
    FROM delivery d JOIN recipient r ON r.id = d.recipient_id
    JOIN alert_revision v ON v.id = d.revision_id
    WHERE d.revision_id = :revision AND r.household IS NOT NULL
), told AS (
    SELECT household, bool_or(taken) AS taken, bool_or(waits) AS waits
    FROM sends GROUP BY household
), answered AS (
    SELECT DISTINCT coalesce(c.household, r.household) AS household FROM confirmation c
    LEFT JOIN recipient r ON r.id = c.recipient_id
    WHERE c.alert_id = :alert AND c.revision_id >= :revision
), accounted AS (
    SELECT h.number, h.area, h.geom, CASE
        WHEN a.household IS NOT NULL THEN 'confirmed'
        WHEN t.household IS NULL THEN 'broadcast_only'
        WHEN t.waits THEN 'followed'
        WHEN t.taken THEN 'taken'
        ELSE 'unreached' END AS state
    FROM homes h LEFT JOIN told t ON t.household = h.number
    LEFT JOIN answered a ON a.household = h.number
), clocked AS (
    SELECT DISTINCT household FROM sends JOIN alert_chunk c ON c.id = sends.chunk_id
    WHERE waits AND coalesce(c.first_tried_at, c.ready_at) > :since
), answering AS (
    SELECT DISTINCT household FROM sends JOIN alert_chunk c ON c.id = sends.chunk_id
    WHERE coalesce(c.first_tried_at, c.ready_at) > :since
)
"""
"""`accounted` (number, area, geom, state), and `clocked`: households of which a way that waits
still has its time; `answering`: those of which any way has, also one that was taken a moment ago.
What a query does not name of these is not run.
"""


def bound_to(load: Row[Any], row: Row[Any], now: datetime) -> dict[str, Any]:
    """The parameters of the text for a revision (a row of `revisions.get`) of the load.

    The last way has as long as those before it: from its first try, or from when it was due.
    """
    return {
        "load": load.id,
        "whole": row.whole_city,
        "geom": None if row.geom is None else row.geom.desc,
        "households": row.segment.get("households", []),
        "alert": row.alert_id,
        "revision": row.id,
        "now": now,
        "since": now - timedelta(minutes=FallbackClock().after_min),
    }
