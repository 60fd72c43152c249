"""From an approved revision to frozen chunks, slice by slice, by whichever worker comes first."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, update
from sqlalchemy import text as sql

from alerts.delivery import FallbackClock, is_over, lane_of
from alerts.kinds import AlertKind, ChannelKind, Language, Status
from data import tables
from data.alerts import revisions
from data.database import transaction
from data.delivery import carriers, progress, slices
from data.delivery.slices import Audience
from hazards.kinds import AlertLevel

EVERYBODY: Final = Language.JAPANESE
"""What those get whose language has no reviewed text."""


def expand_next(
    engine: Engine,
    clock: FallbackClock,
    now: datetime,
    *,
    status: Status | None = None,
) -> bool:
    """Freeze the next slice of an approved revision, the most urgent first; False where there is
    nothing to expand.

    `status` is the worker's that asks, None: both.
    """
    with transaction(engine, latest=True) as connection:
        held = slices.next_to_expand(connection, status)
        if held is None:
            return False
        row = revisions.get(connection, held.city_code, held.id)
        if row.state == "approved":
            slices.add_messages(connection, row.id, messages_of(row.rendered))
        level = None if row.level is None else AlertLevel(row.level)
        upto, _ = slices.expand_slice(
            connection,
            audience_of(row, row.rendered),
            row.id,
            after=row.expanded_to or 0,
            lane=lane_of(Status(row.status), AlertKind(row.kind), level),
            at=row.decided_at,
            step=clock.step(level),
            down=carriers.channels_down(connection, now, row.status),
        )
        values: dict[str, Any] = {"state": "sending"}
        if upto is None or is_over(row.expires_at, now):
            values["expanded_at"] = now
        else:
            values["expanded_to"] = upto
        table = tables.alert_revision
        connection.execute(update(table).where(table.c.id == row.id).values(**values))
        return True


def audience_of(row: Row[Any], rendered: Any) -> Audience:
    """To whom a revision (a row of `revisions.get`) goes with these words."""
    return Audience(
        city=row.city_code,
        status=row.status,
        category=row.kind,
        whole=row.whole_city,
        names=row.segment.get("names", []),
        households=row.segment.get("households", []),
        geom=None if row.geom is None else row.geom.desc,
        languages=languages_of(rendered),
        fallback=EVERYBODY,
    )


def messages_of(rendered: Any) -> dict[tuple[str, str], Any]:
    """What is sent, by (channel, language)."""
    messages = rendered["messages"]
    return {
        (str(channel), language): body
        for channel in ChannelKind
        for language, body in messages.get(channel, {}).items()
    }


def languages_of(rendered: Any) -> list[Language]:
    """The languages in which there is a text for every channel."""
    each = [set(rendered["messages"].get(channel, {})) for channel in ChannelKind]
    return [Language(one) for one in sorted(set.intersection(*each))]


def finish_sent(engine: Engine, now: datetime) -> list[int]:
    """Note the revisions of which no chunk is left, or which expired; returns their numbers."""
    with transaction(engine, latest=True) as connection:
        done = [
            row.id
            for row in progress.sending(connection)
            if is_over(row.expires_at, now) or progress.is_worked_off(connection, row.id)
        ]
        for number in done:
            _mark_sent(connection, number, now)
        return done


def _mark_sent(connection: Connection, number: int, now: datetime) -> None:
    connection.execute(
        sql("UPDATE alert_revision SET state = 'sent', sent_at = :now WHERE id = :id"),
        {"now": now, "id": number},
    )
