"""Events that others' servers told: each is heard once, however often it is told."""

from datetime import datetime

from sqlalchemy import Connection, delete
from sqlalchemy.dialects.postgresql import insert

from data import tables

_EVENT = tables.webhook_event


def is_new(connection: Connection, source: str, event_id: str, now: datetime) -> bool:
    """Note an event; False where it was heard before. Undone with the transaction that hears it."""
    query = insert(_EVENT).values(source=source, event_id=event_id, at=now)
    noted = query.on_conflict_do_nothing().returning(_EVENT.c.event_id)
    return connection.execute(noted).first() is not None


def erase(connection: Connection, before: datetime) -> int:
    """Forget events that were told before then; returns how many."""
    return connection.execute(delete(_EVENT).where(_EVENT.c.at < before)).rowcount
