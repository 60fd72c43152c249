"""Plans that were published, for tests of what serves and renews them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from city.staff import CONSOLE
from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from operations.household.turnouts import set_turnout
from operations.load_city import load_city
from operations.planning.planner import Planner
from operations.serving import utc_now
from tests.integration.databases import Database, Server
from tests.integration.homed import load, write_homed_city
from tests.integration.plannedcity import City


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


@pytest.fixture
def city(engine: Engine, database: Database, tmp_path: Path) -> City:
    """The small city with households under level 4, all of whom come, and its first plan."""
    load(engine, write_homed_city(tmp_path / "city"))
    changes.set_level(engine, HazardKind.FLOOD, AlertLevel.ALL_LEAVE)
    set_turnout(engine, CONSOLE, {"level_4": 1, "zoned_level_4": 1}, reason="試験", now=utc_now())
    made = City(engine, database, Planner(engine, tmp_path / "state"), tmp_path)
    made.planner.catch_up()
    return made
