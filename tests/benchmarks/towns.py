"""The small fictional town, loaded and published, with its places open."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from city.staff import CONSOLE
from data.database import migrate, transaction
from data.rows import current_load, read_sites
from data.town import write_town
from operations.load_city import load_city
from operations.places.openings import change_opening
from operations.planning.planner import Planner
from shelters.place import Opening


def publish_town(engine: Engine, scratch: Path, state: Path) -> list[str]:
    """Fill an empty database and a state folder; returns the ids of the places."""
    migrate(engine)
    scratch.mkdir(exist_ok=True)
    load_city(engine, write_town(scratch / "town"), lambda _: None)
    with transaction(engine) as connection:
        sites = [one.id for one in read_sites(connection, current_load(connection).id)]
    for site in sites:
        change_opening(engine, CONSOLE, site, Opening.OPEN, now=datetime.now(UTC))
    Planner(engine, state).catch_up()
    return sites
