"""The message to those alone whom a version of the plan sends elsewhere: drafted, not sent.

What closed is said by the closures that the version has and the one before it had not. Two people
release it as any alert (`operations/alerts`).
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, select

from alerts.kinds import AlertKind
from alerts.life import RevisionState
from city.staff import Caller
from data import tables
from data.database import transaction
from data.observing import closures
from data.rows import current_load
from hazards.closure import Closure
from operations.alerts import drafting
from operations.alerts.draft import Draft
from operations.published.decided import find_before, find_version, read_picture

SUBJECT: Final = "避難の行き先・道が変わりました"
ACTION: Final = "この知らせを開き、新しい行き先と道を確かめてください。前の道は渡らないでください。"
MOST: Final = 3
"""Closures that are named."""
_OVER: Final = (RevisionState.WITHDRAWN, RevisionState.REJECTED)


def draft_notice(engine: Engine, by: Caller, number: int, *, now: datetime) -> int:
    """Draft the message of a version; returns the revision's id, of the one that is there already.

    Raises `NotThere` for a version that is none, `NotFit` where nobody is sent elsewhere, and
    whatever drafting raises.
    """
    with transaction(engine, latest=True) as connection:
        load = current_load(connection)
        row = find_version(connection, number)
        there = _there(connection, load.code, number)
        reason = _reason(connection, row)
    if there is not None:
        return there
    given = Draft(
        AlertKind.GENERAL, changed_in=number, subject=SUBJECT, reason=reason, action=ACTION
    )
    return drafting.draft(engine, by, given, now=now)


def _there(connection: Connection, code: str, number: int) -> int | None:
    """The draft or alert for that version that nobody took back."""
    revision = tables.alert_revision
    query = (
        select(revision.c.id)
        .where(revision.c.city_code == code, revision.c.state.not_in(_OVER))
        .where(revision.c.segment["by"].astext == "plan")
        .where(revision.c.segment["of"].astext == str(number))
        .order_by(revision.c.id.desc())
    )
    found: int | None = connection.execute(query.limit(1)).scalar()
    return found


def _reason(connection: Connection, row: Row[Any]) -> str:
    """Which streets places are planned by that were not in the version before, the newest first."""
    before = find_before(connection, row)
    known = _counted(connection, before.number) if before else {}
    now = _counted(connection, row.number)
    new = [now[number] for number in sorted(now.keys() - known.keys(), reverse=True)][:MOST]
    names = closures.street_names(connection, [one.id for one in new])
    said = (f"{names.get(one.id) or '道'}（{_kind(one.reason)}）" for one in new)
    named = "、".join(dict.fromkeys(said))
    return f"{named}が通れません。" if named else "通れない道があります。"


def _counted(connection: Connection, number: int) -> dict[int, Closure]:
    """The closures that places were planned by in a version."""
    picture = read_picture(connection, number)
    return {one.id: one for one in picture.closures if one.moves}


def _kind(reason: str) -> str:
    return reason.partition("（")[0]
