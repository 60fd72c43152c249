"""Who came after the others while alerts were in force, and what is in force."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row
from sqlalchemy import text as sql

from alerts.delivery import DeliveryState, Lane
from alerts.kinds import ChannelKind, Status, Step
from alerts.life import OUT
from data.delivery import slices

_LATE: Final = """
SELECT id, city_code FROM recipient WHERE late_since IS NOT NULL AND status = :status
ORDER BY late_since, id LIMIT :limit FOR NO KEY UPDATE SKIP LOCKED
"""
# Also what was approved and whose first slice is on its way: it is waited for. What an expansion
# says has to be read by the next statement, for the row may have changed meanwhile.
_IN_FORCE: Final = """
SELECT v.id, v.city_code FROM alert_revision v JOIN alert a ON a.id = v.alert_id
WHERE a.status = :status AND v.city_code = ANY(:cities) AND v.state = ANY(:out)
    AND v.stopped_at IS NULL AND v.expires_at > :now AND v.step = ANY(:warns)
ORDER BY v.id FOR SHARE OF v
"""
# One by one, by their whole key: of a revision that has just begun the planner knows nothing.
_NOT_REACHED: Final = """r.id = ANY(CAST(:recipients AS bigint[]))
        AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.revision_id = :revision
            AND d.recipient_id = r.id AND d.state < :refused OFFSET 0)
        AND NOT EXISTS (SELECT 1 FROM confirmation c WHERE c.alert_id =
            (SELECT alert_id FROM alert_revision WHERE id = :revision)
            AND c.recipient_id = r.id AND c.revision_id >= :revision OFFSET 0)"""
_ONCE_MORE: Final = """ON CONFLICT (revision_id, recipient_id, channel) DO UPDATE
    SET chunk_id = EXCLUDED.chunk_id, state = 0, tries = 0, why = NULL, changed_at = NULL
    WHERE delivery.state >= :refused
"""


def hold_late(connection: Connection, status: Status, limit: int) -> Sequence[Row[Any]]:
    """(id, city_code) of so many latecomers, held until the transaction ends; not those whom
    somebody else holds.
    """
    return connection.execute(sql(_LATE), {"status": status, "limit": limit}).all()


def hold_in_force(
    connection: Connection, status: Status, cities: Sequence[str], now: datetime
) -> Sequence[Row[Any]]:
    """(id, city_code) of revisions that warn and go out; no slice of them is on its way."""
    bound = {
        "status": status,
        "cities": list(cities),
        "out": [str(one) for one in OUT],
        "warns": [str(Step.ISSUE), str(Step.UPDATE)],
        "now": now,
    }
    return connection.execute(sql(_IN_FORCE), bound).all()


def expand_late(
    connection: Connection,
    audience: slices.Audience,
    revision: int,
    recipients: Sequence[int],
    *,
    lane: Lane,
    at: datetime,
    step: timedelta,
    down: Collection[ChannelKind] = (),
) -> int:
    """Freeze the chunks of these recipients; returns how many rows that gave.

    None for whom a row reaches or may reach, or who answered; rows that failed are begun anew.
    """
    named = {"recipients": list(recipients), "refused": int(DeliveryState.REFUSED)}
    given = named | {"revision": revision, "lane": int(lane)}
    times = {"at": at, "step": step, "down": sorted(down)}
    return slices.freeze(connection, audience, given | times, who=_NOT_REACHED, again=_ONCE_MORE)


def set_told(connection: Connection, recipients: Sequence[int]) -> None:
    """They have rows of all that is in force where they are, or will have by its expansion."""
    connection.execute(
        sql("UPDATE recipient SET late_since = NULL WHERE id = ANY(CAST(:recipients AS bigint[]))"),
        {"recipients": list(recipients)},
    )
