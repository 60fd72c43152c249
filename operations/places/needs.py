"""What a place asks headquarters for, and what headquarters answers."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, Engine, Row, select, update
from sqlalchemy.dialects.postgresql import insert

from city.staff import Caller
from data import inforce, tables
from data.database import transaction
from data.errors import NotThere
from data.people import audit
from data.places.placerows import site_ids
from data.rows import current_load
from operations.places import placestate
from operations.places.onesite import one_site
from operations.places.openings import Said, check_time, opening_of, say_opening
from operations.refusals import refusals
from operations.wording import line, words_of_need
from shelters.needs import UNANSWERED, GivenNeed, NeedKind, NeedState, check_answer
from shelters.place import EvacuationSite, Opening

FIRST = (NeedKind.AMBULANCE, NeedKind.DANGER)
"""What headquarters reads before anything else."""


def report_need(
    engine: Engine, by: Caller, site_id: str, given: GivenNeed, now: datetime
) -> Literal["sent", "known"]:
    """Tell headquarters what a place needs; the same id once more changes nothing.

    Danger makes the place ENDANGERED in the same transaction, also where the word comes late:
    whoever said meanwhile that the place is open did not know of it.
    Raises `NotAStep`, `NotThere`, `Refused`.
    """
    with (
        refusals(engine, by, "need", site_id),
        transaction(engine, latest=True) as connection,
    ):
        load, site = one_site(connection, by, site_id)
        if not _add(connection, load, by, site, given, now):
            return "known"
        if given.kind is NeedKind.DANGER:
            _endanger(connection, load, by, site, now)
        else:
            placestate.renew(connection, load, site.id, now)
        audit.record(connection, by, "need.sent", str(given.id), site=site.id, kind=given.kind)
        return "sent"


def answer_need(
    engine: Engine,
    by: Caller,
    need: UUID,
    state: NeedState,
    *,
    answer: str = "",
    expected_at: datetime | None = None,
    now: datetime,
) -> None:
    """Headquarters takes a need on, has done it, or cannot and says why.

    An answer or a time that is not given stays as it was.
    Raises `NotAStep`, `NotThere`, `Refused`.
    """
    with (
        refusals(engine, by, "need", str(need)),
        transaction(engine, latest=True) as connection,
    ):
        inforce.wait_for_load(connection)
        load, table = current_load(connection), tables.site_need
        # Whoever answers at the same time waits here, and then finds it answered.
        query = select(table).where(table.c.id == need, table.c.city_code == load.code)
        before = connection.execute(query.with_for_update()).first()
        if before is None:
            raise NotThere("その要請はありません（no such need）")
        check_answer(NeedState(before.state), state)
        check_time(expected_at, now)
        what = "対応できないわけ" if state is NeedState.REFUSED else "返事"
        words = line(answer, what, needed=state is NeedState.REFUSED) or before.answer
        values = {
            "state": state,
            "answer": words,
            "answered_by": by.actor,
            "answered_at": now,
            "expected_at": expected_at or before.expected_at,
        }
        connection.execute(update(table).where(table.c.id == need).values(**values))
        # A place that went with a new load may still be told.
        if before.site_id in site_ids(connection, load):
            placestate.renew(connection, load, before.site_id, now)
        audit.record(connection, by, f"need.{state}", str(need), site=before.site_id)


def unanswered(connection: Connection, load: Row[Any]) -> list[Row[Any]]:
    """What waits for headquarters: ambulance and danger first, then what came first."""
    table = tables.site_need
    query = (
        select(table)
        .where(table.c.city_code == load.code, table.c.state.in_(UNANSWERED))
        .order_by(table.c.kind.in_(FIRST).desc(), table.c.received_at, table.c.id)
    )
    return list(connection.execute(query))


def _add(
    connection: Connection,
    load: Row[Any],
    by: Caller,
    site: EvacuationSite,
    given: GivenNeed,
    now: datetime,
) -> bool:
    query = insert(tables.site_need).values(
        id=given.id,
        city_code=load.code,
        site_id=site.id,
        kind=given.kind,
        words=words_of_need(given.words),
        device_at=given.at,
        received_at=now,
        actor=by.actor,
        state=NeedState.SENT,
        answer="",
    )
    new = query.on_conflict_do_nothing().returning(tables.site_need.c.id)
    return connection.execute(new).first() is not None


def _endanger(
    connection: Connection, load: Row[Any], by: Caller, site: EvacuationSite, now: datetime
) -> None:
    if opening_of(connection, load, site.id).opening is Opening.ENDANGERED:
        placestate.renew(connection, load, site.id, now)
    else:
        say_opening(connection, load, by, site, Said(Opening.ENDANGERED), now)
