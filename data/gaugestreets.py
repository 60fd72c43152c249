"""The bridge or underpass that a city's rule of a gauge names, by the loaded map."""

from collections.abc import Sequence
from typing import Any, Final

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, Row
from sqlalchemy import text as sql

from city.area import folded
from city.position import Position
from hazards.gaugerules import GaugeRule
from hazards.observation import ObservationKind
from routing.roads import Access, StreetFlag

FARTHEST_M: Final = 50.0
"""A bridge farther than this from the rule's position is another one."""
BESIDE_M: Final = 20.0
"""What runs this much farther away is of the same bridge: its other carriageway, its pavement."""

_FLAGS: Final = {
    ObservationKind.BRIDGE: int(StreetFlag.BRIDGE | StreetFlag.PART_BRIDGE),
    ObservationKind.UNDERPASS_FLOODED: int(
        StreetFlag.TUNNEL | StreetFlag.PART_TUNNEL | StreetFlag.FORD
    ),
}
_THESE: Final = (
    "SELECT ST_AsBinary(geom) AS line, {away} AS away FROM street WHERE load_id = :load"
    " AND access & :foot > 0 AND (flags & :flags > 0 OR (:below AND layer < 0)) AND {which}"
    " ORDER BY away, number LIMIT 200"
)
_NEAR: Final = sql(
    _THESE.format(
        away="ST_Distance(geom::geography, ST_SetSRID(ST_Point(:lon, :lat), 4326)::geography)",
        which="geom && ST_Expand(ST_SetSRID(ST_Point(:lon, :lat), 4326), 0.002)",
    )
)
_NAMED: Final = sql(_THESE.format(away="0.0", which="name = ANY(:names)"))


def streets_of_rule(connection: Connection, load: Row[Any], rule: GaugeRule) -> BaseGeometry | None:
    """The lines, in (lon, lat), of what a rule shuts; None where the map has no such thing."""
    asked = {
        "load": load.id,
        "foot": int(Access.FOOT),
        "flags": _FLAGS[rule.kind],
        "below": rule.kind is ObservationKind.UNDERPASS_FLOODED,
    }
    if rule.at is None:
        names = _numbers(load.street_names, rule.name)
        rows = connection.execute(_NAMED, asked | {"names": names}).all()
    else:
        rows = _around(connection, rule.at, asked)
    lines = [shapely.from_wkb(bytes(row.line)) for row in rows]
    return shapely.union_all(lines) if lines else None


def _around(connection: Connection, at: Position, asked: dict[str, Any]) -> list[Row[Any]]:
    """The nearest within reach, and what runs beside it."""
    rows = connection.execute(_NEAR, asked | {"lon": at.lon, "lat": at.lat}).all()
    if not rows or rows[0].away > FARTHEST_M:
        return []
    return [row for row in rows if row.away <= rows[0].away + BESIDE_M]


def _numbers(names: Sequence[str], name: str) -> list[int]:
    return [number for number, one in enumerate(names) if folded(one) == folded(name)]
