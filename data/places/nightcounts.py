"""Head counts as a night's log has them: who was inside which place at any moment of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select
from sqlalchemy import text as sql

from data import tables
from data.places.headcounts import count_of
from data.places.placerows import SHUT_FOR
from shelters.counting import HeadCount

_SHUT: Final = sql("""
SELECT site_id, begun, nullif(until, 'infinity') AS until
FROM (
  SELECT site_id, min(begun_at) AS begun, max(until) AS until FROM (
    SELECT site_id, opening, begun_at,
      CASE WHEN ended_at <= :moment THEN ended_at ELSE 'infinity' END AS until,
      count(*) FILTER (WHERE opening NOT IN ('closed', 'unopened'))
        OVER (PARTITION BY site_id ORDER BY id) AS receptions
    FROM site_opening WHERE city_code = :code AND begun_at <= :moment) told
  WHERE opening IN ('closed', 'unopened') GROUP BY site_id, receptions) shut
WHERE least(until, :moment) - begun >= :shut_for ORDER BY begun
""")
"""As `placerows` has it of now: which long shuts begin the count of a place anew."""


@dataclass(slots=True)
class Counted:
    """The counts of a place in the order of a replay, and since when which of them count: from each
    first moment on, those since the second.
    """

    counts: list[HeadCount] = field(default_factory=list)
    resets: list[tuple[datetime, datetime]] = field(default_factory=list)


def counts_until(
    connection: Connection, code: str, first: datetime, last: datetime
) -> Mapping[str, Counted]:
    """What was counted in each place up to `last`: all that counts at any moment since `first`."""
    found: dict[str, Counted] = {}
    given = {"code": code, "moment": last, "shut_for": SHUT_FOR}
    for row in connection.execute(_SHUT, given):
        mine = found.setdefault(row.site_id, Counted())
        empty = row.begun + SHUT_FOR
        mine.resets.append((empty, empty))
        if row.until is not None:
            mine.resets.append((row.until, row.until - SHUT_FOR))
    since = {site: _since(mine, first) for site, mine in found.items()}
    table = tables.head_count
    query = select(table).where(table.c.city_code == code, table.c.counted_at <= last)
    for row in connection.execute(query.order_by(table.c.counted_at, table.c.id)):
        begins = since.get(row.site_id)
        if begins is None or row.counted_at >= begins:
            found.setdefault(row.site_id, Counted()).counts.append(count_of(row))
    return found


def _since(counted: Counted, first: datetime) -> datetime | None:
    """Before it nothing counts any more; an hour of what was shut may come to count again."""
    before = [begins for at, begins in counted.resets if at <= first]
    return before[-1] - SHUT_FOR if before else None
