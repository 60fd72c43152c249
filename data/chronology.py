"""The chronology of headquarters (クロノロ): what people enter, and what the system did, in one
order.

Rows are only added. What the system does is read where it is stored: in the audit log and the
versions of the plan. The order is that of entering: what is entered late stands where it came.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, func, select
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert as insert_or

from data import tables

KINDS: Final = ("version", "audit", "entry")
"""Of things that were entered in the same microsecond the last stands above."""
_ENTRY = tables.chronology_entry
_VERSIONS: Final = """
SELECT 0 AS rank, number, published_at AS entered FROM plan_version
    WHERE published_at IS NOT NULL AND coalesce((facts->'changed'->>'households')::int, 0) > 0
    {more}
"""
_ENTERS: Final = "(action <> 'need.refused' OR jsonb_exists(details, 'site'))"
_DEEDS: Final = f"""
SELECT 1 AS rank, deed.number, deed.at AS entered
    FROM unnest(CAST(:actions AS text[])) AS one(action), LATERAL (
        SELECT number, at FROM audit_entry WHERE action = one.action AND {_ENTERS}
        {{more}}) AS deed
"""  # noqa: S608 - of constants; each action by its index: most of the log never enters
_LAST_DEED: Final = f"""
SELECT max(last.number) FROM unnest(CAST(:actions AS text[])) AS one(action), LATERAL (
    SELECT number FROM audit_entry WHERE action = one.action AND {_ENTERS}
    ORDER BY number DESC LIMIT 1) AS last
"""  # noqa: S608 - of constants
_ENTRIES: Final = """
SELECT 2 AS rank, id AS number, entered_at AS entered FROM chronology_entry
    WHERE city_code = :code {more}
"""
_EARLIER: Final = """
AND {when} <= {cursor}
AND ({when}, {rank}, {number}) < ({cursor}, CAST(:rank AS int), CAST(:number AS bigint))
ORDER BY {when} DESC, {number} DESC LIMIT :limit
""".replace("{cursor}", "coalesce(CAST(:entered AS timestamptz), 'infinity'::timestamptz)")
_LATER: Final = """
AND {number} > (CAST(:numbers AS bigint[]))[{rank} + 1] ORDER BY {number} LIMIT :limit
"""


def _all(more: str) -> str:
    """The three of them with the same condition, each by its own columns."""
    columns = (("published_at", "number"), ("at", "number"), ("entered_at", "id"))
    things = zip((_VERSIONS, _DEEDS, _ENTRIES), columns, strict=True)
    return " UNION ALL ".join(
        f"({thing.format(more=more.format(when=when, number=number, rank=rank))})"
        for rank, (thing, (when, number)) in enumerate(things)
    )


_BEFORE: Final = f"""
SELECT * FROM ({_all(_EARLIER)}) t ORDER BY entered DESC, rank DESC, number DESC LIMIT :limit
"""  # noqa: S608 - of constants
_AFTER: Final = f"""
SELECT * FROM ({_all(_LATER)}) t ORDER BY entered, rank, number LIMIT :limit
"""  # noqa: S608 - of constants
_WHEN: Final = """
SELECT CASE :rank
    WHEN 0 THEN (SELECT published_at FROM plan_version WHERE number = :number)
    WHEN 1 THEN (SELECT at FROM audit_entry WHERE number = :number)
    ELSE (SELECT entered_at FROM chronology_entry WHERE id = :number AND city_code = :code) END
"""
_NUMBERS: Final = """
SELECT (SELECT coalesce(max(number), 0) FROM plan_version WHERE published_at IS NOT NULL {version}),
    (SELECT coalesce(max(number), 0) FROM audit_entry {audit}),
    (SELECT coalesce(max(id), 0) FROM chronology_entry {entry})
"""
_NEWEST: Final = _NUMBERS.format(version="", audit="", entry="")
_UNTIL: Final = _NUMBERS.format(
    version="AND published_at <= :at", audit="WHERE at <= :at", entry="WHERE entered_at <= :at"
)


def last_deed(connection: Connection, actions: Collection[str]) -> Any:
    """The highest number in the audit log of what enters, None before the first."""
    return connection.scalar(sql(_LAST_DEED), {"actions": sorted(actions)})


def find_key(connection: Connection, key: UUID) -> Row[Any] | None:
    """The entry of a key, None where there is none."""
    return connection.execute(select(_ENTRY).where(_ENTRY.c.key == key)).first()


def find(connection: Connection, code: str, number: int) -> Row[Any] | None:
    """An entry by its number."""
    query = select(_ENTRY).where(_ENTRY.c.id == number, _ENTRY.c.city_code == code)
    return connection.execute(query).first()


def add(connection: Connection, **values: Any) -> int | None:
    """Add an entry; returns its number, None where its key is there already.

    Under the lock of numbers (`data.database.in_order`): its moment is that of the order.
    """
    row = {"entered_at": func.clock_timestamp(), **values}
    query = insert_or(_ENTRY).values(row).on_conflict_do_nothing(index_elements=["key"])
    number: int | None = connection.execute(query.returning(_ENTRY.c.id)).scalar()
    return number


def is_there(
    connection: Connection, code: str, kind: str, number: int, actions: Collection[str]
) -> bool:
    """Whether there is such a line; of the log these actions enter."""
    if kind == "audit":
        found = deeds(connection, [number]).get(number)
        return found is not None and found.action in actions
    return when(connection, code, kind, number) is not None


def when(connection: Connection, code: str, kind: str, number: int) -> datetime | None:
    """When it was entered."""
    bound = {"rank": KINDS.index(kind), "number": number, "code": code}
    found: datetime | None = connection.execute(sql(_WHEN), bound).scalar()
    return found


def until(connection: Connection, at: datetime | None = None) -> dict[str, int]:
    """The highest number of each kind that was there at a moment, or is there now."""
    query, bound = (_NEWEST, {}) if at is None else (_UNTIL, {"at": at})
    row = connection.execute(sql(query), bound).one()
    return dict(zip(KINDS, row, strict=True))


def before(
    connection: Connection,
    code: str,
    actions: Collection[str],
    cursor: tuple[datetime, str, int] | None,
    limit: int,
) -> list[tuple[str, int]]:
    """(kind, number) of the newest things before the cursor, the newest first."""
    at, kind, number = cursor or (None, KINDS[0], 0)
    place = {"entered": at, "rank": KINDS.index(kind), "number": number}
    bound = {"code": code, "actions": sorted(actions), "limit": limit, **place}
    return [(KINDS[row.rank], row.number) for row in connection.execute(sql(_BEFORE), bound)]


def after(
    connection: Connection,
    code: str,
    actions: Collection[str],
    numbers: Mapping[str, int],
    limit: int,
) -> list[tuple[str, int]]:
    """(kind, number) of the oldest things whose numbers are higher than these, the newest first."""
    marks = [numbers[kind] for kind in KINDS]
    bound = {"code": code, "actions": sorted(actions), "numbers": marks, "limit": limit}
    rows = connection.execute(sql(_AFTER), bound).all()
    return [(KINDS[row.rank], row.number) for row in reversed(rows)]


def entries(connection: Connection, numbers: Sequence[int]) -> dict[int, Row[Any]]:
    """Entries of people by their numbers, each with the number of the newest that corrects it."""
    later = _ENTRY.alias()
    corrected = select(func.max(later.c.id)).where(later.c.corrects == _ENTRY.c.id)
    query = select(_ENTRY, corrected.scalar_subquery().label("corrected_by"))
    rows = connection.execute(query.where(_ENTRY.c.id.in_(numbers)))
    return {row.id: row for row in rows}


def deeds(connection: Connection, numbers: Sequence[int]) -> dict[int, Row[Any]]:
    """Entries of the audit log by their numbers."""
    table = tables.audit_entry
    rows = connection.execute(select(table).where(table.c.number.in_(numbers)))
    return {row.number: row for row in rows}


def versions(connection: Connection, numbers: Sequence[int]) -> dict[int, Row[Any]]:
    """Versions of the plan by their numbers."""
    table = tables.plan_version
    rows = connection.execute(select(table).where(table.c.number.in_(numbers)))
    return {row.number: row for row in rows}


def later_deeds(
    connection: Connection, subjects: Collection[str], actions: Collection[str], since: int
) -> list[Row[Any]]:
    """(subject, action, number) of what was done to these after that entry, the oldest first."""
    table = tables.audit_entry
    query = (
        select(table.c.subject, table.c.action, table.c.number)
        .where(table.c.number > since, table.c.action.in_(actions))
        .where(table.c.subject.in_(subjects))
        .order_by(table.c.number)
    )
    return list(connection.execute(query)) if subjects else []
