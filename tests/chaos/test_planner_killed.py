"""The planner killed with -9 at random moments; the full run is `./dev chaos`."""

from pathlib import Path

from sqlalchemy import Engine

from tests.chaos.planner_night import planner_night, planner_rounds
from tests.integration.databases import Database


def test_every_version_is_whole_when_the_planner_is_killed_while_counts_and_closures_arrive(
    engine: Engine, database: Database, tmp_path: Path
) -> None:
    with planner_night(engine, database, tmp_path, seed=20191025) as made:
        planner_rounds(made, 3, seed=20191025)
    assert made.kills == 3
