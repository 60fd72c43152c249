"""A place is opened, fills, is closed, or is in danger: a person says so."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, select

from city.staff import Caller
from data import inforce, tables
from data.database import transaction
from data.people import audit
from operations.errors import Refused
from operations.places import placestate
from operations.places.onesite import one_site
from operations.refusals import refusals
from operations.wording import public_note
from shelters.opening import HEADQUARTERS, Stage, check_chain, check_step
from shelters.place import EvacuationSite, Opening, assumed_opening

LATEST: Final = timedelta(hours=48)
AGAIN_AFTER: Final = timedelta(minutes=1)
ACTIONS: Final = {
    Opening.UNOPENED: "place.unopened",
    Opening.PREPARING: "place.preparing",
    Opening.OPEN: "place.opened",
    Opening.FULL: "place.full",
    Opening.CLOSED: "place.closed",
    Opening.ENDANGERED: "place.endangered",
}


@dataclass(frozen=True, slots=True)
class Said:
    """What holds of a place's opening; `since` is None where nobody has spoken yet."""

    opening: Opening
    since: datetime | None = None
    stage: Stage | None = None
    expected_at: datetime | None = None
    note: str | None = None


def change_opening(
    engine: Engine,
    by: Caller,
    site_id: str,
    opening: Opening,
    *,
    stage: Stage | None = None,
    expected_at: datetime | None = None,
    note: str | None = None,
    now: datetime,
) -> Said:
    """Say that a place is in this state now, and how far its opening has come.

    Where the state stays, what is not given (None) stays as well, and an empty note removes it;
    a new state begins without stage, time and note. The note is public.
    Raises `NotAStep`, `NotThere`, `Refused`.
    """
    with (
        refusals(engine, by, "place.opening", site_id),
        transaction(engine, latest=True) as connection,
    ):
        load, site = one_site(connection, by, site_id)
        given = Said(opening, None, stage, expected_at, note)
        return say_opening(connection, load, by, site, given, now)


def say_opening(
    connection: Connection,
    load: Row[Any],
    by: Caller,
    site: EvacuationSite,
    given: Said,
    now: datetime,
) -> Said:
    """What `change_opening` does, in a transaction in which `one_site` was asked for the site.

    What is said again and changes nothing, as when a tablet sends its queue twice, leaves no mark.
    """
    before = opening_of(connection, load, site.id)
    check_step(before.opening, given.opening, by.roles)
    flaps = {before.opening, given.opening} == {Opening.OPEN, Opening.FULL}
    soon = before.since is not None and now - before.since < AGAIN_AFTER
    if flaps and soon and not by.roles & HEADQUARTERS:
        _check_flapping(connection, load.code, site.id, before, given)
    check_chain(given.opening, stage=given.stage, expects=given.expected_at is not None)
    check_time(given.expected_at, now)
    after = _joined(before, given, now)
    if after == before:
        return before
    inforce.set_opening(
        connection,
        load.code,
        site,
        after.opening,
        since=after.since,
        stage=after.stage,
        expected_at=after.expected_at,
        note=after.note,
        said_by=by.actor,
    )
    # Before anything is numbered: it waits for who changes the same place's figure.
    placestate.renew(connection, load, site.id, now)
    if after.opening is not before.opening:
        inforce.record_change(connection, f"site {site.id}: {after.opening}")
    stage = {"stage": after.stage} if after.stage else {}
    audit.record(connection, by, ACTIONS[after.opening], site.id, before=before.opening, **stage)
    return after


def _check_flapping(
    connection: Connection, code: str, site_id: str, before: Said, given: Said
) -> None:
    """A desk takes 満員 or 開設 back no sooner than a minute after it was said: else the public
    would see the place fill and empty with every press.
    """
    table = tables.site_opening
    query = (
        select(table.c.opening)
        .where(table.c.city_code == code, table.c.site_id == site_id)
        .where(table.c.opening != before.opening)
        .order_by(table.c.id.desc())
        .limit(1)
    )
    if connection.execute(query).scalar() == given.opening:
        raise Refused(
            "満員と開設の切り替えは1分に一度までです。少し待ってもう一度（wait a minute）"
        )


def opening_of(connection: Connection, load: Row[Any], site_id: str) -> Said:
    """What was said last of a place, or what the plan of the city file says."""
    table = tables.site_opening
    query = select(table).where(
        table.c.city_code == load.code, table.c.site_id == site_id, table.c.ended_at.is_(None)
    )
    row = connection.execute(query).first()
    if row is None:
        return Said(assumed_opening(load.assume))
    stage = Stage(row.stage) if row.stage else None
    return Said(Opening(row.opening), row.begun_at, stage, row.expected_at, row.note)


def _joined(before: Said, given: Said, now: datetime) -> Said:
    note = None if given.note is None else public_note(given.note) or None
    if given.opening is not before.opening:
        if given.note is None and {before.opening, given.opening} == {Opening.OPEN, Opening.FULL}:
            note = before.note  # what headquarters tells the public holds for both
        return Said(given.opening, now, given.stage, given.expected_at, note)
    return Said(
        before.opening,
        before.since,
        given.stage or before.stage,
        given.expected_at or before.expected_at,
        before.note if given.note is None else note,
    )


def check_time(expected_at: datetime | None, now: datetime) -> None:
    """Raise `Refused` for what is past or too far ahead to be expected.

    A form gives whole minutes: the one that runs is not past.
    """
    if expected_at is None:
        return
    if expected_at < now.replace(second=0, microsecond=0):
        raise Refused("見込みの時刻が過去です（the expected time is past）")
    if expected_at > now + LATEST:
        raise Refused("見込みの時刻は 48 時間以内にしてください（at most 48 hours ahead）")
