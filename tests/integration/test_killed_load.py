"""`kill -9` in the middle of a load: the old city stays whole, nothing of the new one is left."""

import time
from pathlib import Path

import psycopg
import pytest

from operations.load_city import load_city
from tests.integration import loaded
from tests.integration.databases import Database, connected, plain
from tests.integration.processes import kill, started, wait_for

DELAYS_S = (0.0, 0.02, 0.05, 0.08)
"""Writing the town takes some 0.1 s."""


def is_idle(database: Database) -> bool:
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    return bool(database.one(query) == 1)


def says(log: Path, what: str) -> bool:
    return what in log.read_text("utf-8")


def one_whole_city_is_there_and_loads_anew(
    database: Database, before: dict[str, object], town: Path
) -> None:
    wait_for("the killed load's connection ended", lambda: is_idle(database))
    here = loaded.current(database)
    if loaded.changes(database) == ["city loaded: 浅瀬市（架空）"]:
        assert loaded.everything(database) == before
    counts = loaded.loads_of_rows(database)
    assert all(set(rows) == {here} for rows in counts.values())
    with connected(database.url) as engine:
        load_city(engine, town, lambda _: None)
    again = loaded.loads_of_rows(database)
    assert [*again.values()] == [{loaded.current(database): rows[here]} for rows in counts.values()]


@pytest.mark.parametrize(
    ("moment", "delay"),
    [
        ("reading roads", 0.0),
        ("checking how", 0.0),
        *(("writing to the database", delay) for delay in DELAYS_S),
    ],
)
def test_a_load_killed_at_any_moment_leaves_the_old_city_whole(
    town: Path, town_database: Database, tmp_path: Path, moment: str, delay: float
) -> None:
    before = loaded.everything(town_database)
    log = tmp_path / "log"
    with started(town_database.url, tmp_path, "city", "load", str(town), log=log) as process:
        wait_for(moment, lambda: says(log, moment), closely=True)
        time.sleep(delay)
        kill(process)
    one_whole_city_is_there_and_loads_anew(town_database, before, town)


def test_a_load_killed_within_its_transaction_leaves_the_old_city_whole(
    town: Path, town_database: Database, tmp_path: Path
) -> None:
    """A lock on the last table that is written holds the load where all but it was copied."""
    before = loaded.everything(town_database)
    log = tmp_path / "log"
    with psycopg.connect(plain(town_database.url)) as holder:
        holder.execute("LOCK TABLE waterway IN ACCESS EXCLUSIVE MODE")
        with started(town_database.url, tmp_path, "city", "load", str(town), log=log) as process:
            wait_for(
                "the load waits", lambda: loaded.waits_for_lock(town_database, "COPY", "waterway")
            )
            kill(process)
        holder.rollback()
    assert loaded.changes(town_database) == ["city loaded: 浅瀬市（架空）"]
    one_whole_city_is_there_and_loads_anew(town_database, before, town)
