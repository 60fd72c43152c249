"""「向かっています」: a resident's is a forecast, one by staff keeps room."""

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

FORECAST_FOR: Final = timedelta(hours=3)
"""Policy: somebody slow may walk that long at night; it keeps no room from anybody."""
FIRM_FOR: Final = timedelta(hours=3)
"""Policy: a bus of a nursing home takes longer; who keeps room looks again before it ends."""
MOST_PERSONS: Final = 50
_USED: Final = (
    "その番号はもう使われています。画面を開き直してください（the id is in use: a new one）"
)


def set_out(engine: Engine, home: Home, number: UUID, site_id: str, now: datetime) -> None:
    """A household says that all of it is on the way; its word of another place ends.

    The same id once more changes nothing. It takes room from nobody and wakes no planner, for
    anybody could send it, and a hundred thousand may at once: its row is all that is written.
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
    """Keep room at a place for persons that staff knows of, perhaps of the slip so labelled.

    The same id once more changes nothing. Raises `NotThere`, `Refused`.
    """
    with changing(engine, by) as change:
        before = holds.find(change.connection, number)
        if before is not None:
            return _the_same(change, before, site_id, persons)
        _check_site(change.connection, change.load, site_id)
        household = None
        if label.strip():
            household = home_of_slip(change.connection, label, now).household
        made = Hold(number, site_id, household, persons, True, now + FIRM_FOR)
        holds.add(change.connection, change.load.code, made, by.actor, now)
        said_so = f"room kept: {persons} at {site_id}"
        change.record(said_so, "room.kept", site_id, hold=str(number), persons=persons)
        return made


def release(engine: Engine, by: Caller, number: UUID, *, now: datetime) -> None:
    """Keep that room no longer; raises `NotThere` where staff never kept it."""
    with changing(engine, by) as change:
        row = holds.find(change.connection, number)
        if row is None or not row.firm or row.city_code != change.load.code:
            raise NotThere("その確保はありません（no such hold by staff）")
        if holds.end(change.connection, [number], now):
            change.record(f"room released: {row.site_id}", "room.released", row.site_id)


def _the_same(change: Change, row: Row[Any], site_id: str, persons: int) -> Hold:
    given = (change.load.code, site_id, persons, True)
    if (row.city_code, row.site_id, row.persons, row.firm) != given:
        raise Refused(_USED)
    return Hold(row.id, site_id, row.household, persons, True, row.expires_at)


def _load_of(connection: Connection, home: Home) -> Row[Any]:
    """The load in which the household's number counts; raises `Refused` after another one."""
    inforce.wait_for_load(connection)
    load = current_load(connection)
    if load.id != home.load_id:
        raise Refused(
            "市のデータが新しくなりました。画面を開き直してください（another load: ask again）"
        )
    return load


def _check_site(connection: Connection, load: Row[Any], site_id: str) -> None:
    if site_id not in {site.id for site in read_sites(connection, load.id)}:
        raise NotThere("その避難場所はありません（no such evacuation site）")
