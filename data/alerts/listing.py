"""Which revisions headquarters reads: what waits and what stands, however many came after."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, and_, func, or_, select

from alerts.kinds import AlertKind, Status, Step
from alerts.life import OUT, RevisionState
from data import tables

NEWEST: Final = 50
TAKEN_BACK: Final = 5
"""The newest few that were rejected or withdrawn, as long as somebody may look for them."""
TAKEN_BACK_FOR: Final = timedelta(days=1)
_BACK: Final = (RevisionState.REJECTED, RevisionState.WITHDRAWN)
_ALERT: Final = tables.alert
_REVISION: Final = tables.alert_revision
_TELLS: Final = (Step.ISSUE, Step.UPDATE)
_OUT: Final = _REVISION.c.state.in_(OUT)
_WAITS: Final = or_(
    _REVISION.c.state == RevisionState.SUBMITTED,
    and_(_OUT, _REVISION.c.glass_why.is_not(None), _REVISION.c.countersigned_at.is_(None)),
)
"""For an approver, or for the signature of another one."""


def listed(connection: Connection, city: str, now: datetime) -> Sequence[Row[Any]]:
    """The newest first, with `status` and `kind` of their alerts: what waits for a person, what is
    told, what an order in force stands for; of the rest the newest.
    """
    ids = select(_REVISION.c.id).where(_REVISION.c.city_code == city)
    back = _REVISION.c.state.in_(_BACK)
    newest = ids.where(~back).order_by(_REVISION.c.id.desc()).limit(NEWEST)
    lately = ids.where(back, _REVISION.c.decided_at > now - TAKEN_BACK_FOR)
    told = and_(_OUT, _REVISION.c.stopped_at.is_(None), _REVISION.c.expires_at > now)
    query = _rows(city).where(
        or_(
            _WAITS,
            told,
            _REVISION.c.id.in_(_standing(city)),
            _REVISION.c.id.in_(newest),
            _REVISION.c.id.in_(lately.order_by(_REVISION.c.id.desc()).limit(TAKEN_BACK)),
        )
    )
    return connection.execute(query).all()


def waiting(connection: Connection, city: str) -> Sequence[Row[Any]]:
    """What waits for an approver or for a countersignature, as `listed` has it."""
    return connection.execute(_rows(city).where(_WAITS)).all()


def standing(connection: Connection, city: str) -> set[int]:
    """The revisions that orders in force stand for: of each alert the newest that went out."""
    return set(connection.execute(_standing(city)).scalars())


def telling(rows: Sequence[Row[Any]], standing: Collection[int]) -> list[int]:
    """Of rows of `listed` the alerts that tell of an order in force: those in earnest whose newest
    revision that went out was neither a cancellation nor an all-clear. `standing`: as above.
    """
    return sorted(
        row.alert_id
        for row in rows
        if row.id in standing
        and (row.status, row.kind) == (Status.ACTUAL, AlertKind.EVACUATION)
        and row.step in _TELLS
    )


def tellers(
    connection: Connection, rows: Sequence[Row[Any]], standing: Collection[int]
) -> dict[int, int]:
    """Of each order that an alert of `telling` tells of, the newest such alert: an order in force
    that is not in it is one that nobody was told of.
    """
    alerts = telling(rows, standing)
    held = tables.alert_order
    query = select(held).where(held.c.alert_id.in_(alerts)).order_by(held.c.alert_id)
    found = connection.execute(query) if alerts else ()
    return {row.order_id: row.alert_id for row in found}


def _rows(city: str) -> Select[Any]:
    return (
        select(_REVISION, _ALERT.c.status, _ALERT.c.kind)
        .join(_ALERT, _ALERT.c.id == _REVISION.c.alert_id)
        .where(_REVISION.c.city_code == city)
        .order_by(_REVISION.c.id.desc())
    )


def _standing(city: str) -> Select[Any]:
    held, order = tables.alert_order, tables.evacuation_order
    return (
        select(func.max(_REVISION.c.id))
        .join(held, held.c.alert_id == _REVISION.c.alert_id)
        .join(order, order.c.id == held.c.order_id)
        .where(order.c.city_code == city, order.c.ended_at.is_(None), _OUT)
        .group_by(_REVISION.c.alert_id)
    )
