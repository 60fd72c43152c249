"""Where somebody who registers stands in the loaded city: their household, their 町丁目."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select
from sqlalchemy import text as sql

from city.area import folded
from city.position import Position
from data import tables

NEAR_M: Final = 30.0
"""Who taps a map or a phone that says where it is means the house within it."""
SAME_M: Final = 1.0
"""Two households so much nearer or farther are one as near as the other: a block of flats."""
AROUND: Final = 5e-4
"""Degrees that are more than `NEAR_M` everywhere in Japan."""
_NEAR: Final = """
SELECT number, ST_Y(geom) AS lat, ST_X(geom) AS lon, away FROM (
  SELECT number, geom, ST_Distance(geom::geography, door.at::geography) AS away
  FROM household, (SELECT ST_SetSRID(ST_Point(:lon, :lat), 4326) AS at) AS door
  WHERE load_id = :load AND geom && ST_Expand(door.at, :around)
) AS found WHERE away <= :near ORDER BY away, number LIMIT 2
"""
_AREA: Final = """
SELECT name FROM area WHERE load_id = :load
  AND ST_Covers(geom, ST_SetSRID(ST_Point(:lon, :lat), 4326))
ORDER BY kind <> 'chome', number LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Near:
    """A household by its number in the load, and where it stands."""

    number: int
    position: Position


def find_household(connection: Connection, load_id: int, at: Position) -> Near | None:
    """The one household nearest to a point, within `NEAR_M`; None where several are as near."""
    given = {"load": load_id, "lat": at.lat, "lon": at.lon, "around": AROUND, "near": NEAR_M}
    rows = connection.execute(sql(_NEAR), given).all()
    if not rows or (len(rows) > 1 and rows[1].away - rows[0].away <= SAME_M):
        return None
    return Near(rows[0].number, Position(rows[0].lat, rows[0].lon))


def find_area(connection: Connection, load_id: int, at: Position) -> str | None:
    """The name of the 町丁目 that holds a point."""
    given = {"load": load_id, "lat": at.lat, "lon": at.lon}
    name: str | None = connection.execute(sql(_AREA), given).scalar()
    return name


def find_area_named(connection: Connection, load_id: int, name: str) -> str | None:
    """The name of a 町丁目 as the city spells it, however it was spelled."""
    table, wanted = tables.area, folded(name)
    query = select(table.c.name).where(table.c.load_id == load_id).order_by(table.c.number)
    names = connection.execute(query).scalars()
    return next((one for one in names if folded(one) == wanted), None)
