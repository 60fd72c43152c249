"""Rows of teams and their missions, and what was said of each.

Whoever writes here holds the lock of numbers (`data.database.in_order`) first: so nobody sets out
beside an order of level 5, whose transaction recalls missions last of all.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from geoalchemy2.shape import from_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ARRAY, Connection, Row, Text, cast, func, insert, literal, select, update
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert as insert_or

from data import tables
from data.errors import NotThere
from hazards.kinds import AlertLevel
from hazards.mission import Mission

_TEAM, _MISSION, _WORD = tables.field_team, tables.mission, tables.mission_word
_OUTSIDE: Final = _MISSION.c.returned_at.is_(None)
KEPT: Final = ("last_check_in", "recalled_at", "recall_confirmed_at", "escalated_at", "reached_at")
"""Moments of a mission that words change, beside `returned_at`."""
_FIVE: Final = """
SELECT count(*) FROM evacuation_order o
WHERE o.city_code = :code AND o.ended_at IS NULL AND o.level >= :five AND (o.geom IS NULL
    OR (cardinality(CAST(:names AS text[])) = 0 AND CAST(:at AS text) IS NULL)
    OR EXISTS (SELECT FROM area WHERE load_id = :load AND kind = 'chome'
        AND area.name = ANY(CAST(:names AS text[])) AND ST_Relate(area.geom, o.geom, 'T********'))
    OR ST_Intersects(o.geom, ST_SetSRID(ST_GeomFromText(CAST(:at AS text)), 4326)))
"""
_SINCE: Final = """
SELECT DISTINCT m.id FROM mission m JOIN evacuation_order o ON o.city_code = m.city_code
WHERE m.city_code = :code AND m.returned_at IS NULL AND m.recalled_at IS NULL
    AND o.ended_at IS NULL AND o.level >= :five AND o.begun_at >= m.started_at
"""


def put_team(
    connection: Connection, code: str, name: str, contact: str, members: Sequence[str]
) -> int:
    """A team of that name as it is now; returns its number."""
    values = {"contact": contact, "members": list(members)}
    query = insert_or(_TEAM).values(city_code=code, name=name, **values)
    query = query.on_conflict_do_update(index_elements=["city_code", "name"], set_=values)
    return int(connection.execute(query.returning(_TEAM.c.id)).scalar_one())


def teams(connection: Connection, code: str) -> Sequence[Row[Any]]:
    """All teams that were ever sent out, by name."""
    query = select(_TEAM).where(_TEAM.c.city_code == code).order_by(_TEAM.c.name)
    return connection.execute(query).all()


def add(connection: Connection, where: BaseGeometry | None, **values: Any) -> int:
    """Add a mission, `where` in (lon, lat); returns its number."""
    geom = None if where is None else from_shape(where, srid=4326)
    query = insert(_MISSION).values(geom=geom, **values).returning(_MISSION.c.id)
    return int(connection.execute(query).scalar_one())


def get(connection: Connection, code: str, number: int) -> Row[Any]:
    """A mission with its `team` and `contact`; raises `NotThere`."""
    row = connection.execute(_named(code).where(_MISSION.c.id == number)).first()
    if row is None:
        raise NotThere(f"任務 {number} はありません（no such mission）")
    return row


def members_of(
    connection: Connection, code: str, numbers: Collection[int]
) -> dict[int, Sequence[str]]:
    """Who is of each of these missions, also of those that are back; those that are none lack."""
    query = select(_MISSION.c.id, _MISSION.c.members)
    query = query.where(_MISSION.c.city_code == code, _MISSION.c.id.in_(numbers))
    return {row.id: row.members for row in connection.execute(query)}


def outside(connection: Connection, code: str) -> Sequence[Row[Any]]:
    """Missions whose teams may be out, oldest first."""
    return connection.execute(_named(code).where(_OUTSIDE).order_by(_MISSION.c.id)).all()


def lately(connection: Connection, code: str, since: datetime) -> Sequence[Row[Any]]:
    """The same, and those that are back since then."""
    query = _named(code).where(_OUTSIDE | (_MISSION.c.returned_at >= since))
    return connection.execute(query.order_by(_MISSION.c.id)).all()


def of_member(connection: Connection, code: str, actor: str, since: datetime) -> Row[Any] | None:
    """The mission that somebody is out on, else the last one that is back since then."""
    query = _named(code).where(literal(actor) == func.any(_MISSION.c.members))
    query = query.where(_OUTSIDE | (_MISSION.c.returned_at >= since))
    newest = query.order_by(_MISSION.c.returned_at.desc().nulls_first(), _MISSION.c.id.desc())
    return connection.execute(newest.limit(1)).first()


def out_with(connection: Connection, code: str, members: Sequence[str]) -> Row[Any] | None:
    """A mission that one of these is out on."""
    theirs = cast(list(members), ARRAY(Text))
    query = _named(code).where(_OUTSIDE, _MISSION.c.members.bool_op("&&")(theirs))
    return connection.execute(query.limit(1)).first()


def change(connection: Connection, number: int, **values: Any) -> None:
    """Change a mission."""
    connection.execute(update(_MISSION).where(_MISSION.c.id == number).values(**values))


def add_word(connection: Connection, number: UUID, **values: Any) -> bool:
    """Keep what was said; False where that id was there already."""
    query = insert_or(_WORD).values(id=number, **values).on_conflict_do_nothing()
    return connection.execute(query.returning(_WORD.c.id)).first() is not None


def mission_of(row: Row[Any]) -> Mission:
    """How far a mission is."""
    every = timedelta(seconds=row.check_in_every_s)
    moments = {name: getattr(row, name) for name in (*KEPT, "returned_at")}
    return Mission(row.started_at, row.withdraw_at, every, **moments)


def is_under_five(
    connection: Connection, load: Row[Any], names: Sequence[str], where: BaseGeometry | None
) -> bool:
    """Whether level 5 stands over some part of it; anywhere, where nobody says where it is."""
    at = None if where is None else where.wkt
    bound = {"code": load.code, "load": load.id, "names": list(names), "at": at}
    return bool(connection.execute(sql(_FIVE), bound | _five()).scalar_one())


def begun_before_five(connection: Connection, code: str) -> list[int]:
    """Missions that are out, were not recalled, and were when a level 5 began that stands."""
    return sorted(connection.execute(sql(_SINCE), {"code": code} | _five()).scalars())


def _named(code: str) -> Any:
    query = select(_MISSION, _TEAM.c.name.label("team"), _TEAM.c.contact)
    return query.join(_TEAM, _TEAM.c.id == _MISSION.c.team_id).where(_MISSION.c.city_code == code)


def _five() -> dict[str, int]:
    return {"five": int(AlertLevel.SECURE_NOW)}
