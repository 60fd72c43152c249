"""How many lines entered the chronology since a moment."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import Connection
from sqlalchemy import text as sql

_COUNT: Final = """
SELECT (SELECT count(*) FROM plan_version WHERE published_at >= :since
        AND coalesce((facts->'changed'->>'households')::int, 0) > 0)
    + (SELECT count(*) FROM audit_entry WHERE at >= :since
        AND action = ANY(CAST(:actions AS text[]))
        AND (action <> 'need.refused' OR jsonb_exists(details, 'site')))
    + (SELECT count(*) FROM chronology_entry e WHERE e.city_code = :code AND e.entered_at >= :since
        AND NOT EXISTS (SELECT FROM chronology_entry c WHERE c.corrects = e.id))
"""


def lines_since(
    connection: Connection, code: str, actions: Collection[str], since: datetime
) -> int:
    """The same lines as `data/chronology.py` has, without entries that were corrected."""
    bound = {"code": code, "actions": sorted(actions), "since": since}
    return int(connection.execute(sql(_COUNT), bound).scalar_one())
