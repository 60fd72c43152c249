"""The fictional city at the size of a real one, in a database; and a Redis."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from data.database import connect
from operations.load_city import load_city
from tests.fictionalfiles import fictional_city_file
from tests.integration.databases import Database, Server
from tests.integration.processes import free_port
from tests.integration.test_live_servers import redis_server

HOUSEHOLDS: Final = re.compile(r"\[sources\.households\]\n(?:.+\n)+")


@pytest.fixture
def city_database(server: Server, migrated: str, tmp_path: Path) -> Iterator[Database]:
    """A database of the test's own with the fictional city in it, but for its households: who is
    counted where does not depend on them, and each plan of theirs takes a core from the story.
    """
    city = shutil.copytree(fictional_city_file().parent, tmp_path / "city") / "city.toml"
    city.write_text(HOUSEHOLDS.sub("", city.read_text("utf-8")), "utf-8")
    made = server.create(migrated)
    engine = connect(made.url)
    load_city(engine, city, lambda _: None)
    engine.dispose()
    yield made
    server.drop(made)


@pytest.fixture
def redis_url(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """A Redis that every process of this test is told of."""
    port = free_port()
    url = f"redis://127.0.0.1:{port}/0"
    monkeypatch.setitem(os.environ, "NIGEMICHI_REDIS_URL", url)
    with redis_server(tmp_path, port):
        yield url
