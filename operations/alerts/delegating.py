"""Naming beforehand: deputies who are called when nobody decides, officers who may send alone."""

from datetime import datetime

from sqlalchemy import Engine

from alerts.errors import NotFit, NotYours
from alerts.life import Duty, check_author
from city.staff import Caller, Role
from data.alerts import delegates
from data.database import transaction
from data.errors import NotThere
from data.people import audit, staff
from operations.alerts.drafting import city
from operations.refusals import refusals


def name(engine: Engine, by: Caller, staff_id: int, duty: Duty, *, rank: int = 1) -> int:
    """An approver names somebody else; returns the number of the naming.

    A deputy is an approver, an officer who may send alone works at headquarters.
    Raises `AlertError` and its kinds, `NotThere`.
    """
    with refusals(engine, by, "delegate"), transaction(engine, latest=True) as connection:
        _check(by)
        load, account = city(connection), staff.find(connection, staff_id)
        if account is None or account.disabled_at is not None:
            raise NotThere("その職員はいません（no such account）")
        if staff_id == by.id:
            raise NotYours("自分を指名することはできません（nobody names themselves）")
        needed = Role.APPROVER if duty is Duty.DEPUTY else Role.OPERATOR
        if not account.roles & {needed, Role.APPROVER}:
            raise NotFit(
                "副承認者には承認者を、単独送信には本部の職員を指名してください"
                "（a deputy is an approver, who sends alone works at headquarters）"
            )
        there = delegates.named(connection, load.code, duty)
        if any(one.staff_id == staff_id for one in there):
            raise NotFit("もう指名されています（named already）")
        number = delegates.name(connection, load.code, staff_id, duty, rank, by.actor)
        audit.record(connection, by, "delegate.named", str(number), staff=staff_id, duty=duty)
        return number


def end(engine: Engine, by: Caller, number: int, *, now: datetime) -> None:
    """Somebody is named no longer."""
    with refusals(engine, by, "delegate"), transaction(engine, latest=True) as connection:
        _check(by)
        if not delegates.end(connection, city(connection).code, number, now):
            raise NotThere("その指名は、もうありません（no such naming）")
        audit.record(connection, by, "delegate.ended", str(number))


def _check(by: Caller) -> None:
    check_author(by)
    if Role.APPROVER not in by.roles:
        raise NotYours("指名できるのは承認者だけです（only an approver names somebody）")
