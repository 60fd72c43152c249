"""Who lives under orders, by 町丁目; in a city without households nobody knows."""

from collections.abc import Mapping
from typing import Any, Final

import shapely
from geoalchemy2.shape import from_shape, to_shape
from sqlalchemy import Row
from sqlalchemy import text as sql

from operations.board.look import Look, remembered

# The ground is given, not joined: PostgreSQL would unpack it anew for every household.
_WITHIN: Final = """
SELECT coalesce(a.name, '') AS name, sum(h.n)::bigint AS households
FROM (SELECT area, count(*) AS n FROM household
    WHERE load_id = :load AND ST_Covers(CAST(:geom AS geometry), geom) GROUP BY area) h
LEFT JOIN area a ON a.load_id = :load AND a.kind = 'chome' AND a.number = h.area
GROUP BY 1 ORDER BY 1
"""


def homes_under(look: Look, row: Row[Any]) -> Mapping[str, int]:
    """Households under an order by the name of their 町丁目, "" for those in none."""
    if row.geom is None or not look.homes:
        return look.homes
    key = ("order", look.token, row.id, row.begun_at)
    return remembered(key, lambda: _within(look, row.geom.desc))


def households_under(look: Look, row: Row[Any]) -> int | None:
    """Households under an order; None in a city without households."""
    return sum(homes_under(look, row).values()) if look.homes else None


def households_under_any(look: Look) -> int | None:
    """Households under any order, each once; None in a city without households."""
    if not look.homes:
        return None
    if any(row.geom is None for row in look.orders):
        return sum(look.homes.values())
    if len(look.orders) < 2:
        return sum(households_under(look, row) or 0 for row in look.orders)
    begun = tuple((row.id, row.begun_at) for row in look.orders)

    def count() -> int:
        ground = shapely.union_all([to_shape(row.geom) for row in look.orders])
        return sum(_within(look, from_shape(ground, srid=4326, extended=True).desc).values())

    return remembered(("target", look.token, begun), count)


def _within(look: Look, ground: str) -> dict[str, int]:
    rows = look.connection.execute(sql(_WITHIN), {"load": look.load.id, "geom": ground})
    return {row.name: row.households for row in rows}
