"""Outlines of 町丁目 under the orders of a record, for its map."""

from collections.abc import Iterable
from typing import Any

import orjson
from sqlalchemy import Connection
from sqlalchemy import text as sql

from data.rows import current_load

_OUTLINES = """
SELECT name, ST_AsGeoJSON(ST_SimplifyPreserveTopology(geom, 0.00002), 5) AS shape
FROM area WHERE load_id = :load AND kind = 'chome' AND name = ANY(:names) ORDER BY number
"""


def outlines(connection: Connection, names: Iterable[str]) -> dict[str, list[Any]]:
    """Of each area its rings, in degrees (lon, lat); an area that the load does not have is not
    there.
    """
    wanted = sorted(set(names))
    if not wanted:
        return {}
    given = {"load": current_load(connection).id, "names": wanted}
    found: dict[str, list[Any]] = {}
    for row in connection.execute(sql(_OUTLINES), given):
        found.setdefault(row.name, []).extend(_rings(orjson.loads(row.shape)))
    return found


def _rings(shape: dict[str, Any]) -> list[Any]:
    parts = shape["coordinates"]
    return [ring for part in parts for ring in part] if shape["type"] == "MultiPolygon" else parts
