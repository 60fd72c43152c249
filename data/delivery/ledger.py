"""The reached ledger: every household of the area, in exactly one row of it, and where the
unreached are.

"Reached" is a tap, an answer, a voice or a door. That a carrier took a message is not: LINE takes
one for somebody who blocked the city. That a broadcast was heard, as a paper says of an area, is
not either: it moves no household from its row.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row
from sqlalchemy import text as sql

from data.delivery.accounted import ACCOUNTED, STATES, bound_to

LEAST_CELL: Final = 10
"""Households of a cell or a 町丁目: fewer are not shown, for they could be told apart."""
CELL_M: Final = 400.0
METRES_A_DEGREE: Final = 111_320.0
COSINE: Final = 0.82
"""Of 35 degrees north: the cells are for looking at, nothing is measured by them."""
_BY_AREA: Final = f"""
WITH {ACCOUNTED}, counted AS (SELECT state, area, count(*) AS n FROM accounted GROUP BY 1, 2)
SELECT c.state, a.name AS area, sum(c.n)::bigint AS n
FROM counted c LEFT JOIN area a ON a.load_id = :load AND a.kind = 'chome' AND a.number = c.area
GROUP BY c.state, a.number, a.name ORDER BY a.number
"""
_CELLS: Final = f"""
WITH {ACCOUNTED}, quiet AS (
    SELECT number FROM area WHERE load_id = :load AND kind = 'chome'
        AND name = ANY(CAST(:not_heard AS text[]))
), cells AS (
    SELECT floor(ST_X(geom) / :east) AS x, floor(ST_Y(geom) / :north) AS y, count(*) AS n,
        count(*) FILTER (WHERE state = 'broadcast_only'
            AND area IN (SELECT number FROM quiet)) AS not_heard
    FROM accounted WHERE state IN ('unreached', 'broadcast_only') GROUP BY 1, 2
)
SELECT (x + 0.5) * :east AS lon, (y + 0.5) * :north AS lat, n / 10 * 10 AS households,
    not_heard >= :least AS not_heard
FROM cells WHERE n >= :least ORDER BY n DESC, x, y
"""


def by_area(
    connection: Connection, load: Row[Any], row: Row[Any], now: datetime
) -> Sequence[Row[Any]]:
    """(state, area, n): households by state and the name of their 町丁目, None for none."""
    return connection.execute(sql(_BY_AREA), bound_to(load, row, now)).all()


def by_state(counted: Iterable[Row[Any]]) -> dict[str, int]:
    """Households by state, of the rows of `by_area`; together they are all of the area."""
    found = dict.fromkeys(STATES, 0)
    for one in counted:
        found[one.state] += one.n
    return found


def households(
    connection: Connection, load: Row[Any], row: Row[Any], now: datetime
) -> dict[str, int]:
    """Households by state; together they are all of the area of that revision."""
    return by_state(by_area(connection, load, row, now))


def unreached_cells(
    connection: Connection,
    load: Row[Any],
    row: Row[Any],
    now: datetime,
    not_heard: Collection[str] = (),
) -> Sequence[Row[Any]]:
    """(lon, lat, households, not_heard) of cells of some 400 m, rounded down to tens; those of
    fewer than ten are left out. Unreached are those as well that only a broadcast may have reached.

    `not_heard`, names of 町丁目 in which nobody heard it: whether ten of a cell live in one.
    """
    degrees = CELL_M / METRES_A_DEGREE
    bound = {"north": degrees, "east": degrees / COSINE, "least": LEAST_CELL}
    given = bound | {"not_heard": sorted(not_heard)}
    return connection.execute(sql(_CELLS), bound_to(load, row, now) | given).all()


def rounded(households: int) -> int | None:
    """Rounded down to tens; None for fewer than `LEAST_CELL`."""
    return households // 10 * 10 if households >= LEAST_CELL else None


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
