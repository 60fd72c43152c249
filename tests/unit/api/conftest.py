"""The small city as a running app."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.small_city import write_small_city
from tests.unit.api.served import Served, TestClient


@pytest.fixture
def served(tmp_path: Path) -> Served:
    """The small city with nothing in force."""
    return Served(write_small_city(tmp_path / "city"), tmp_path / "state")


@pytest.fixture
def client(served: Served) -> Iterator[TestClient]:
    """A client of its app."""
    with served.client() as made:
        yield made
