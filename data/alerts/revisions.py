"""Rows of alerts and of their revisions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from alerts.alert import Alert
from alerts.kinds import AlertKind, Status, Step
from alerts.life import OUT, Hands, RevisionState
from data import tables
from data.errors import NotThere
from hazards.kinds import AlertLevel, HazardKind

_ENDS = frozenset({Step.CANCEL, Step.ALL_CLEAR})
_ALERT = tables.alert
_REVISION = tables.alert_revision


def add_alert(connection: Connection, city: str, status: Status, kind: AlertKind) -> int:
    """A new case; returns its number."""
    query = _ALERT.insert().values(city_code=city, status=status, kind=kind).returning(_ALERT.c.id)
    return int(connection.execute(query).scalar_one())


def add_revision(connection: Connection, alert: int, **values: Any) -> Row[Any]:
    """The next revision of an alert, as a draft."""
    newest = select(func.greatest(func.max(_REVISION.c.revision), 0) + 1)
    number = connection.execute(newest.where(_REVISION.c.alert_id == alert)).scalar_one()
    query = _REVISION.insert().values(
        alert_id=alert, revision=number, state=RevisionState.DRAFT, **values
    )
    return connection.execute(query.returning(_REVISION)).one()


def get(connection: Connection, city: str, number: int, *, hold: bool = False) -> Row[Any]:
    """A revision by its id, with `status` and `kind` of its alert; raises `NotThere`.

    With `hold` whoever decides at the same time waits, and then finds it decided.
    """
    query = (
        select(_REVISION, _ALERT.c.status, _ALERT.c.kind)
        .join(_ALERT, _ALERT.c.id == _REVISION.c.alert_id)
        .where(_REVISION.c.id == number, _REVISION.c.city_code == city)
    )
    if hold:
        query = query.with_for_update(of=_REVISION)
    row = connection.execute(query).first()
    if row is None:
        raise NotThere(f"配信 {number} はありません（no such alert）")
    return row


def change(connection: Connection, number: int, **values: Any) -> None:
    """Change a revision."""
    connection.execute(update(_REVISION).where(_REVISION.c.id == number).values(**values))


def take_back(connection: Connection, row: Row[Any], **values: Any) -> None:
    """What never goes out leaves its number to the next that may: it is counted below 1."""
    mine = _REVISION.c.alert_id == row.alert_id
    least = select(func.least(func.min(_REVISION.c.revision), 1) - 1).where(mine)
    number = connection.execute(least).scalar_one()
    change(connection, row.id, revision=number, **values)


def of_alert(connection: Connection, alert: int) -> Sequence[Row[Any]]:
    """All revisions of an alert, the oldest first; whoever reads them holds the alert's row."""
    connection.execute(select(_ALERT.c.id).where(_ALERT.c.id == alert).with_for_update())
    query = select(_REVISION).where(_REVISION.c.alert_id == alert)
    return connection.execute(query.order_by(_REVISION.c.revision)).all()


def newest_out(connection: Connection, alert: int) -> Row[Any] | None:
    """The newest revision of an alert that went out, None before the first."""
    query = select(_REVISION).where(_REVISION.c.alert_id == alert, _REVISION.c.state.in_(OUT))
    return connection.execute(query.order_by(_REVISION.c.revision.desc()).limit(1)).first()


def stop(connection: Connection, numbers: Sequence[int], by: str, why: str, now: datetime) -> None:
    """Nothing more of these revisions is sent."""
    query = update(_REVISION).where(_REVISION.c.id.in_(numbers), _REVISION.c.stopped_at.is_(None))
    connection.execute(query.values(stopped_at=now, stopped_by=by, stopped_why=why))


def orders_of(connection: Connection, alert: int) -> list[int]:
    """The numbers of the orders that an alert has set."""
    table = tables.alert_order
    query = select(table.c.order_id).where(table.c.alert_id == alert).order_by(table.c.order_id)
    return list(connection.execute(query).scalars())


def shared_orders(connection: Connection, alert: int) -> list[int]:
    """Other alerts that are not over and tell of an order of this one, by their numbers."""
    held = tables.alert_order
    mine = select(held.c.order_id).where(held.c.alert_id == alert)
    standing = select(tables.evacuation_order.c.id).where(
        tables.evacuation_order.c.ended_at.is_(None)
    )
    query = select(held.c.alert_id).where(
        held.c.alert_id != alert, held.c.order_id.in_(mine), held.c.order_id.in_(standing)
    )
    others = connection.execute(query.distinct().order_by(held.c.alert_id)).scalars().all()
    last = {number: newest_out(connection, number) for number in others}
    return [n for n, row in last.items() if row is not None and Step(row.step) not in _ENDS]


def stop_alerts_of(
    connection: Connection, orders: Sequence[int], by: str, why: str, now: datetime
) -> None:
    """Orders were lifted without an alert: nothing more of those that told of them is sent."""
    held = tables.alert_order
    alerts = select(held.c.alert_id).where(held.c.order_id.in_(orders))
    query = update(_REVISION).where(
        _REVISION.c.alert_id.in_(alerts),
        _REVISION.c.state.in_(OUT),
        _REVISION.c.stopped_at.is_(None),
    )
    connection.execute(query.values(stopped_at=now, stopped_by=by, stopped_why=why))


def add_order(connection: Connection, alert: int, order: int) -> None:
    """Note that an alert set an order."""
    connection.execute(tables.alert_order.insert().values(alert_id=alert, order_id=order))


def record_of(row: Row[Any], city_name: str) -> Alert:
    """The record that everything is rendered from, of a row of `get`."""
    return Alert(
        number=row.alert_id,
        revision=row.revision,
        city=city_name,
        status=Status(row.status),
        kind=AlertKind(row.kind),
        step=Step(row.step),
        hazard=None if row.hazard is None else HazardKind(row.hazard),
        level=None if row.level is None else AlertLevel(row.level),
        area_names=tuple(row.area_names),
        whole_city=row.whole_city,
        subject=row.subject,
        reason=row.reason,
        action=row.action,
        made_at=row.made_at,
        approved_at=row.decided_at,
        expires_at=row.expires_at,
    )


def hands_of(row: Row[Any]) -> Hands:
    """Through whose hands it went."""
    return Hands(
        RevisionState(row.state),
        frozenset({row.made_by, *row.writers}),
        row.submitted_by,
        row.decided_by,
        row.glass_why is not None,
        row.countersigned_at is not None,
    )
