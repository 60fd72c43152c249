"""Who was named beforehand: deputies who are called, officers who may send alone."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from alerts.life import Duty
from data import tables

_TABLE = tables.alert_delegate


def named(connection: Connection, city: str, duty: Duty | None = None) -> Sequence[Row[Any]]:
    """Those who are named now and whose accounts live, in their order."""
    staff = tables.staff
    query = (
        select(_TABLE, staff.c.name)
        .join(staff, staff.c.id == _TABLE.c.staff_id)
        .where(_TABLE.c.city_code == city, _TABLE.c.ended_at.is_(None))
        .where(staff.c.disabled_at.is_(None))
        .order_by(_TABLE.c.duty, _TABLE.c.rank, _TABLE.c.id)
    )
    if duty is not None:
        query = query.where(_TABLE.c.duty == duty)
    return connection.execute(query).all()


def name(
    connection: Connection, city: str, staff_id: int, duty: Duty, rank: int, named_by: str
) -> int:
    """Name somebody; returns the number of the naming."""
    values = {"city_code": city, "staff_id": staff_id, "duty": duty}
    query = _TABLE.insert().values(**values, rank=rank, named_by=named_by)
    return int(connection.execute(query.returning(_TABLE.c.id)).scalar_one())


def end(connection: Connection, city: str, number: int, now: datetime) -> bool:
    """Somebody is named no longer; False where that naming does not stand."""
    query = update(_TABLE).where(
        _TABLE.c.id == number, _TABLE.c.city_code == city, _TABLE.c.ended_at.is_(None)
    )
    return connection.execute(query.values(ended_at=now)).rowcount == 1
