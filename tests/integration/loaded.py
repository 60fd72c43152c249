"""What a database holds, read past the application."""

from pathlib import Path
from typing import Any

from operations.serving import CurrentVersion
from tests.integration.databases import Database

CITY_TABLES = (
    *("junction", "street", "evacuation_site", "shelter"),
    *("hazard_zone", "area", "waterway"),
)
EVENT_TABLES = ("evacuation_order", "observed_water", "closure", "site_opening")


def fingerprint(database: Database, *tables: str) -> dict[str, Any]:
    """A hash over every row of each table."""
    hashes = ", ".join(
        f"(SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t)"  # noqa: S608
        for table in tables
    )
    (found,) = database.rows(f"SELECT {hashes}")
    return dict(zip(tables, found, strict=True))


def everything(database: Database) -> dict[str, Any]:
    """A hash over every table that says anything of the city or of what is in force."""
    return fingerprint(database, "city_load", "change", *CITY_TABLES, *EVENT_TABLES)


def loads_of_rows(database: Database) -> dict[str, dict[int, int]]:
    """How many rows of which load each table holds."""
    query = "SELECT load_id, count(*) FROM {} GROUP BY 1 ORDER BY 1"
    return {table: dict(database.rows(query.format(table))) for table in CITY_TABLES}


def current(database: Database) -> int:
    """The id of the current load; there is exactly one."""
    ((load_id,),) = database.rows("SELECT id FROM city_load WHERE current")
    return int(load_id)


def changes(database: Database) -> list[str]:
    """All recorded changes, oldest first."""
    return [what for (what,) in database.rows("SELECT what FROM change ORDER BY id")]


def waits_for_lock(database: Database, *words: str) -> bool:
    """Whether a query that holds these words waits for a lock."""
    queries = database.rows(
        "SELECT query FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    return any(all(word in query for word in words) for (query,) in queries)


def locks_waited_for(database: Database) -> int:
    """How many queries wait for a lock."""
    found = database.one(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    return int(found)


def serving(state: Path) -> CurrentVersion:
    """What a server maps from a state folder."""
    found = CurrentVersion(state)
    found.refresh()
    return found
