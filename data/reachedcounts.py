"""How many households alerts reached, as they were counted last, kept for whoever shows it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, ScalarSelect, func, select
from sqlalchemy.dialects.postgresql import insert

from alerts.life import OUT
from data import tables

_COUNT: Final = tables.reached_count
_REVISION, _ALERT = tables.alert_revision, tables.alert


def to_count(connection: Connection, code: str, now: datetime) -> Sequence[Row[Any]]:
    """Of each alert that is told, or for which an order stands, the newest revision that went out:
    rows of `revisions.get`.
    """
    held, order = tables.alert_order, tables.evacuation_order
    standing = (
        select(held.c.alert_id)
        .join(order, order.c.id == held.c.order_id)
        .where(order.c.city_code == code, order.c.ended_at.is_(None))
    )
    told = _REVISION.c.stopped_at.is_(None) & (_REVISION.c.expires_at > now)
    query = (
        select(_REVISION, _ALERT.c.status, _ALERT.c.kind)
        .join(_ALERT, _ALERT.c.id == _REVISION.c.alert_id)
        .where(_REVISION.c.city_code == code, _REVISION.c.state.in_(OUT))
        .where(_REVISION.c.revision == _newest(), told | _ALERT.c.id.in_(standing))
        .order_by(_REVISION.c.id)
    )
    return connection.execute(query).all()


def counted_at(connection: Connection) -> dict[int, datetime]:
    """When each revision was counted last."""
    rows = connection.execute(select(_COUNT.c.revision_id, _COUNT.c.as_of))
    return {row.revision_id: row.as_of for row in rows}


def keep(
    connection: Connection,
    revision: int,
    as_of: datetime,
    *,
    states: Mapping[str, int],
    areas: Mapping[str, int],
    cells: Sequence[Mapping[str, Any]],
) -> bool:
    """Keep what was counted; whether it is other than before."""
    said = {"states": dict(states), "areas": dict(areas), "cells": [dict(one) for one in cells]}
    query = select(_COUNT.c.states, _COUNT.c.areas, _COUNT.c.cells)
    row = connection.execute(query.where(_COUNT.c.revision_id == revision)).first()
    known = None if row is None else row._asdict()
    values = {"revision_id": revision, "as_of": as_of, **said}
    new = insert(_COUNT).values(values)
    set_ = {name: new.excluded[name] for name in ("as_of", *said)}
    connection.execute(new.on_conflict_do_update(index_elements=["revision_id"], set_=set_))
    return known != said


def of_alerts(connection: Connection, alerts: Sequence[int]) -> Sequence[Row[Any]]:
    """What was counted last of the newest revision that went out of each of these alerts, with
    `alert_id`; nothing of an alert of which only an older one was counted.
    """
    query = (
        select(_COUNT, _REVISION.c.alert_id)
        .join(_REVISION, _REVISION.c.id == _COUNT.c.revision_id)
        .join(_ALERT, _ALERT.c.id == _REVISION.c.alert_id)
        .where(_ALERT.c.id.in_(alerts), _REVISION.c.state.in_(OUT))
        .where(_REVISION.c.revision == _newest())
        .order_by(_ALERT.c.id)
    )
    return connection.execute(query).all()


def _newest() -> ScalarSelect[Any]:
    """Of an alert the newest revision that went out."""
    later = _REVISION.alias()
    query = select(func.max(later.c.revision)).correlate(_ALERT)
    return query.where(later.c.alert_id == _ALERT.c.id, later.c.state.in_(OUT)).scalar_subquery()
