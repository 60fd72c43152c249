"""Households that alerts name by their numbers: to whom one goes, and who was reached.

Carried over is all that is still asked: to whom an alert goes that was not taken back or cleared,
whoever was called or called on, taps of alerts that are not over. What was approved of others stays
as it was; a tap of an alert that is over counts at the recipient's home.
"""

from typing import Final

from sqlalchemy import Connection
from sqlalchemy import text as sql

_OPEN: Final = """(
  SELECT v.* FROM alert_revision v WHERE v.city_code = :code
    AND v.state NOT IN ('rejected', 'withdrawn') AND jsonb_array_length(v.segment->'households') > 0
    AND NOT EXISTS (SELECT FROM alert_revision e WHERE e.alert_id = v.alert_id
      AND e.state IN ('approved', 'sending', 'sent') AND e.step IN ('cancel', 'all_clear'))
)"""
_COUNTS: Final = """(
  SELECT c.* FROM confirmation c JOIN alert a ON a.id = c.alert_id
  WHERE a.city_code = :code AND c.household IS NOT NULL AND (c.recipient_id IS NULL
    OR EXISTS (SELECT FROM alert_revision v WHERE v.alert_id = a.id AND v.expires_at > now())
    OR EXISTS (SELECT FROM alert_order l JOIN evacuation_order o ON o.id = l.order_id
      WHERE l.alert_id = a.id AND o.ended_at IS NULL))
)"""
NAMED: Final = f"""
SELECT household FROM {_COUNTS} AS counts
UNION SELECT one::int FROM {_OPEN} AS open, jsonb_array_elements_text(segment->'households') AS one
"""  # noqa: S608  no value is put in
"""Query for the numbers that are carried over, of the city `:code`."""
_SEGMENTS: Final = f"""
UPDATE alert_revision v SET segment = jsonb_set(v.segment, '{{households}}', coalesce((
  SELECT jsonb_agg(m.new ORDER BY m.new)
  FROM jsonb_array_elements_text(v.segment->'households') AS one JOIN home_moved m
    ON m.old = one::int
), '[]'))
FROM {_OPEN} AS open WHERE open.id = v.id
"""  # noqa: S608  no value is put in
_CONFIRMED: Final = f"""
UPDATE confirmation c SET household = found.new FROM (
  SELECT one.id, m.new FROM confirmation one JOIN alert a ON a.id = one.alert_id
  LEFT JOIN {_COUNTS} AS counts ON counts.id = one.id
  LEFT JOIN home_moved m ON m.old = counts.household
  WHERE a.city_code = :code AND one.household IS NOT NULL
) AS found WHERE found.id = c.id AND c.household IS DISTINCT FROM found.new
"""  # noqa: S608  no value is put in


def renumber_alerts(connection: Connection, code: str) -> None:
    """Give them their new numbers; who is not there any more is in no alert, and not reached.

    Comes after the recipients of the transaction: whoever taps holds theirs.
    """
    for step in (_SEGMENTS, _CONFIRMED):
        connection.execute(sql(step), {"code": code})
