"""What may be read on the telephone: the alerts that are told now, or were until lately, and whom
they are for.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, select
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import distinct_on

from alerts.kinds import Status
from alerts.life import OUT
from data import tables

_ALERT, _REVISION = tables.alert, tables.alert_revision
MOST: Final = 100
"""Alerts that are listed: nobody at a telephone reads on."""

_IN_AREA: Final = """
SELECT 1 FROM household h JOIN alert_revision v ON v.id = :revision
WHERE h.load_id = :load AND h.number = :household
    AND (v.whole_city OR ST_Covers(v.geom, h.geom)
        OR h.number = ANY(CAST(:households AS integer[])))
"""
"""As the ledger has it (`data/delivery/ledger.py`)."""


def told_since(connection: Connection, city: str, since: datetime) -> Sequence[Row[Any]]:
    """Rows as `revisions.get` has them, of what was neither stopped nor over at that moment.

    Drills last; the highest level first, then what was decided last.
    """
    newest = (
        select(_REVISION.c.id)
        .where(_REVISION.c.city_code == city, _REVISION.c.state.in_(OUT))
        .ext(distinct_on(_REVISION.c.alert_id))
        .order_by(_REVISION.c.alert_id, _REVISION.c.revision.desc())
    )
    stopped = _REVISION.c.stopped_at
    query = (
        select(_REVISION, _ALERT.c.status, _ALERT.c.kind)
        .join(_ALERT, _ALERT.c.id == _REVISION.c.alert_id)
        .where(_REVISION.c.id.in_(newest), _REVISION.c.expires_at > since)
        .where(stopped.is_(None) | (stopped > since))
        .order_by(_ALERT.c.status == Status.EXERCISE)
        .order_by(_REVISION.c.level.desc().nulls_last(), _REVISION.c.decided_at.desc())
        .limit(MOST)
    )
    return connection.execute(query).all()


def stands_in(connection: Connection, load_id: int, row: Row[Any], household: int) -> bool:
    """Whether a household of a load is among those that a revision is for."""
    bound = {"revision": row.id, "load": load_id, "household": household}
    named = {"households": row.segment.get("households", [])}
    return connection.execute(sql(_IN_AREA), bound | named).first() is not None
