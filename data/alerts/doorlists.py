"""Rows of door lists; what was told of their doors is in `data/alerts/doorcalls.py`.

Whoever writes here holds the lock of numbers (`data.database.in_order`) first: it comes with the
order of a level 5, whose transaction recalls lists last of all. Rows are locked under it alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, func, insert, literal, select, update
from sqlalchemy import text as sql

from alerts.doors import SPOKEN, DoorOutcome, Outing
from alerts.kinds import Step
from alerts.life import OUT
from data import tables
from data.errors import NotThere

_LIST = tables.door_list
_REVISION, _ALERT = tables.alert_revision, tables.alert
_OUTSIDE: Final = _LIST.c.handed_at.is_not(None) & _LIST.c.back_at.is_(None)


@dataclass(frozen=True, slots=True)
class NewList:
    """A 班 to be called on: `households` by their numbers in the load, in the order of its paper.

    `area_code` is the code of the 町丁目, `area_name` its name.
    """

    area_code: str
    area_name: str
    han: int
    households: tuple[int, ...]


def add_all(connection: Connection, lists: Sequence[NewList], **common: Any) -> list[int]:
    """Add lists that have `common` values; returns their numbers."""
    rows = [
        {
            "area_code": one.area_code,
            "area_name": one.area_name,
            "han": one.han,
            "households": list(one.households),
            **common,
        }
        for one in lists
    ]
    query = insert(_LIST).returning(_LIST.c.id, sort_by_parameter_order=True)
    return list(connection.execute(query, rows).scalars()) if rows else []


def get(connection: Connection, city: str, number: int) -> Row[Any]:
    """A list with its alert's `alert_id`, `revision`, `status`, `level`; raises `NotThere`."""
    query = (
        select(_LIST, _REVISION.c.alert_id, _REVISION.c.revision, _REVISION.c.level)
        .add_columns(_ALERT.c.status)
        .join(_REVISION, _REVISION.c.id == _LIST.c.revision_id)
        .join(_ALERT, _ALERT.c.id == _REVISION.c.alert_id)
        .where(_LIST.c.id == number, _LIST.c.city_code == city)
    )
    row = connection.execute(query).first()
    if row is None:
        raise NotThere(f"戸別の一覧 {number} はありません（no such door list）")
    return row


def is_listed(connection: Connection, load_id: int, alert: int, household: int) -> bool:
    """Whether a household is a door of any list of an alert, whatever became of the list."""
    query = (
        select(_LIST.c.id)
        .join(_REVISION, _REVISION.c.id == _LIST.c.revision_id)
        .where(_REVISION.c.alert_id == alert, _LIST.c.load_id == load_id)
        .where(literal(household) == func.any(_LIST.c.households))
    )
    return connection.execute(query.limit(1)).first() is not None


def change(connection: Connection, number: int, **values: Any) -> None:
    """Change a list."""
    connection.execute(update(_LIST).where(_LIST.c.id == number).values(**values))


def listed(connection: Connection, load_id: int, alert: int, revision: int) -> set[int]:
    """The households of an alert that are on a list whose team is not back.

    A list that nobody took counts only where it is of that `revision`: one of another is never
    handed again.
    """
    query = (
        select(func.unnest(_LIST.c.households))
        .join(_REVISION, _REVISION.c.id == _LIST.c.revision_id)
        .where(_LIST.c.load_id == load_id, _REVISION.c.alert_id == alert)
        .where(_LIST.c.back_at.is_(None), _LIST.c.escalated_at.is_(None))
        .where(_LIST.c.handed_at.is_not(None) | (_LIST.c.revision_id == revision))
    )
    return set(connection.execute(query).scalars())


def of_alert(connection: Connection, city: str, alert: int) -> Sequence[Row[Any]]:
    """All lists of an alert, with counts of their doors: `doors`, `called`, `spoken`, `lifts`.

    `ended`, `ended_at`: how and when the alert ended; `newest`: its newest revision that went out.
    """
    query = _COUNTED.format(where="v.alert_id = :alert")
    return connection.execute(sql(query), _counted(city) | {"alert": alert}).all()


def outside(connection: Connection, city: str) -> Sequence[Row[Any]]:
    """The lists whose teams may be out, with the same counts."""
    query = _COUNTED.format(where="l.handed_at IS NOT NULL AND l.back_at IS NULL")
    return connection.execute(sql(query), _counted(city)).all()


def at_work(
    connection: Connection, city: str, now: datetime, since: datetime
) -> Sequence[Row[Any]]:
    """With the same counts: lists whose teams may be out, or came back after `since`; and those
    that can still be handed, whose withdrawal may have passed after `since`.
    """
    query = _COUNTED.format(where=_AT_WORK)
    return connection.execute(sql(query), _counted(city) | {"now": now, "since": since}).all()


def count_waiting(connection: Connection, city: str, now: datetime) -> int:
    """Lists that can still be handed until their withdrawal: of revisions that are told now."""
    query = (
        select(func.count())
        .select_from(_LIST.join(_REVISION, _REVISION.c.id == _LIST.c.revision_id))
        .where(_LIST.c.city_code == city, _LIST.c.handed_at.is_(None), _LIST.c.withdraw_at > now)
        .where(_REVISION.c.stopped_at.is_(None), _REVISION.c.expires_at > now)
    )
    return int(connection.execute(query).scalar_one())


def recall(connection: Connection, numbers: Sequence[int], why: str, now: datetime) -> list[int]:
    """Recall those of these lists that are out and were not recalled; returns their numbers."""
    query = update(_LIST).where(_LIST.c.id.in_(numbers), _OUTSIDE, _LIST.c.recalled_at.is_(None))
    done = connection.execute(query.values(recalled_at=now, recalled_why=why).returning(_LIST.c.id))
    return sorted(done.scalars())


def outing_of(row: Row[Any]) -> Outing:
    """How far a list of `of_alert` or `outside` is."""
    return Outing(
        row.withdraw_at,
        row.handed_at,
        row.called,
        row.recalled_at,
        row.back_at,
        row.escalated_at,
        None if row.ended is None else Step(row.ended),
    )


def hold_alert(connection: Connection, alert: int, revision: int) -> None:
    """Keep both rows for what will refer to them; before the lock of numbers, as approving does."""
    query = sql(
        "SELECT 1 FROM alert_revision v JOIN alert a ON a.id = v.alert_id"
        " WHERE v.id = :revision AND a.id = :alert FOR KEY SHARE"
    )
    connection.execute(query, {"revision": revision, "alert": alert})


def _counted(city: str) -> dict[str, Any]:
    spoken = [str(one) for one in sorted(SPOKEN)]
    return {
        "code": city,
        "spoken": spoken,
        "lift": str(DoorOutcome.NEEDS_LIFT),
        "out": [str(one) for one in OUT],
        "ends": [str(Step.CANCEL), str(Step.ALL_CLEAR)],
    }


_AT_WORK: Final = """(l.handed_at IS NOT NULL AND l.back_at IS NULL OR l.back_at > :since
    OR l.handed_at IS NULL AND l.withdraw_at > :since AND v.stopped_at IS NULL
    AND v.expires_at > :now)"""
_COUNTED: Final = """
SELECT l.id, l.load_id, l.revision_id, v.revision, v.alert_id, a.status, l.area_name, l.han, l.team,
    l.withdraw_at, l.handed_at, l.recalled_at, l.back_at, l.escalated_at, l.escalated_why,
    cardinality(l.households) AS doors, coalesce(c.called, 0) AS called,
    coalesce(c.spoken, 0) AS spoken, coalesce(c.lifts, 0) AS lifts, told.id AS newest,
    CASE WHEN told.step = ANY(:ends) THEN told.step END AS ended,
    CASE WHEN told.step = ANY(:ends) THEN told.decided_at END AS ended_at
FROM door_list l JOIN alert_revision v ON v.id = l.revision_id JOIN alert a ON a.id = v.alert_id
LEFT JOIN LATERAL (
    SELECT count(*) AS called, count(*) FILTER (WHERE outcome = ANY(:spoken)) AS spoken,
        count(*) FILTER (WHERE outcome = :lift) AS lifts
    FROM (SELECT DISTINCT ON (household) outcome FROM door_call
        WHERE door_list_id = l.id ORDER BY household, id DESC) newest
) c ON true
LEFT JOIN LATERAL (
    SELECT id, step, decided_at FROM alert_revision
    WHERE alert_id = v.alert_id AND state = ANY(:out) ORDER BY revision DESC LIMIT 1
) told ON true
WHERE l.city_code = :code AND {where} ORDER BY l.area_name, l.han, l.id
"""
