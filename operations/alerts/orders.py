"""What an approved alert does to the mayor's orders: they and what is told are one decision.

A drill sets nothing. An order of the same place that stands already is taken as this alert's.
"""

from typing import Any

from sqlalchemy import Connection, Row

from alerts.kinds import AlertKind, Status, Step
from city.staff import Caller
from data import inforce, tables
from data.alerts import revisions
from hazards.errors import LowerThanInForce
from hazards.kinds import AlertLevel, HazardKind
from operations.alerts.following import check_beside, check_follows
from operations.alerts.where import where_before
from operations.changes import lift_in
from operations.changes.orders import same_place, set_level_over
from operations.proposals.proposable import hold_orders


def check_order(connection: Connection, load: Row[Any], row: Row[Any]) -> None:
    """Raise what forbids a revision to go out beside what is in force now, which stays so."""
    hold_orders(connection)
    check_allowed(connection, load, row)


def check_allowed(connection: Connection, load: Row[Any], row: Row[Any]) -> None:
    """The same as things are at this moment."""
    last = revisions.newest_out(connection, row.alert_id)
    if last is not None and last.id != row.id:
        before = revisions.get(connection, load.code, last.id)
        check_follows(connection, load, before, Step(row.step), where_before(row), row)
    check_beside(connection, load, row)


def carry_out(connection: Connection, load: Row[Any], row: Row[Any], by: Caller) -> list[int]:
    """Set, replace or lift the alert's orders; returns the numbers of those that stand for it now.

    Raises `LowerThanInForce` for a level under one of this alert's that stands.
    """
    if Status(row.status) is Status.EXERCISE or AlertKind(row.kind) is not AlertKind.EVACUATION:
        return []
    hold_orders(connection)
    mine = set(revisions.orders_of(connection, row.alert_id))
    standing = inforce.standing(connection, tables.evacuation_order, load.code)
    before = [order for order in standing if order.id in mine]
    if Step(row.step) in {Step.CANCEL, Step.ALL_CLEAR}:
        for order in before:
            lift_in(connection, load, order.id, by)
        return []
    higher = [order for order in before if order.level > row.level]
    if higher:
        raise LowerThanInForce(
            f"この配信では警戒レベル{higher[0].level}が出ています。下げるには、先に解除してください"
            "（a level is lowered by an all-clear and a new alert）"
        )
    hazard, level = HazardKind(row.hazard), AlertLevel(row.level)
    number = _same(standing, row)
    if number is None:
        area = inforce.geometry_of(row)
        number = set_level_over(connection, load, hazard, level, area, row.area_names, by)
    if number not in mine:
        revisions.add_order(connection, row.alert_id, number)
    for order in before:
        if order.id != number and _stands(connection, load, order.id):
            lift_in(connection, load, order.id, by)
    return [number]


def _same(standing: Any, row: Row[Any]) -> int | None:
    """The order for the same hazard, level and ground that stands."""
    area = inforce.geometry_of(row)
    for order in standing:
        alike = (order.hazard, order.level) == (row.hazard, row.level)
        if alike and same_place(order, area, row.area_names):
            return int(order.id)
    return None


def _stands(connection: Connection, load: Row[Any], number: int) -> bool:
    standing = inforce.standing(connection, tables.evacuation_order, load.code)
    return any(order.id == number for order in standing)
