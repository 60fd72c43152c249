"""The JMA's bulletins in the database, and what was suggested of them.

Nothing is ever changed in a bulletin but whether a newer one of its series is there (`superseded`).
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Connection, Row, or_, select, update
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert

from data import tables
from data.tables.bulletins import TELEGRAM
from hazards.bulletin import AreaKind, Bulletin, BulletinArea, BulletinItem, Issue, Status
from hazards.bulletinnames import Course

_BULLETIN: Final = tables.bulletin
_PLAIN: Final = tuple(one.name for one in fields(Bulletin) if one.name != "items")


def hold_bulletins(connection: Connection) -> None:
    """Let nobody else take in or decide before the transaction ends."""
    connection.execute(sql("LOCK TABLE bulletin IN SHARE ROW EXCLUSIVE MODE"))


def add(connection: Connection, city_code: str, made: Bulletin, *, now: datetime) -> int | None:
    """Keep a bulletin; its number, or None where that very telegram is there already."""
    values = {name: getattr(made, name) for name in _PLAIN}
    items = [asdict(item) for item in made.items]
    values |= {"items": items, "digest": _digest(made, items)}
    query = insert(_BULLETIN).values(**values, city_code=city_code, received_at=now)
    query = query.on_conflict_do_nothing(index_elements=["city_code", *TELEGRAM])
    number: int | None = connection.execute(query.returning(_BULLETIN.c.id)).scalar()
    return number


def newest(connection: Connection, city_code: str, of: Bulletin) -> list[Row[Any]]:
    """The rows that this bulletin is about, and that no newer one has superseded.

    Those of its series; a cancellation may name only the heading of what it withdraws.
    """
    same = _BULLETIN.c.series == of.series
    if of.is_cancelled:
        same = or_(same, (_BULLETIN.c.kind == of.kind) & (_BULLETIN.c.heading == of.heading))
    query = _standing(city_code).where(same, _BULLETIN.c.status == of.status)
    return list(connection.execute(query))


def withdrawals(connection: Connection, city_code: str, of: Bulletin) -> list[Row[Any]]:
    """The cancellations that withdraw this bulletin if they are newer, by the rule of `newest`;
    superseded ones too: what they withdraw may come after them.
    """
    if of.is_cancelled:
        return []
    same_heading = (_BULLETIN.c.kind == of.kind) & (_BULLETIN.c.heading == of.heading)
    query = select(_BULLETIN).where(
        _BULLETIN.c.city_code == city_code,
        _BULLETIN.c.status == of.status,
        _BULLETIN.c.issue == Issue.CANCELLED,
        _BULLETIN.c.reported_at >= of.reported_at,
        or_(_BULLETIN.c.series == of.series, same_heading),
    )
    return list(connection.execute(query))


def standing(connection: Connection, city_code: str) -> list[Row[Any]]:
    """The newest row of each series, the newest of all first."""
    query = _standing(city_code).order_by(_BULLETIN.c.reported_at.desc(), _BULLETIN.c.id.desc())
    return list(connection.execute(query))


def supersede(connection: Connection, numbers: Sequence[int]) -> None:
    """Note that a newer one of their series is there."""
    query = update(_BULLETIN).where(_BULLETIN.c.id.in_(numbers))
    connection.execute(query.values(superseded=True))


def remark(connection: Connection, number: int, remarks: Sequence[str]) -> None:
    """Keep what a person should know of a bulletin that was just added."""
    query = update(_BULLETIN).where(_BULLETIN.c.id == number)
    connection.execute(query.values(remarks=list(remarks)))


def bulletin_of(row: Row[Any]) -> Bulletin:
    """A row as the rules look at it."""
    plain = {name: getattr(row, name) for name in _PLAIN}
    plain |= {"status": Status(row.status), "issue": Issue(row.issue)}
    return Bulletin(**plain, items=tuple(_item(table) for table in row.items))


def _digest(made: Bulletin, items: list[dict[str, Any]]) -> str:
    """Of what a telegram says, however its XML is written."""
    said = [made.heading, made.headline, str(made.valid_until), items]
    return sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def _standing(city_code: str) -> Any:
    return select(_BULLETIN).where(
        _BULLETIN.c.city_code == city_code, _BULLETIN.c.superseded.is_(False)
    )


def _item(table: dict[str, Any]) -> BulletinItem:
    areas = tuple(
        BulletinArea(one["code"], one["name"], AreaKind(one["kind"])) for one in table["areas"]
    )
    return BulletinItem(**(table | {"areas": areas, "course": Course(table["course"])}))
