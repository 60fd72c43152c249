"""One place, about which one person at a time says something."""

from collections.abc import Mapping
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Row, select
from sqlalchemy import text as sql

from city.staff import Caller
from data import inforce, tables
from data.errors import NotThere
from data.places.placerows import city_of, site_ids
from data.rows import current_load, read_sites
from operations.errors import NotAllowed
from shelters.place import EvacuationSite

SITE_LOCK: Final = 7_310_004
_MOVED: Final[WeakKeyDictionary[Engine, tuple[int, Mapping[str, str]]]] = WeakKeyDictionary()
"""Of each database what `_moved` found, and of which load that is true."""


def check_speaks_for(by: Caller, site_id: str) -> None:
    """Raise `NotAllowed` for a tablet that stands in another place."""
    if not by.may_speak_for(site_id):
        raise NotAllowed(
            "この端末は別の避難場所のものです。本部に電話してください"
            "（this device belongs to another place）"
        )


def meant(connection: Connection, by: Caller, site_id: str) -> str:
    """The id of the place that `site_id` names.

    A tablet may name its place by an id that a load took from it since: so it goes on sending what
    it kept. Raises `NotAllowed` for a tablet that stands in another place.
    """
    if not by.may_speak_for(site_id):
        site_id = _moved(connection).get(site_id, site_id)
    check_speaks_for(by, site_id)
    return site_id


def _moved(connection: Connection) -> Mapping[str, str]:
    """The newest id of each place by the ids that loads took from it; each load is asked once."""
    load, kept = city_of(connection), _MOVED.get(connection.engine)
    if kept is None or kept[0] != load.id:
        kept = _MOVED[connection.engine] = load.id, _read_moved(connection, load)
    return kept[1]


def _read_moved(connection: Connection, load: Any) -> Mapping[str, str]:
    """What the loads of the city said in the audit log, but for ids that are in use again."""
    entry, used = tables.audit_entry.c, set(site_ids(connection, load))
    query = select(entry.details["moved"]).where(entry.action == "city.loaded")
    loads = connection.execute(query.where(entry.subject == load.code).order_by(entry.number))
    newest: dict[str, str] = {}
    for moved in filter(None, loads.scalars()):
        newest = {old: moved.get(new, new) for old, new in newest.items()} | moved
    return {old: new for old, new in newest.items() if old not in used}


def one_site(connection: Connection, by: Caller, site_id: str) -> tuple[Row[Any], EvacuationSite]:
    """The current load and a site of it; who else asks for that site waits for this transaction.

    First in a transaction (`latest`): a load that carries openings over is waited for.
    Raises `NotThere`, and `NotAllowed` for a tablet that stands in another place.
    """
    inforce.wait_for_load(connection)
    site_id, load = meant(connection, by, site_id), current_load(connection)
    found = [site for site in read_sites(connection, load.id) if site.id == site_id]
    if not found:
        raise NotThere("その避難場所は、この市の一覧にありません（no such evacuation site）")
    lock = sql("SELECT pg_advisory_xact_lock(:key, hashtext(:site))")
    connection.execute(lock, {"key": SITE_LOCK, "site": site_id})
    return load, found[0]
