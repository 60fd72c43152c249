"""「向かっています」: a resident's is a forecast, one by staff keeps room."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Engine, Row

from city.staff import PUBLIC, Caller
from data import inforce
from data.database import transaction
from data.errors import NotThere
from data.homes import holds, said
from data.homes.holds import Hold
from data.homes.links import Home
from data.rows import current_load, read_sites
from operations.changes.change import Change, changing
from operations.errors import Refused
from operations.household.links import home_of_slip
from operations.household.saying import end_word
from operations.places.openings import opening_of
from shelters.opening import OPENING_WORDS
from shelters.place import Opening

FORECAST_FOR: Final = timedelta(hours=3)
"""Policy: somebody slow may walk that long at night; it keeps no room from anybody."""
FIRM_FOR: Final = timedelta(hours=3)
"""Policy: a bus of a nursing home takes longer; who keeps room looks again before it ends."""
MOST_PERSONS: Final = 50
_USED: Final = (
    "その番号はもう使われています。画面を開き直してください（the id is in use: a new one）"
)
_OVER: Final = (
    "その番号の確保は、もう終わっています。新しい番号で送ってください"
    "（that hold is over: send a new id）"
)


def set_out(engine: Engine, home: Home, number: UUID, site_id: str, now: datetime) -> None:
    """A household says that all of it is on the way; its word of another place ends, and so does
    one by which it goes to none.

    The same id once more changes nothing. It takes room from nobody and, unless it said before
    that it stays away, wakes no planner, for anybody could send it, and a hundred thousand may at
    once: its row is all that is written.
    Raises `NotThere` for a place that the city does not have, `Refused` after another load.
    """
    with transaction(engine, latest=True) as connection:
        load = _load_of(connection, home)
        _check_site(connection, load, site_id)
        said.lock_household(connection, load.code, home.household)
        before = holds.find(connection, number)
        if before is None:
            persons = min(holds.persons_of(connection, load.id, home.household), MOST_PERSONS)
            made = Hold(number, site_id, home.household, persons, False, now + FORECAST_FOR)
            holds.end_of_household(connection, load.code, home.household, now)
            holds.add(connection, load.code, made, PUBLIC.actor, now)
            word = said.find_said(connection, load.code, home.household)
            if word is not None and word.intent.stays_away:
                end_word(Change(connection, load, PUBLIC, now), word)
        elif before.firm or (before.city_code, before.household) != (load.code, home.household):
            raise Refused(_USED)


def take_back(engine: Engine, home: Home, now: datetime) -> None:
    """A household is not on the way after all."""
    with transaction(engine, latest=True) as connection:
        load = _load_of(connection, home)
        holds.end_of_household(connection, load.code, home.household, now)


def keep_room(
    engine: Engine,
    by: Caller,
    number: UUID,
    site_id: str,
    persons: int,
    *,
    label: str = "",
    now: datetime,
) -> Hold:
    """Keep room at a place for persons that staff knows of, perhaps of the slip so labelled: what
    was kept for its household before ends.

    The same hold once more, while it stands, changes nothing. Raises `NotThere`, `Refused`: also
    for an id of another hold, or one that is over, and a place that takes nobody in.
    """
    with changing(engine, by) as change:
        connection, code = change.connection, change.load.code
        household = None
        if label.strip():
            household = home_of_slip(connection, label, now).household
            said.lock_household(connection, code, household)
        made = Hold(number, site_id, household, persons, True, now + FIRM_FOR)
        before = holds.find(connection, number)
        if before is not None:
            return _the_same(change, before, made, now)
        _check_site(connection, change.load, site_id)
        _check_takes_in(change, site_id)
        replaced = 0
        if household is not None:
            replaced = holds.end_of_household(connection, code, household, now, firm=True)
        if not holds.add(connection, code, made, by.actor, now):
            raise Refused(_USED)
        said_so = f"room kept: {persons} at {site_id}"
        more = {"hold": str(number), "persons": persons, "replaced": replaced}
        change.record(said_so, "room.kept", site_id, **more)
        return made


def release(engine: Engine, by: Caller, number: UUID, *, now: datetime) -> None:
    """Keep that room no longer; raises `NotThere` where staff never kept it."""
    with changing(engine, by) as change:
        row = holds.find(change.connection, number)
        if row is None or not row.firm or row.city_code != change.load.code:
            raise NotThere("その確保はありません（no such hold by staff）")
        if holds.end(change.connection, [number], now):
            change.record(f"room released: {row.site_id}", "room.released", row.site_id)


def _the_same(change: Change, row: Row[Any], made: Hold, now: datetime) -> Hold:
    """The hold of that row, which must be the one to be made, and stand."""
    given = (change.load.code, made.site_id, made.household, made.persons, True)
    if (row.city_code, row.site_id, row.household, row.persons, row.firm) != given:
        raise Refused(_USED)
    if row.ended_at is not None or row.expires_at <= now:
        raise Refused(_OVER)
    return replace(made, expires_at=row.expires_at)


def _load_of(connection: Connection, home: Home) -> Row[Any]:
    """The load in which the household's number counts; raises `Refused` after another one."""
    inforce.wait_for_load(connection)
    load = current_load(connection)
    if load.id != home.load_id:
        raise Refused(
            "市のデータが新しくなりました。画面を開き直してください（another load: ask again）"
        )
    return load


def _check_takes_in(change: Change, site_id: str) -> None:
    opening = opening_of(change.connection, change.load, site_id).opening
    if opening in (Opening.CLOSED, Opening.ENDANGERED):
        raise Refused(
            f"その避難場所は「{OPENING_WORDS[opening]}」です。別の場所を選んでください"
            "（the place takes nobody in: another one）"
        )


def _check_site(connection: Connection, load: Row[Any], site_id: str) -> None:
    if site_id not in {site.id for site in read_sites(connection, load.id)}:
        raise NotThere("その避難場所はありません（no such evacuation site）")
