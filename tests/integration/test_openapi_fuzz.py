"""Schemathesis asks the real app whatever its OpenAPI document allows, and what it does not."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.app import create
from city.staff import Role
from data.database import connect
from tests.integration.databases import Server
from tests.integration.processes import free_port, started, wait_for
from tests.integration.staffed import Signed, signed_in

EACH: Final = 8
"""Questions for each operation."""
ENDLESS: Final = "/api/v1/live/events"
"""A stream does not end; its own tests follow it."""
CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


class _House:
    """The server's address, and an operator who has signed in."""

    def __init__(self, url: str, operator: Signed) -> None:
        self.url, self.operator = url, operator

    @property
    def headers(self) -> Mapping[str, str]:
        return self.operator.headers(self.url)


@pytest.fixture(scope="module")
def house(
    server: Server, with_plan: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[_House]:
    """A real server over the fictional town."""
    folder = tmp_path_factory.mktemp("fuzzed")
    database = server.create(with_plan[0])
    state = shutil.copytree(with_plan[1], folder / "state", symlinks=True)
    engine, port = connect(database.url), free_port()
    url = f"http://127.0.0.1:{port}"
    operator = signed_in(engine, Role.OPERATOR, Role.PHONE, Role.DESK)
    with started(database.url, state, "serve", "--port", str(port), log=folder / "serve.log"):
        wait_for("the server answers", lambda: _answers(url), 60)
        yield _House(url, operator)
    engine.dispose()
    server.drop(database)


schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")


@pytest.fixture(scope="module")
def document() -> schemathesis.BaseSchema:
    """What the app says of itself; it needs no city for that."""
    made = schemathesis.openapi.from_dict(create(Path("/nonexistent")).openapi())
    return made.exclude(path=ENDLESS)


def ask(operation: Any, house: _House) -> None:
    """What the document allows of one operation, and what it does not."""

    @given(case=st.one_of([operation.as_strategy(mode) for mode in schemathesis.GenerationMode]))
    @settings(
        max_examples=EACH,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def asked(case: Any) -> None:
        case.call_and_validate(
            base_url=house.url, headers=dict(house.headers), checks=CHECKS, timeout=20
        )

    asked()


def test_nothing_that_is_asked_breaks_the_server(
    document: schemathesis.BaseSchema, house: _House
) -> None:
    """One test asks all: pytest-xdist would run a single one of a hundred that bear one name."""
    found = list(document.get_all_operations())
    operations = [one.ok() for one in found if isinstance(one, Ok)]
    assert len(operations) == len(found) > 100
    for operation in operations:
        ask(operation, house)


def test_the_document_names_every_change_that_staff_can_make(house: _House) -> None:
    paths = httpx.get(f"{house.url}/api/v1/openapi.json").json()["paths"]
    changes = {path for path, methods in paths.items() if "post" in methods}
    assert {path.split("/")[3] for path in changes} >= {"desk", "headquarters", "phone"}


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz").status_code == 200
    except httpx.TransportError:
        return False
