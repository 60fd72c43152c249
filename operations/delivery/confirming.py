"""Who was reached: they tapped, answered, or somebody called on them. Nothing else is "reached"."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection
from sqlalchemy import text as sql

from alerts.life import OUT

_CONFIRM: Final = """
WITH shown AS (
    SELECT alert, max(revision) AS revision
    FROM unnest(CAST(:alerts AS bigint[]), CAST(:revisions AS bigint[])) AS s(alert, revision)
    GROUP BY alert
)
INSERT INTO confirmation (alert_id, revision_id, recipient_id, household, how, at)
SELECT v.alert_id, max(v.id), r.id, r.household, :how, :now
FROM recipient r JOIN delivery d ON d.recipient_id = r.id
JOIN alert_revision v ON v.id = d.revision_id
JOIN alert a ON a.id = v.alert_id
JOIN shown s ON s.alert = v.alert_id
WHERE r.id = :recipient AND v.state = ANY(:out) AND v.expires_at > :now AND a.status = r.status
GROUP BY v.alert_id, s.revision, r.id, r.household
HAVING max(v.revision) <= s.revision AND NOT EXISTS (
    SELECT 1 FROM confirmation c WHERE c.alert_id = v.alert_id
    AND c.recipient_id = r.id AND c.revision_id = max(v.id))
"""


class How(StrEnum):
    """How somebody was reached."""

    TAP = "tap"
    ANSWER = "answer"
    VOICE = "voice"
    DOOR = "door"


def confirm(
    connection: Connection,
    recipient: int,
    how: How,
    now: datetime,
    *,
    shown: Collection[tuple[int, int]],
) -> int:
    """A recipient says that they have read; returns how many alerts that confirms.

    `shown` is what was before them, (alert, revision) of each: an alert is confirmed where that was
    the newest revision that they were sent, or a newer one. A page left open at level 3 says
    nothing of level 5. Once is enough, a second tap changes nothing.
    """
    made = connection.execute(
        sql(_CONFIRM),
        {
            "recipient": recipient,
            "how": how,
            "now": now,
            "out": [str(one) for one in OUT],
            "alerts": [alert for alert, _ in shown],
            "revisions": [revision for _, revision in shown],
        },
    )
    return made.rowcount


def confirm_household(
    connection: Connection, alert: int, revision: int, household: int, how: How, said_by: str
) -> None:
    """Somebody called on a household, or spoke with it."""
    connection.execute(
        sql(
            "INSERT INTO confirmation (alert_id, revision_id, household, how, said_by)"
            " VALUES (:alert, :revision, :household, :how, :said_by)"
        ),
        {
            "alert": alert,
            "revision": revision,
            "household": household,
            "how": how,
            "said_by": said_by,
        },
    )
