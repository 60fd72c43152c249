"""Who registers while an alert is in force is told of it, as if they had been there before."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection
from sqlalchemy import text as sql

from alerts.delivery import FallbackClock, lane_of
from alerts.kinds import AlertKind, Status, Step
from alerts.life import RevisionState
from data.alerts import revisions
from data.delivery import slices
from hazards.kinds import AlertLevel
from operations.delivery.expanding import audience_of

# Held, so that whoever expands it has ended its slice: then it is known how far that is.
_IN_FORCE: Final = """
SELECT v.id, v.city_code FROM alert_revision v
JOIN alert a ON a.id = v.alert_id JOIN recipient r ON r.id = :recipient
WHERE a.city_code = r.city_code AND a.status = r.status AND v.state = ANY(:begun)
    AND v.stopped_at IS NULL AND v.expires_at > :now AND v.step = ANY(:warns)
    AND NOT EXISTS (SELECT 1 FROM delivery d
        WHERE d.revision_id = v.id AND d.recipient_id = r.id)
ORDER BY v.id FOR SHARE OF v
"""


def tell_latecomer(
    connection: Connection, recipient: int, clock: FallbackClock, now: datetime
) -> int:
    """Give somebody rows of what is in force where they are; returns how many.

    Of a revision whose expansion comes by them yet, none: they will have them by that.
    """
    bound = {
        "recipient": recipient,
        "begun": [str(RevisionState.SENDING), str(RevisionState.SENT)],
        "warns": [str(Step.ISSUE), str(Step.UPDATE)],
        "now": now,
    }
    made = 0
    for found in connection.execute(sql(_IN_FORCE), bound).all():
        row = revisions.get(connection, found.city_code, found.id)
        if row.expanded_at is None and (row.expanded_to or 0) < recipient:
            continue
        level = None if row.level is None else AlertLevel(row.level)
        made += slices.expand_one(
            connection,
            audience_of(row, row.rendered),
            row.id,
            recipient,
            lane=lane_of(Status(row.status), AlertKind(row.kind), level),
            at=now,
            step=clock.step(level),
        )
    return made
