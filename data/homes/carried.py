"""The numbers of households before and after a load, matched by where they stand.

Of several at one point the rank counts: the first in the one load is the first in the other.
"""

from typing import Final

from sqlalchemy import Connection
from sqlalchemy import text as sql

from data.homes.carriedalerts import NAMED, renumber_alerts

SAME_POINT_M: Final = 1.0
AROUND: Final = 2e-5
"""Degrees that are more than `SAME_POINT_M` everywhere in Japan."""
NUMBERED: Final = ("household_link", "household_said", "hold", "recipient")
"""Tables that name a household by its number."""

_KEEP: Final = """
CREATE TEMP TABLE home_before ON COMMIT DROP AS
SELECT code, number, geom, row_number() OVER (PARTITION BY geom ORDER BY number) AS rank
FROM household JOIN city_load ON id = load_id AND current
"""
_BY_POINT: Final = """
INSERT INTO home_before
SELECT DISTINCT ON (household) :code, household, geom, NULL::bigint FROM (
  SELECT household, geom FROM household_link WHERE city_code = :code
  UNION ALL SELECT household, geom FROM household_said WHERE city_code = :code
  UNION ALL SELECT household, geom FROM recipient WHERE city_code = :code
  UNION ALL SELECT one, ST_GeometryN(geom, at::int)
    FROM household_group, unnest(households) WITH ORDINALITY AS member(one, at)
    WHERE city_code = :code AND ended_at IS NULL
) AS named WHERE household IS NOT NULL
"""
_AFTER: Final = """
CREATE TEMP TABLE home_after ON COMMIT DROP AS
SELECT number, geom, row_number() OVER (PARTITION BY geom ORDER BY number) AS rank,
  count(*) OVER (PARTITION BY geom) AS many
FROM household WHERE load_id = :load
"""
_USED: Final = f"""
CREATE TEMP TABLE home_used ON COMMIT DROP AS
SELECT household FROM household_link WHERE city_code = :code AND household IS NOT NULL
UNION SELECT household FROM household_said WHERE city_code = :code AND household IS NOT NULL
UNION SELECT household FROM hold WHERE city_code = :code AND household IS NOT NULL
UNION SELECT household FROM recipient WHERE city_code = :code AND household IS NOT NULL
UNION SELECT unnest(households) FROM household_group WHERE city_code = :code AND ended_at IS NULL
UNION {NAMED}
"""  # noqa: S608  no value is put in
_STAYED: Final = """
CREATE TEMP TABLE home_moved ON COMMIT DROP AS
SELECT before.number AS old, after.number AS new
FROM home_used JOIN home_before AS before ON before.number = household
JOIN home_after AS after ON after.geom = before.geom
WHERE before.rank = after.rank OR (before.rank IS NULL AND after.many = 1)
"""
_MOVED: Final = """
INSERT INTO home_moved
WITH rest AS MATERIALIZED (
  SELECT number, geom, rank FROM home_used JOIN home_before ON number = household
  WHERE NOT EXISTS (SELECT FROM home_moved WHERE old = number)
)
SELECT DISTINCT ON (new) old, new FROM (
  SELECT DISTINCT ON (rest.number) rest.number AS old, after.number AS new,
    ST_Distance(rest.geom::geography, after.geom::geography) AS away
  FROM rest JOIN home_after AS after ON ST_DWithin(after.geom, rest.geom, :around)
  WHERE ST_Distance(rest.geom::geography, after.geom::geography) <= :near
    AND (rest.rank = after.rank OR (rest.rank IS NULL AND after.many = 1))
    AND NOT EXISTS (SELECT FROM home_moved WHERE new = after.number)
  ORDER BY rest.number, away, after.number
) AS nearest ORDER BY new, away, old
"""
_LEFT: Final = "SELECT (SELECT count(*) FROM home_used) > (SELECT count(*) FROM home_moved)"
_GONE: Final = """
UPDATE {table} SET household = NULL WHERE city_code = :code AND household IS NOT NULL
  AND NOT EXISTS (SELECT FROM home_moved WHERE old = household)
"""
_NEW: Final = """
UPDATE {table} SET household = new FROM home_moved
WHERE city_code = :code AND household = old AND new <> old
"""
_APART: Final = """
UPDATE household_said SET household = -1 - household WHERE city_code = :code
"""
_NEW_APART: Final = """
UPDATE household_said SET household = new FROM home_moved
WHERE city_code = :code AND household = -1 - old
"""


def keep_numbers(connection: Connection) -> None:
    """Keep where each household of the load that stands is, until the transaction ends."""
    connection.execute(sql(_KEEP))


def match_numbers(connection: Connection, code: str, load_id: int) -> dict[int, int] | None:
    """Find the new number of each old one that anything names; None where nothing changes.

    Where another city was loaded in between, only who stands alone at a point is found again.
    Comes after `keep_numbers` in the same transaction.
    """
    named = {"code": code, "load": load_id, "around": AROUND, "near": SAME_POINT_M}
    connection.execute(sql("DELETE FROM home_before WHERE code <> :code"), named)
    connection.execute(sql(_USED), named)
    if connection.execute(sql("SELECT 1 FROM home_used LIMIT 1")).first() is None:
        return None
    if connection.execute(sql("SELECT 1 FROM home_before LIMIT 1")).first() is None:
        connection.execute(sql(_BY_POINT), named)
    connection.execute(sql(_AFTER), named)
    for table in ("home_before", "home_used", "home_after"):
        connection.execute(sql(f"ANALYZE {table}"))
    connection.execute(sql(_STAYED), named)
    if connection.execute(sql(_LEFT)).scalar():
        for index in ("home_moved (old)", "home_moved (new)", "home_after USING gist (geom)"):
            connection.execute(sql(f"CREATE INDEX ON {index}"))
        connection.execute(sql("ANALYZE home_moved"))
        connection.execute(sql(_MOVED), named)
    moved = {row.old: row.new for row in connection.execute(sql("SELECT old, new FROM home_moved"))}
    used = connection.execute(sql("SELECT household FROM home_used")).scalars().all()
    return None if all(moved.get(one) == one for one in used) else moved


def renumber(connection: Connection, code: str) -> None:
    """Give every row its new number, NULL where nobody is there any more.

    Words go through numbers below zero: two that change places would meet in a unique index.
    """
    gone = [_GONE.format(table=table) for table in NUMBERED]
    new = [_NEW.format(table=table) for table in ("household_link", "hold", "recipient")]
    for step in (*gone, *new, _APART, _NEW_APART):
        connection.execute(sql(step), {"code": code})
    renumber_alerts(connection, code)
