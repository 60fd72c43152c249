"""A published version with what it says of every household, as the database keeps it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Row, Select, select
from sqlalchemy import text as sql

from data import plans, tables
from data.errors import NotThere
from data.rows import current_load
from operations.errors import Refused
from operations.published.blocks import first_of_name
from routing.picture import Picture
from routing.plan.assigned import Assigned

NO_PLAN: Final = "まだ割当がありません。少し待ってください（no plan has been published yet）"
EARLIER: Final = (
    "最新の割当は、市のデータを入れ替える前のものです。新しい割当を待ってください"
    "（the newest plan is of an earlier load: wait for the planner）"
)
NO_ARRAYS: Final = "その版の割当の中身は、もう残っていません（the arrays of that version are gone）"
_VERSION: Final = tables.plan_version


@dataclass(frozen=True, slots=True, eq=False)
class Decided:
    """A version's row, the row of its load, and what it says of every household.

    `areas` are the names of the load's 町丁目, `area` (H,) the row of each household's (-1: none),
    the first of several parts of one name.
    """

    version: Row[Any]
    load: Row[Any]
    assigned: Assigned
    areas: Sequence[str]
    area: NDArray[np.int64]


def published() -> Select[Any]:
    """All versions that exist whole, the newest first."""
    query = select(_VERSION).where(_VERSION.c.published_at.is_not(None))
    return query.order_by(_VERSION.c.number.desc())


def find_newest(connection: Connection) -> Row[Any] | None:
    """The version published last, None before the first."""
    return connection.execute(published().limit(1)).first()


def find_version(connection: Connection, number: int) -> Row[Any]:
    """A version by its number; raises `NotThere`."""
    row = connection.execute(published().where(_VERSION.c.number == number)).first()
    if row is None:
        raise NotThere(f"割当の第{number}版はありません（no such version of the plan）")
    return row


def find_before(connection: Connection, row: Row[Any]) -> Row[Any] | None:
    """The version published before another of the same load, None where it was the first."""
    query = published().where(_VERSION.c.number < row.number).limit(1)
    before = connection.execute(query).first()
    return before if before and before.load_token == row.load_token else None


def newest_decided(connection: Connection) -> Decided:
    """What the newest version says of the loaded city's households.

    Raises `NotThere` before the first, `Refused` where it is of an earlier load.
    """
    load, row = current_load(connection), find_newest(connection)
    if row is None:
        raise NotThere(NO_PLAN)
    if row.load_token != str(load.token):
        raise Refused(EARLIER)
    return decided(connection, row)


def decided(connection: Connection, row: Row[Any]) -> Decided:
    """What a version says; raises `Refused` where its arrays or its load are gone."""
    table = tables.city_load
    load = connection.execute(select(table).where(table.c.token == row.load_token)).first()
    if load is None:
        raise Refused(NO_ARRAYS)
    assigned, names = read_assigned(connection, row.number), _area_names(connection, load.id)
    rows = "SELECT array_agg(area ORDER BY number) FROM household WHERE load_id = :load"
    area = connection.execute(sql(rows), {"load": load.id}).scalar() or []
    if len(area) != len(assigned.site):
        raise Refused(NO_ARRAYS)
    return Decided(row, load, assigned, names, first_of_name(names, np.array(area, np.int32)))


def read_assigned(connection: Connection, number: int) -> Assigned:
    """What a version says of every household; raises `Refused` where its arrays are gone."""
    return _read(connection, number)[1]


def read_picture(connection: Connection, number: int) -> Picture:
    """What was in force in a version; raises `Refused` where its arrays are gone."""
    return _read(connection, number)[0]


def _read(connection: Connection, number: int) -> tuple[Picture, Assigned]:
    found = plans.find_decision(connection, number)
    if found is None:
        raise Refused(NO_ARRAYS)
    return found.opened()


def _area_names(connection: Connection, load_id: int) -> list[str]:
    """The names of a load's 町丁目; a household's `area` counts them."""
    query = "SELECT name FROM area WHERE load_id = :load AND kind = 'chome' ORDER BY number"
    return list(connection.execute(sql(query), {"load": load_id}).scalars())
