"""Delivery workers killed with -9 while carriers fail; the full run is `./dev chaos`."""

from pathlib import Path

from sqlalchemy import Engine

from tests.chaos.delivery_night import delivery_night
from tests.integration.databases import Database


def test_nobody_is_missing_when_workers_are_killed_and_carriers_fail(
    engine: Engine, database: Database, tmp_path: Path
) -> None:
    with delivery_night(engine, database.url, tmp_path, 20191012) as night:
        night.send()
        night.kill_rounds(3)
        night.finish()
        assert "twice" in night.check()
