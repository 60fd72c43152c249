"""The reached ledger: every household of the area, in exactly one row of it, and where the
unreached are.

It is of one revision: who answered a level 3 has not been reached by the level 5 that came after.
"Reached" is a tap, an answer, a voice or a door. That a carrier took a message is not: LINE takes
one for somebody who blocked the city.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row
from sqlalchemy import text as sql

LEAST_CELL: Final = 10
"""Households in a cell of the map: fewer are not shown, for they could be told apart."""
CELL_M: Final = 400.0
METRES_A_DEGREE: Final = 111_320.0
COSINE: Final = 0.82
"""Of 35 degrees north: the cells are for looking at, nothing is measured by them."""
_HOMES: Final = """
homes AS MATERIALIZED (
    SELECT number, geom FROM household WHERE load_id = :load
        AND (:whole OR ST_Covers(CAST(:geom AS geometry), geom)
            OR number = ANY(CAST(:households AS integer[])))
), told AS (
    SELECT r.household, bool_or(d.state IN (2, 3)) AS taken,
        bool_or(d.state IN (0, 1) AND v.stopped_at IS NULL AND v.expires_at > :now) AS waits
    FROM delivery d JOIN recipient r ON r.id = d.recipient_id
    JOIN alert_revision v ON v.id = d.revision_id
    WHERE d.revision_id = :revision AND r.household IS NOT NULL GROUP BY r.household
), answered AS (
    SELECT DISTINCT coalesce(c.household, r.household) AS household FROM confirmation c
    LEFT JOIN recipient r ON r.id = c.recipient_id
    WHERE c.alert_id = :alert AND c.revision_id >= :revision
), ledger AS (
    SELECT h.number, h.geom, CASE
        WHEN a.household IS NOT NULL THEN 'confirmed'
        WHEN t.household IS NULL THEN 'broadcast_only'
        WHEN t.waits THEN 'followed'
        WHEN t.taken THEN 'taken'
        ELSE 'unreached' END AS state
    FROM homes h LEFT JOIN told t ON t.household = h.number
    LEFT JOIN answered a ON a.household = h.number
)
"""
STATES: Final = ("confirmed", "taken", "followed", "broadcast_only", "unreached")


def households(connection: Connection, load: Row[Any], row: Row[Any], now: Any) -> dict[str, int]:
    """Households by state; together they are all of the area of that revision."""
    query = sql(f"WITH {_HOMES} SELECT state, count(*) AS n FROM ledger GROUP BY state")
    found = {one.state: one.n for one in connection.execute(query, _bound(load, row, now))}
    return {state: found.get(state, 0) for state in STATES}


def unreached_cells(
    connection: Connection, load: Row[Any], row: Row[Any], now: Any
) -> Sequence[Row[Any]]:
    """(lon, lat, households) of cells of some 400 m, rounded down to tens; those of fewer than ten
    are left out. Unreached are those as well that only a broadcast may have reached.
    """
    query = sql(
        f"WITH {_HOMES}, cells AS (SELECT floor(ST_X(geom) / :east) AS x,"
        " floor(ST_Y(geom) / :north) AS y, count(*) AS n FROM ledger"
        " WHERE state IN ('unreached', 'broadcast_only') GROUP BY 1, 2)"
        " SELECT (x + 0.5) * :east AS lon, (y + 0.5) * :north AS lat, n / 10 * 10 AS households"
        " FROM cells WHERE n >= :least ORDER BY n DESC, x, y"
    )
    degrees = CELL_M / METRES_A_DEGREE
    bound = {"north": degrees, "east": degrees / COSINE, "least": LEAST_CELL}
    return connection.execute(query, _bound(load, row, now) | bound).all()


def others(connection: Connection, row: Row[Any]) -> dict[str, int]:
    """People who registered without a household of this city: counted, in no household's row."""
    found = connection.execute(
        sql(
            "SELECT count(DISTINCT r.id) AS people,"
            " count(DISTINCT c.recipient_id) AS confirmed FROM delivery d"
            " JOIN recipient r ON r.id = d.recipient_id"
            " LEFT JOIN confirmation c ON c.alert_id = :alert AND c.recipient_id = r.id"
            "   AND c.revision_id >= d.revision_id"
            " WHERE d.revision_id = :revision AND r.household IS NULL"
        ),
        {"alert": row.alert_id, "revision": row.id},
    ).one()
    return {"people": found.people, "confirmed": found.confirmed}


def _bound(load: Row[Any], row: Row[Any], now: Any) -> dict[str, Any]:
    geom = None if row.geom is None else row.geom.desc
    return {
        "load": load.id,
        "whole": row.whole_city,
        "geom": geom,
        "households": row.segment.get("households", []),
        "alert": row.alert_id,
        "revision": row.id,
        "now": now,
    }
