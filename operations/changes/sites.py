"""Sites that somebody says are open or closed, at the console."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Engine

from city.area import folded
from city.staff import CONSOLE, Caller
from data import inforce
from data.database import transaction
from data.errors import NotThere
from data.rows import current_load, read_sites
from operations.changes.areas import likest
from operations.places.openings import change_opening
from shelters.place import EvacuationSite, Opening


def open_site(engine: Engine, site: str, opening: Opening, *, by: Caller = CONSOLE) -> str:
    """Say that a site (its 共通ID or its name) is open or closed; returns its name."""
    with transaction(engine, latest=True) as connection:
        inforce.wait_for_load(connection)
        found = find_site(read_sites(connection, current_load(connection).id), site)
    change_opening(engine, by, found.id, opening, now=datetime.now(UTC))
    return found.name


def find_site(sites: Sequence[EvacuationSite], wanted: str) -> EvacuationSite:
    """The site with that id or name; raises `NotThere` where none or several have it."""
    found = [one for one in sites if one.id == wanted] or [
        one for one in sites if folded(one.name) == folded(wanted)
    ]
    if len(found) != 1:
        raise NotThere(_which_site(wanted, found or sites, several=bool(found)))
    return found[0]


def _which_site(site: str, sites: Sequence[EvacuationSite], *, several: bool) -> str:
    if several:
        ids = ", ".join(one.id for one in sites)
        return f"more than one site has the name {site!r}: say which by its id ({ids})"
    names = "、".join(likest(site, [one.name for one in sites]))
    return (
        f"no evacuation site has the id or name {site!r} (there are: {names}): "
        "/api/v1/sites lists all, with their ids"
    )
