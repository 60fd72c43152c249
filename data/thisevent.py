"""What was said in this event: since the last was ended (`event.ended`)."""

from datetime import datetime

from sqlalchemy import ColumnElement, select

from data import tables


def in_this_event(said_at: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Whether no event was ended since this moment of a row."""
    entry = tables.audit_entry
    ended = select(entry.c.number).where(entry.c.action == "event.ended", entry.c.at >= said_at)
    return ~ended.exists()
