"""Who was reached: they tapped, answered, or somebody called on them. Nothing else is "reached"."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection
from sqlalchemy import text as sql

from alerts.life import OUT


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
    alert: int | None = None,
    said_by: str | None = None,
) -> int:
    """A recipient says that they have read; returns how many alerts that confirms.

    Of one alert, or of all that they were sent and that are not over: a link says no more than
    whose it is. It confirms the newest revision: a tap at level 3 says nothing of level 5. Once is
    enough, a second tap changes nothing.
    """
    made = connection.execute(
        sql(
            "INSERT INTO confirmation"
            " (alert_id, revision_id, recipient_id, household, how, said_by, at)"
            " SELECT v.alert_id, max(v.id), r.id, r.household, :how, :said_by, :now"
            " FROM recipient r JOIN delivery d ON d.recipient_id = r.id"
            " JOIN alert_revision v ON v.id = d.revision_id"
            " JOIN alert a ON a.id = v.alert_id"
            " WHERE r.id = :recipient AND v.state = ANY(:out) AND v.expires_at > :now"
            " AND a.status = r.status AND (CAST(:alert AS bigint) IS NULL OR v.alert_id = :alert)"
            " GROUP BY v.alert_id, r.id, r.household"
            " HAVING NOT EXISTS (SELECT 1 FROM confirmation c WHERE c.alert_id = v.alert_id"
            "   AND c.recipient_id = r.id AND c.revision_id = max(v.id))"
        ),
        {
            "recipient": recipient,
            "how": how,
            "said_by": said_by,
            "now": now,
            "alert": alert,
            "out": [str(one) for one in OUT],
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
