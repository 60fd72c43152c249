"""One place, about which one person at a time says something."""

from typing import Any, Final

from sqlalchemy import Connection, Row
from sqlalchemy import text as sql

from city.staff import Caller
from data import inforce
from data.errors import NotThere
from data.rows import current_load, read_sites
from operations.errors import NotAllowed
from shelters.place import EvacuationSite

SITE_LOCK: Final = 7_310_004


def check_speaks_for(by: Caller, site_id: str) -> None:
    """Raise `NotAllowed` for a tablet that stands in another place."""
    if not by.may_speak_for(site_id):
        raise NotAllowed(
            "この端末は別の避難場所のものです。本部に電話してください"
            "（this device belongs to another place）"
        )


def one_site(connection: Connection, by: Caller, site_id: str) -> tuple[Row[Any], EvacuationSite]:
    """The current load and a site of it; who else asks for that site waits for this transaction.

    First in a transaction (`latest`): a load that carries openings over is waited for.
    Raises `NotThere`, and `NotAllowed` for a tablet that stands in another place.
    """
    check_speaks_for(by, site_id)
    inforce.wait_for_load(connection)
    load = current_load(connection)
    found = [site for site in read_sites(connection, load.id) if site.id == site_id]
    if not found:
        raise NotThere("その避難場所は、この市の一覧にありません（no such evacuation site）")
    lock = sql("SELECT pg_advisory_xact_lock(:key, hashtext(:site))")
    connection.execute(lock, {"key": SITE_LOCK, "site": site_id})
    return load, found[0]
