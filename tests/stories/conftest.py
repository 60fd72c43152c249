"""The fictional city at the size of a real one, in a database; and a Redis."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.database import connect
from operations.load_city import load_city
from tests.fictionalfiles import fictional_city_file
from tests.integration.databases import Database, Server
from tests.integration.processes import free_port
from tests.integration.test_live_servers import redis_server


@pytest.fixture
def city_database(server: Server, migrated: str) -> Iterator[Database]:
    """A database of the test's own with the fictional city in it: 25 s on two idle cores."""
    made = server.create(migrated)
    engine = connect(made.url)
    load_city(engine, fictional_city_file(), lambda _: None)
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
