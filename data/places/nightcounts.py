"""Head counts as a night's log has them: who was inside which place at any moment of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select
from sqlalchemy import text as sql

from data import tables
from data.places.headcounts import count_of
from data.places.placerows import SHUT_FOR
from shelters.counting import HeadCount

_BEGINS: Final = sql("""
SELECT site_id, max(coalesce(nullif(until, 'infinity') - :shut_for, begun + :shut_for)) AS begins
FROM (
  SELECT site_id, min(begun_at) AS begun, max(until) AS until FROM (
    SELECT site_id, opening, begun_at,
      CASE WHEN ended_at <= :moment THEN ended_at ELSE 'infinity' END AS until,
      count(*) FILTER (WHERE opening NOT IN ('closed', 'unopened'))
        OVER (PARTITION BY site_id ORDER BY id) AS receptions
    FROM site_opening WHERE city_code = :code AND begun_at <= :moment) told
  WHERE opening IN ('closed', 'unopened') GROUP BY site_id, receptions) shut
WHERE least(until, :moment) - begun >= :shut_for GROUP BY site_id
""")
"""As `placerows` has it of now: when the count of a place began."""


def counts_until(
    connection: Connection, code: str, moment: datetime
) -> Mapping[str, Sequence[HeadCount]]:
    """The counts of each place since its count began, up to a moment, in the order of a replay."""
    given = {"code": code, "moment": moment, "shut_for": SHUT_FOR}
    begins = {row.site_id: row.begins for row in connection.execute(_BEGINS, given)}
    table = tables.head_count
    query = select(table).where(table.c.city_code == code, table.c.counted_at <= moment)
    found: dict[str, list[HeadCount]] = {}
    for row in connection.execute(query.order_by(table.c.counted_at, table.c.id)):
        if row.site_id not in begins or row.counted_at >= begins[row.site_id]:
            found.setdefault(row.site_id, []).append(count_of(row))
    return found
