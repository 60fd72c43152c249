"""What every test may ask for: the fictional town's files, and databases of its own."""

import gc
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import settings
from sqlalchemy import Engine
from xdist.scheduler import LoadScopeScheduling

from data.database import migrate
from operations.load_city import load_city
from operations.planning.planner import Planner
from tests.fictionalfiles import town_file
from tests.integration.databases import Connects, Database, Server, connected, keep_one_system
from tests.integration.small_city import write_small_city

# Looking for cycles after each 700 new objects is a tenth of a run's time.
gc.set_threshold(50_000, 20, 20)

# How long one example takes says how busy the machine is.
settings.register_profile("nigemichi", deadline=None)
settings.load_profile("nigemichi")

LONG: Final = ("stories", "chaos", "porto", "safety", "fictional", "cities")
"""Folders whose tests take longest: they begin first, so that no worker ends alone with one."""


BESIDE_PAGES: Final = 85
"""Of a hundred files that only compute, so many run beside pages in a browser."""


class ByFile(LoadScopeScheduling):
    """Keeps a file's tests on one worker, and those on one that build the fictional city whole.

    pytest-xdist's own groups are lost with pytest 9.2, which takes no other node id from it.
    """

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.split("::", 1)[0]
        return "fictional" if "/test_fictional" in path else path


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    """Hand out the tests by file."""
    return ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest; then pages in a browser, which wait for each other's parts,
    with what only computes between them; the rest; and at the end what is short.
    """
    files = dict.fromkeys(item.path for item in items)
    pages = [file for file in files if file.parent.name == "browser"]
    computing = [file for file in files if "unit" in file.parts]
    beside = computing[: len(computing) * BESIDE_PAGES // 100]
    turns = {
        file: (1, row / len(group)) for group in (pages, beside) for row, file in enumerate(group)
    }
    turns |= dict.fromkeys(computing[len(beside) :], (3, 0.0))
    turns |= dict.fromkeys((file for file in files if file.parent.name in LONG), (0, 0.0))
    items.sort(key=lambda item: turns.get(item.path, (2, 0.0)))


@pytest.fixture(scope="session")
def town() -> Path:
    """The city file of the fictional town. Read only: copy its folder before damaging it."""
    return town_file()


@pytest.fixture
def small_city(tmp_path: Path) -> Path:
    """The city file of a city of 64 junctions, in a folder of the test's own."""
    return write_small_city(tmp_path / "small")


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL with PostGIS where databases may be created; without one the test fails."""
    url = os.environ.get("NIGEMICHI_TEST_DATABASE_URL")
    if not url:
        pytest.fail(
            "NIGEMICHI_TEST_DATABASE_URL is not set: run ./dev test, or name a PostGIS server "
            "where databases may be created",
            pytrace=False,
        )
    found = Server(url)
    yield found
    found.close()


@pytest.fixture(scope="session")
def migrated(server: Server) -> str:
    """The name of a template with all tables and no city."""
    made = server.create()
    with connected(made.url) as engine:
        migrate(engine)
        keep_one_system(engine)
    return made.name


@pytest.fixture(scope="session")
def with_town(server: Server, migrated: str, town: Path) -> str:
    """The name of a template into which the fictional town was loaded."""
    made = server.create(migrated)
    with connected(made.url) as engine:
        load_city(engine, town, lambda _: None)
    return made.name


@pytest.fixture(scope="session")
def with_plan(
    server: Server, with_town: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """The name of a template with the town, and a state folder with its first plan version."""
    state = tmp_path_factory.mktemp("planned")
    made = server.create(with_town)
    with connected(made.url) as engine:
        Planner(engine, state).catch_up()
    return made.name, state


@pytest.fixture(scope="session")
def with_small_city(server: Server, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a template into which a city of 64 junctions was loaded."""
    made = server.create(migrated)
    with connected(made.url) as engine:
        load_city(engine, write_small_city(tmp_path_factory.mktemp("small")), lambda _: None)
    return made.name


@pytest.fixture(scope="session")
def template(migrated: str) -> str:
    """What `database` is copied from; a file of tests may name another."""
    return migrated


@pytest.fixture
def database(server: Server, template: str) -> Iterator[Database]:
    """A database of the test's own, without a city unless its file says otherwise."""
    made = server.create(template)
    yield made
    server.drop(made)


@pytest.fixture
def town_database(server: Server, with_town: str) -> Iterator[Database]:
    """A database of the test's own with the fictional town in it."""
    made = server.create(with_town)
    yield made
    server.drop(made)


@pytest.fixture
def connects() -> Iterator[Connects]:
    """For further databases: what it gives is closed with the test, however that ends."""
    with ExitStack() as stack:
        yield lambda url: stack.enter_context(connected(url))


@pytest.fixture
def engine(database: Database) -> Iterator[Engine]:
    """Connects to `database`."""
    with connected(database.url) as made:
        yield made


@pytest.fixture
def town_engine(town_database: Database) -> Iterator[Engine]:
    """Connects to `town_database`."""
    with connected(town_database.url) as made:
        yield made
