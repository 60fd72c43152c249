"""What time does by itself to alerts: deputies are called when nobody decides."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine
from sqlalchemy import text as sql

from alerts.life import RevisionState
from city.staff import SYSTEM
from data.alerts import revisions
from data.database import transaction
from data.people import audit
from data.rows import current_load
from operations.alerts.telling import tell

CALLS_AFTER: Final = timedelta(minutes=6)
"""After which a submitted alert's deputies are called: policy, as on the screens."""


def call_deputies(engine: Engine, now: datetime) -> list[int]:
    """Call them, once for each revision; returns the revisions."""
    with transaction(engine, latest=True) as connection:
        rows = connection.execute(
            sql(
                "SELECT id FROM alert_revision WHERE state = :state"
                " AND submitted_at <= :before AND deputies_called_at IS NULL"
                " ORDER BY id FOR UPDATE SKIP LOCKED"
            ),
            {"state": RevisionState.SUBMITTED, "before": now - CALLS_AFTER},
        ).scalars()
        numbers = list(rows)
        for number in numbers:
            revisions.change(connection, number, deputies_called_at=now)
            tell(connection, current_load(connection), number)
            audit.record(connection, SYSTEM, "alert.deputies_called", str(number))
        return numbers
