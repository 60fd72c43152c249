"""The alerts that somebody was sent something of: of each its newest revision that went out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row
from sqlalchemy import text as sql

from alerts.kinds import Status
from alerts.life import OUT

_WHO: Final = """
WITH RECURSIVE mine AS (
  SELECT id, merged_into FROM recipient WHERE id = :number
  UNION SELECT r.id, r.merged_into FROM recipient r JOIN mine ON r.id = mine.merged_into
) SELECT id FROM mine ORDER BY id
"""
_TOLD: Final = """
WITH newest AS (
  SELECT DISTINCT ON (v.alert_id) v.id, v.alert_id, v.step, v.expires_at, a.status, a.kind
  FROM alert_revision v JOIN alert a ON a.id = v.alert_id
  WHERE a.city_code = :code AND a.status = :status AND v.state = ANY(:out)
  ORDER BY v.alert_id, v.revision DESC
), orders AS (
  SELECT l.alert_id, bool_or(o.ended_at IS NULL) AS stands, max(o.ended_at) AS ended_at
  FROM alert_order l JOIN evacuation_order o ON o.id = l.order_id
  JOIN newest ON newest.alert_id = l.alert_id GROUP BY l.alert_id
), current AS (
  SELECT newest.*, stands, ended_at FROM newest LEFT JOIN orders USING (alert_id)
  WHERE expires_at > :now OR (stands AND step IN ('issue', 'update'))
), sent AS (
  SELECT current.id, bool_or(v.id = current.id) AS theirs, bool_or(v.expires_at > :now) AS lasts
  FROM current JOIN alert_revision v ON v.alert_id = current.alert_id AND v.state = ANY(:out)
  JOIN delivery d ON d.revision_id = v.id AND d.recipient_id = ANY(:who)
  GROUP BY current.id
)
SELECT v.id, v.alert_id, v.revision, v.step, v.hazard, v.level, v.area_names, v.whole_city,
  v.subject, v.reason, v.action, v.made_at, v.decided_at, v.expires_at, v.stopped_at,
  v.rendered -> 'messages' -> 'web' AS web, status, kind, stands, ended_at, theirs, lasts, (
    SELECT max(c.at) FROM confirmation c
    WHERE c.alert_id = v.alert_id AND c.revision_id >= v.id AND c.recipient_id = ANY(:who)
  ) AS confirmed_at
FROM sent JOIN current USING (id) JOIN alert_revision v USING (id)
ORDER BY v.decided_at DESC, v.id DESC
"""


def numbers_of(connection: Connection, number: int) -> list[int]:
    """The number in somebody's link, and those of who they were merged into since."""
    return list(connection.execute(sql(_WHO), {"number": number}).scalars())


def list_told(
    connection: Connection, code: str, status: Status, who: Sequence[int], now: datetime
) -> Sequence[Row[Any]]:
    """The newest revision of each alert of which any was sent to these numbers, newest first.

    Those whose words or whose order are not over, as rows for `revisions.record_of`, with
    - `web`: its words for a page by language, None where there are none;
    - `stands`, `ended_at` of its orders, None where it has none;
    - `theirs`: sent to them itself; `lasts`: something that was sent to them is not over;
    - `confirmed_at`: of that revision, none of an earlier one.
    """
    out = [str(one) for one in OUT]
    given = {"code": code, "status": status, "who": list(who), "now": now, "out": out}
    return connection.execute(sql(_TOLD), given).all()
