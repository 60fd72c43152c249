"""Every route and socket of the real app, asked by every role, against the one table."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import anyio
import pytest
from fastapi import FastAPI

from api.app import create
from api.gate.routetable import routes_of
from api.permissions import ALLOWED, EVERYBODY, SOCKET, TOPICS
from city.staff import CONSOLE, NOT_BESIDE_ADMINISTRATOR, Caller, Role
from data.database import connect
from data.live.outbox import Topic
from operations.people.devices import places, revoke_device
from operations.serving import utc_now
from tests.integration.databases import Database, Server
from tests.integration.staffed import a_tablet, signed_in
from tests.unit.api.served import TestClient

NOT_BUILT: Final[frozenset[tuple[str, str]]] = frozenset()
"""Rows whose routes are still to come."""
REFUSED: Final = (401, 403)
NOBODY, GONE = "nobody", "a revoked tablet"


@dataclass(frozen=True, slots=True)
class House:
    """A running app and what each who asks sends along."""

    app: FastAPI
    client: TestClient
    headers: Mapping[str, Mapping[str, str]]
    callers: Mapping[str, Caller | None]
    site_id: str

    def status(self, method: str, template: str, who: str, query: str = "") -> int:
        """The answer's status; of a socket 101 where it was accepted, and 403 where it was not."""
        named = {"site": self.site_id, "name": "staff.css", "load": "1"}
        path = re.sub(r"{(\w+)}", lambda found: named.get(found.group(1), "1"), template)
        portal = self.client.portal
        assert portal is not None
        return portal.call(_status, self.client, method, path, self.headers[who], query)


@pytest.fixture(scope="module")
def house(
    server: Server, with_plan: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """The app over the fictional town, with somebody of every role and tablets."""
    made: Database = server.create(with_plan[0])
    engine = connect(made.url)
    site_id = places(engine)[0][0]
    people = {str(role): signed_in(engine, role) for role in Role if role != Role.RESIDENT}
    people["tablet of the desk"] = a_tablet(engine, site_id)
    people["tablet in the field"] = a_tablet(engine, None, Role.FIELD)
    people[GONE] = a_tablet(engine, site_id)
    assert people[GONE].caller.id is not None
    revoke_device(engine, CONSOLE, people[GONE].caller.id, now=utc_now())
    engine.dispose()
    headers: dict[str, Mapping[str, str]] = {
        who: signed.headers() for who, signed in people.items()
    }
    callers = {who: None if who == GONE else signed.caller for who, signed in people.items()}
    app = create(with_plan[1], made.url)
    with TestClient(app) as client:
        yield House(app, client, headers | {NOBODY: {}}, callers | {NOBODY: None}, site_id)
    server.drop(made)


async def _status(
    client: TestClient, method: str, path: str, headers: Mapping[str, str], query: str
) -> int:
    """Ask as a server would, and leave as soon as the answer begins: streams do not end."""
    socket = method == SOCKET
    scope: dict[str, Any] = {
        "type": "websocket" if socket else "http",
        "scheme": "ws" if socket else "http",
        "http_version": "1.1",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(b"host", b"testserver")]
        + [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("203.0.113.9", 4000),
        "server": ("testserver", 80),
        "subprotocols": [],
        "state": dict(client.app_state),
    }
    if not socket:
        scope["method"] = method
    found: list[int] = []
    connected = False

    async def receive() -> dict[str, Any]:
        nonlocal connected
        if socket and not connected:
            connected = True
            return {"type": "websocket.connect"}
        if not socket and not connected:
            connected = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await anyio.sleep_forever()
        raise AssertionError

    with anyio.CancelScope() as asking:

        async def send(message: Mapping[str, Any]) -> None:
            codes = {"websocket.accept": 101, "websocket.close": 403}
            found.append(codes.get(message["type"]) or message["status"])
            asking.cancel()
            await anyio.sleep(0)

        await client.app(scope, receive, send)  # type: ignore[arg-type]
    return found[0]


def test_every_route_has_a_row(house: House) -> None:
    assert not set(routes_of(house.app)) - set(ALLOWED)


def test_every_row_has_a_route(house: House) -> None:
    assert set(ALLOWED) - set(routes_of(house.app)) == NOT_BUILT


def test_a_route_without_a_row_lets_nobody_in(house: House) -> None:
    async def secret() -> str:
        return "let in"

    app = create(Path("/nonexistent"))
    app.get("/new/{thing}")(secret)
    with TestClient(app, follow_redirects=False) as client:
        assert client.get("/new/one").status_code == 303
        assert client.head("/new/one").status_code == 303
        assert client.get("/api/v1/openapi.json").status_code == 200


def test_no_row_gives_an_administrator_data_or_approval() -> None:
    theirs = {row for row, roles in ALLOWED.items() if Role.ADMINISTRATOR in roles}
    with_others = {row for row in theirs if ALLOWED[row] & NOT_BESIDE_ADMINISTRATOR}
    assert {path for _, path in theirs - with_others} <= {
        path for _, path in theirs if path.startswith("/admin")
    }
    for _, path in with_others - {row for row, roles in ALLOWED.items() if roles == EVERYBODY}:
        assert path in ("/signout", "/account", "/account/password")


def test_each_may_call_what_the_table_allows_and_nothing_else(house: House) -> None:
    unlike = []
    asked = 0
    for method, template in sorted(set(routes_of(house.app)) & set(ALLOWED)):
        # Ending a session would shut out whoever asks after it.
        if template == "/signout":
            continue
        for who, caller in house.callers.items():
            allowed = ALLOWED[method, template]
            roles = caller.roles if caller else frozenset({Role.RESIDENT})
            status = house.status(method, template, who)
            asked += 1
            leads_away = status == 303 and method == "GET" and not template.startswith("/api/")
            may = bool(roles & allowed)
            if may == (status in REFUSED or (leads_away and caller is None)):
                unlike.append((who, method, template, status, "allowed" if may else "refused"))
    assert not unlike
    assert asked > 500


def test_each_may_follow_the_topics_that_the_table_allows_and_no_others(house: House) -> None:
    unlike = []
    for topic in Topic:
        for who, caller in house.callers.items():
            roles = caller.roles if caller else frozenset({Role.RESIDENT})
            may = bool(roles & TOPICS.get(topic, frozenset()))
            for method, path in ((SOCKET, "/api/v1/live"), ("GET", "/api/v1/live/events")):
                status = house.status(method, path, who, f"topics={topic}")
                if may != (status < 400):
                    unlike.append((who, method, topic, status, "allowed" if may else "refused"))
    assert not unlike


def test_the_phone_desk_does_not_follow_headquarters(house: House) -> None:
    assert house.status("GET", "/api/v1/live/events", "phone", "topics=headquarters") == 403
    assert house.status("GET", "/api/v1/live/events", "operator", "topics=headquarters") == 200
    assert house.status("GET", "/api/v1/live/events", "operator", "topics=servers") == 422


@pytest.mark.parametrize("who", [NOBODY, GONE, "operator", "tablet of the desk"])
def test_signing_out_is_for_whoever_is_in(house: House, who: str) -> None:
    status = house.status("POST", "/signout", who)
    assert (status in REFUSED) == (house.callers[who] is None)
