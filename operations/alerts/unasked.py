"""Papers that nobody has to ask for: the script of every order, the pack when pushing fails."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row
from sqlalchemy import text as sql

from alerts.delivery import PATIENCE
from alerts.kinds import ChannelKind
from data.alerts import revisions
from data.alerts.levelfive import IN_PART
from data.alerts.printjobs import NEWEST
from data.database import transaction
from data.delivery import carriers
from data.rows import find_load
from operations.alerts.papers import ask_for
from web.alertsheets.kinds import PaperKind

SILENT: Final = timedelta(seconds=30)
"""A carrier that failed and accepted nothing for so long is down: policy."""
PUSHED: Final = frozenset({ChannelKind.LINE, ChannelKind.SMS})
_ORDERS: Final = f"""
SELECT id FROM alert_revision WHERE city_code = :city
AND state IN ('approved', 'sending', 'sent') AND stopped_at IS NULL AND expires_at > :now
AND level >= 3 AND {NEWEST} AND NOT ({IN_PART}) AND NOT EXISTS (
    SELECT 1 FROM print_job WHERE revision_id = alert_revision.id AND paper = :paper
) ORDER BY id
"""  # noqa: S608  no value is put in
_SENDING: Final = f"""
SELECT id FROM alert_revision WHERE city_code = :city AND state IN ('approved', 'sending')
AND stopped_at IS NULL AND expires_at > :now AND {NEWEST} AND NOT ({IN_PART})
AND NOT EXISTS (
    SELECT 1 FROM print_job WHERE revision_id = alert_revision.id AND paper = :paper
) ORDER BY id
"""  # noqa: S608  no value is put in


def unasked(engine: Engine, now: datetime) -> list[int]:
    """Queue what is needed now; returns the numbers of the new jobs.

    The loudspeaker's script of each order that was approved; while one is being sent and every
    carrier of LINE and SMS of its status is down, its radio pack.
    """
    with transaction(engine, latest=True) as connection:
        load = find_load(connection)
        if load is None:
            return []
        bound = {"city": load.code, "now": now}
        scripts = _found(connection, _ORDERS, bound | {"paper": PaperKind.LOUDSPEAKER})
        why = "避難情報が承認された"
        made = [_ask(connection, row, PaperKind.LOUDSPEAKER, why, now) for row in scripts]
        for row in _found(connection, _SENDING, bound | {"paper": PaperKind.PACK}):
            if down := _why_down(connection, row.status, now):
                made.append(_ask(connection, row, PaperKind.PACK, down, now))
        return [number for number in made if number is not None]


def is_down(carrier: Row[Any], now: datetime) -> bool:
    """Whether a carrier takes nothing: no worker has it, it is let be, or it failed and has been
    silent since.
    """
    if carriers.is_gone(carrier, now):
        return True
    if carrier.shut_until is not None and carrier.shut_until > now:
        return True
    silent = carrier.accepted_at is None or carrier.accepted_at < now - SILENT
    return carrier.failures >= PATIENCE and silent


def _why_down(connection: Connection, status: str, now: datetime) -> str | None:
    """Why nobody is reached by LINE and SMS; None while one carrier of them works."""
    pushed = [
        one
        for one in carriers.list_states(connection)
        if one.channel in PUSHED and one.status == status
    ]
    if not pushed or not all(is_down(one, now) for one in pushed):
        return None
    names = "・".join(sorted({"LINE" if one.channel == "line" else "SMS" for one in pushed}))
    return f"{names} がどれも送れない"


def _found(connection: Connection, query: str, bound: dict[str, Any]) -> list[Row[Any]]:
    numbers = list(connection.execute(sql(query), bound).scalars())
    return [revisions.get(connection, bound["city"], number) for number in numbers]


def _ask(
    connection: Connection, row: Row[Any], paper: PaperKind, why: str, now: datetime
) -> int | None:
    return ask_for(connection, row, paper, why, now=now)
