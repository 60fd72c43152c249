"""Streets that are shut, as headquarters calls them: most have no name, so by 町丁目 and length."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Row
from sqlalchemy import text as sql

from data.observing import closures
from data.rows import current_load
from operations.board.look import remembered
from routing.roads import StreetFlag

NAMELESS, NAMELESS_BRIDGE = "名のない道", "名のない橋"
_WHICH: Final = """
SELECT CASE WHEN s.name >= 0 THEN l.street_names[s.name + 1] END AS name, s.flags,
    ST_Length(CAST(:geom AS geometry)::geography) AS length_m,
    (SELECT a.name FROM area a WHERE a.load_id = :load AND a.kind = 'chome'
        AND ST_Covers(a.geom, ST_LineInterpolatePoint(CAST(:geom AS geometry), 0.5))
        ORDER BY a.number LIMIT 1) AS area
FROM street s JOIN city_load l ON l.id = s.load_id WHERE s.load_id = :load
ORDER BY s.geom <-> ST_LineInterpolatePoint(CAST(:geom AS geometry), 0.5) LIMIT 1
"""


class StreetName(NamedTuple):
    """Its `name`, "" for one without, and how it is told from all others."""

    name: str
    called: str


def called(area: str, name: str, length_m: float, *, bridge: bool) -> str:
    """As what-if calls a street: "灯野二丁目 名のない道（150 m）"."""
    word = name or (NAMELESS_BRIDGE if bridge else NAMELESS)
    return f"{area} {word}（{round(length_m)} m）".strip()


def street_of(connection: Connection, load: Row[Any], closure: Row[Any]) -> StreetName:
    """The street of a closure's line: the nearest of this load."""

    def read() -> StreetName:
        bound = {"load": load.id, "geom": closure.geom.desc}
        row = connection.execute(sql(_WHICH), bound).first()
        if row is None:
            return StreetName("", NAMELESS)
        bridge = bool(row.flags & StreetFlag.BRIDGE)
        name, area = row.name or "", row.area or ""
        return StreetName(name, called(area, name, row.length_m, bridge=bridge))

    return remembered(("street", load.token, load.id, closure.geom.desc), read)


def called_of(connection: Connection, numbers: Sequence[int]) -> dict[int, str]:
    """How the streets of these closures are called, of those too that are open again."""
    if not numbers:
        return {}
    load = current_load(connection)
    rows = closures.named(connection, sorted({*numbers}))
    return {row.id: street_of(connection, load, row).called for row in rows}
