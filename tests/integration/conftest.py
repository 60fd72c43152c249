"""Plans that were published, for tests of what serves and renews them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from operations.load_city import load_city
from operations.planning.planner import Planner
from tests.integration.databases import Database, Server


@pytest.fixture
def plan(
    server: Server, with_plan: tuple[str, Path], tmp_path: Path
) -> Iterator[tuple[Database, Path]]:
    """A database with the town, and a state folder with its first version."""
    made = server.create(with_plan[0])
    state = shutil.copytree(with_plan[1], tmp_path / "state", symlinks=True)
    yield made, state
    server.drop(made)


@pytest.fixture
def small_plan(engine: Engine, small_city: Path, tmp_path: Path) -> Planner:
    """A planner that has published the small city."""
    load_city(engine, small_city, lambda _: None)
    planner = Planner(engine, tmp_path / "state")
    planner.catch_up()
    return planner
