"""The log of head counts in the database: it is only ever added to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, exists, or_, select
from sqlalchemy.dialects.postgresql import insert

from data import tables
from shelters.counting import CountKind, Figure, Flag, HeadCount, Via, figure


@dataclass(frozen=True, slots=True)
class Received:
    """A count with what only the log keeps: the device's own clock, ours, and whose word it is."""

    count: HeadCount
    device_at: datetime
    received_at: datetime
    actor: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What is in the log about some ids: all those of places that the city has, and the counts.

    Counts are by place. Those of a place that has another id since a reload are among neither: they
    are new until they are added, and then turn out to be there.
    """

    ids: frozenset[str]
    at: Mapping[str, Sequence[HeadCount]]


def known(connection: Connection, city_code: str, ids: Sequence[str]) -> Known:
    """What the log of a city has of these ids, and of what undoes them."""
    table = tables.head_count
    site, load = tables.evacuation_site.c, tables.city_load.c
    here = exists().where(
        site.load_id == load.id, load.current, load.code == city_code, site.id == table.c.site_id
    )
    query = select(table, here.label("is_here"))
    query = query.where(or_(table.c.id.in_(ids), table.c.undoes.in_(ids)))
    rows = connection.execute(query).all()
    found: dict[str, list[HeadCount]] = {}
    for row in rows:
        if row.city_code == city_code:
            found.setdefault(row.site_id, []).append(count_of(row))
    there = (row for row in rows if row.city_code == city_code and row.is_here)
    return Known(frozenset(str(row.id) for row in there), found)


def add(
    connection: Connection, city_code: str, site_id: str, counts: Sequence[Received]
) -> set[str]:
    """Add counts of a place to the log; returns the ids of those that were new to it."""
    return add_all(connection, city_code, [(site_id, one) for one in counts])


def add_all(
    connection: Connection, city_code: str, counts: Sequence[tuple[str, Received]]
) -> set[str]:
    """Add counts of places, each with its place; returns the ids of those that were new."""
    table = tables.head_count
    rows = [_row(one) | {"city_code": city_code, "site_id": site_id} for site_id, one in counts]
    if not rows:
        return set()
    query = insert(table).on_conflict_do_nothing().returning(table.c.id)
    return {str(number) for number in connection.execute(query, rows).scalars()}


def replay(connection: Connection, city_code: str, site_id: str, begins: datetime | None) -> Figure:
    """The figure of all that is in the log of a place since its count began.

    What was said before then says nothing, also where it takes back something later.
    """
    return figure(read_counts(connection, city_code, site_id, begins))


def read_counts(
    connection: Connection, city_code: str, site_id: str, begins: datetime | None = None
) -> list[HeadCount]:
    """The counts of a place, in the order of a replay."""
    table = tables.head_count
    query = select(table).where(table.c.city_code == city_code, table.c.site_id == site_id)
    if begins is not None:
        query = query.where(table.c.counted_at >= begins)
    return [count_of(row) for row in connection.execute(query.order_by(table.c.counted_at))]


def count_of(row: Row[Any]) -> HeadCount:
    """A count as its row has it."""
    return HeadCount(
        id=str(row.id),
        kind=CountKind(row.kind),
        persons=row.persons,
        counted_at=row.counted_at,
        room=row.room,
        via=Via(row.via),
        undoes=str(row.undoes) if row.undoes else None,
        flags=tuple(map(Flag, row.flags)),
        held=not row.applied,
    )


def _row(one: Received) -> dict[str, Any]:
    count = one.count
    return {
        "id": count.id,
        "room": count.room,
        "kind": count.kind,
        "persons": count.persons,
        "via": count.via,
        "counted_at": count.counted_at,
        "device_at": one.device_at,
        "received_at": one.received_at,
        "actor": one.actor,
        "confirmed": one.confirmed,
        "undoes": count.undoes,
        "flags": list(count.flags),
        "applied": not count.held,
    }
