"""What headquarters' screens are told of a revision: its state, no words of it and no names."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from data.alerts import revisions
from data.live import outbox as live
from data.live.outbox import Topic


def tell(connection: Connection, load: Row[Any], number: int) -> None:
    """Put the revision's state into the stream, late in a transaction (`latest`)."""
    row = revisions.get(connection, load.code, number)
    state = {
        "number": row.id,
        "alert": row.alert_id,
        "revision": row.revision,
        "status": row.status,
        "kind": row.kind,
        "step": row.step,
        "hazard": row.hazard,
        "level": row.level,
        "area_names": list(row.area_names),
        "state": row.state,
        "submitted_at": iso(row.submitted_at),
        "deputies_called_at": iso(row.deputies_called_at),
        "decided_at": iso(row.decided_at),
        "expires_at": iso(row.expires_at),
        "stopped_at": iso(row.stopped_at),
        "alone": row.glass_why is not None,
        "countersigned": row.countersigned_at is not None,
    }
    live.put(connection, Topic.HEADQUARTERS, f"alert:{row.id}", state)


def iso(at: datetime | None) -> str | None:
    """A moment as text, None for none."""
    return at.isoformat(timespec="seconds") if at else None
