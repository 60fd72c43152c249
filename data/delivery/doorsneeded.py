"""Which households need somebody at their door: no way that is left reaches them.

Of the ledger's rows (`data/delivery/ledger.py`) these are the unreached, those that only a
broadcast may have reached, and those still followed after the last clock: their carriers are down.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row
from sqlalchemy import text as sql

from alerts.delivery import FallbackClock

_NEEDED: Final = """
WITH told AS (
    SELECT r.household, bool_or(d.state IN (2, 3)) AS taken,
        bool_or(d.state IN (0, 1) AND v.stopped_at IS NULL AND v.expires_at > :now) AS waits,
        bool_or(d.state IN (0, 1) AND v.stopped_at IS NULL AND v.expires_at > :now
            AND coalesce(c.first_tried_at, c.ready_at) > :since) AS clock_runs
    FROM delivery d JOIN recipient r ON r.id = d.recipient_id
    JOIN alert_revision v ON v.id = d.revision_id
    JOIN alert_chunk c ON c.id = d.chunk_id
    WHERE d.revision_id = :revision AND r.household IS NOT NULL GROUP BY r.household
), answered AS (
    SELECT DISTINCT coalesce(c.household, r.household) AS household FROM confirmation c
    LEFT JOIN recipient r ON r.id = c.recipient_id
    WHERE c.alert_id = :alert AND c.revision_id >= :revision
)
SELECT h.number, h.area FROM household h
LEFT JOIN told t ON t.household = h.number
LEFT JOIN answered a ON a.household = h.number
WHERE h.load_id = :load AND (:whole OR ST_Covers(CAST(:geom AS geometry), h.geom))
    AND a.household IS NULL
    AND (t.household IS NULL OR (t.waits AND NOT t.clock_runs) OR NOT (t.waits OR t.taken))
ORDER BY h.number
"""


def doors_needed(
    connection: Connection, load: Row[Any], row: Row[Any], now: datetime
) -> Sequence[Row[Any]]:
    """(number, area) of each, `area` the number of its 町丁目 in the load, below 0 for none.

    The last way has as long as those before it: from its first try, or from when it was due.
    """
    bound = {
        "load": load.id,
        "whole": row.whole_city,
        "geom": None if row.geom is None else row.geom.desc,
        "alert": row.alert_id,
        "revision": row.id,
        "now": now,
        "since": now - timedelta(minutes=FallbackClock().after_min),
    }
    return connection.execute(sql(_NEEDED), bound).all()
