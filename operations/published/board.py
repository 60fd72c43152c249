"""The plan as headquarters reads it: its newest figures, what waits, and whom a version changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, Row, func, select

from city.staff import Caller
from data import tables
from data.rows import current_load
from hazards.errors import NothingInForce
from operations.errors import Refused
from operations.planning import held
from operations.published.decided import (
    decided,
    find_before,
    find_newest,
    find_version,
    published,
    read_assigned,
)
from routing.plan.changed import Changed, changed


@dataclass(frozen=True, slots=True, eq=False)
class Audience:
    """Whom version `number` changed since version `before` (None: there was none of its load).

    `areas` are names of 町丁目, `area` (H,) the row of each household's (-1: none).
    """

    number: int
    before: int | None
    change: Changed
    areas: Sequence[str]
    area: NDArray[np.int64]

    @property
    def households(self) -> NDArray[np.int64]:
        """The numbers of all of them: for code alone, never for an answer."""
        return self.change.households


def board(connection: Connection) -> dict[str, Any]:
    """The newest version's facts, what was changed since, and what waits for a person."""
    load, row = current_load(connection), find_newest(connection)
    plan = None
    if row is not None:
        earlier = row.load_token != str(load.token)
        plan = {**_told(connection, row), "earlier_load": earlier}
    return {"plan": plan, "waiting": waiting(connection, load.code)}


def list_versions(connection: Connection, last: int) -> Sequence[Row[Any]]:
    """The versions published last, the newest first."""
    return connection.execute(published().limit(last)).all()


def waiting(connection: Connection, code: str) -> list[dict[str, Any]]:
    """What waits for a person, oldest first, with what was said of it."""
    return [
        {"number": row.id, "kind": row.kind, "item": row.item, "why": row.why}
        | {
            "said": row.source,
            "basis": row.basis,
            "facts": row.facts,
            "since": _iso(row.begun_at),
            "held_at": _iso(row.held_at),
        }
        for row in held.waiting(connection, code)
    ]


def apply_one(engine: Engine, number: int, *, now: datetime, by: Caller) -> None:
    """Somebody says that a held item is meant; raises `Refused` where it waits no longer."""
    try:
        held.apply_held(engine, [number], now=now, by=by)
    except NothingInForce as error:
        raise Refused(
            "その項目は、もう待っていません。画面を開き直してください"
            "（nothing of that number waits: somebody has decided）"
        ) from error


def audience(connection: Connection, number: int) -> Audience:
    """The difference between a published version and the one before it of the same load.

    Raises `NotThere` for a version that is none, `Refused` where its arrays are gone.
    """
    row = find_version(connection, number)
    now, before = decided(connection, row), find_before(connection, row)
    told = None if before is None else read_assigned(connection, before.number)
    change = changed(told, now.assigned)
    return Audience(number, before and before.number, change, now.areas, now.area)


def audience_table(found: Audience) -> dict[str, Any]:
    """How many households, by kind and 町丁目: no number of any household.

    One of another verdict may have another place as well.
    """
    kinds = {field.name: getattr(found.change, field.name) for field in fields(Changed)}
    kinds = {"households": np.logical_or.reduce(list(kinds.values())), **kinds}
    whole = {name: int(one.sum()) for name, one in kinds.items()}
    # `area` -1, in none, comes first.
    sums = {name: np.bincount(found.area[one] + 1).tolist() for name, one in kinds.items()}
    names = ["", *found.areas]
    rows = [
        {"area": names[row]}
        | {name: one[row] if row < len(one) else 0 for name, one in sums.items()}
        for row, count in enumerate(sums["households"])
        if count
    ]
    return {"number": found.number, "before": found.before, **whole, "areas": rows}


def _told(connection: Connection, row: Row[Any]) -> Mapping[str, Any]:
    table = tables.change
    mine = select(table.c.id).where(table.c.token == row.change_token).scalar_subquery()
    after = select(func.count(), func.min(table.c.at)).where(table.c.id > func.coalesce(mine, 0))
    changes, since = connection.execute(after).one()
    return {
        "number": row.number,
        "cause": row.cause,
        "published_at": _iso(row.published_at),
        "later": {"changes": changes, "since": _iso(since)} if changes else None,
        **{key: value for key, value in row.facts.items() if key != "held"},
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None
