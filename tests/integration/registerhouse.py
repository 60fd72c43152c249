"""The app over which people register, and the office behind it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from api.app import create
from api.gate.ratelimit import Limits
from api.registering import Registering
from data.database import connect
from operations.serving import utc_now
from tests.integration.databases import Server
from tests.integration.registered import Office, a_sealer
from tests.unit.api.served import TestClient

NORTH = "北町一丁目"
TYPED = "０９０－１２３４－５６７８"
COOKIE = "nigemichi_register"


@dataclass
class House:
    """The app, and the office behind it."""

    client: TestClient
    office: Office

    def register(self, path: str = "/register", **fields: object) -> httpx.Response:
        """Send the form."""
        form = {"area": NORTH, "sms": TYPED, "kind": ["general"], "language": "ja"} | fields
        return self.client.post(path, data=form)

    def send(self) -> None:
        """Send what waits, now."""
        self.office.now = utc_now()
        self.office.send()

    def enter(self, code: str = "") -> httpx.Response:
        """Enter a code: that of the last short message."""
        return self.client.post("/register/code", data={"code": code or self.office.code()})

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Rows of the database."""
        return self.office.database.rows(query)


@contextmanager
def register_app(server: Server, plan: tuple[str, Path], folder: Path) -> Iterator[House]:
    """An app over a city like the template of the plan, with keys and the carriers' secrets."""
    made = server.create(plan[0])
    sealer, engine = a_sealer(folder), connect(made.url)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("NIGEMICHI_KEYS", str(sealer.path))
        environment.setenv("NIGEMICHI_LINE_SECRET", "line secret")
        environment.setenv("NIGEMICHI_TWILIO_TOKEN", "twilio token")
        app = create(plan[1], made.url)
        with TestClient(app, follow_redirects=False) as client:
            yield House(client, Office(engine, made, sealer))
    engine.dispose()
    server.drop(made)


def emptied(house: House) -> House:
    """The same with nobody registered, nothing sent and nobody slowed down."""
    with house.office.engine.begin() as connection:
        connection.exec_driver_sql(
            "TRUNCATE recipient, recipient_address, address_check, webhook_event,"
            " household_link, household_session RESTART IDENTITY CASCADE"
        )
    for kept in house.office.kept.values():
        kept.batches.clear()
    house.client.cookies.clear()
    app = house.client.app
    assert isinstance(app, FastAPI)
    app.state.limits, app.state.registering = Limits(), Registering(house.office.engine)
    return house
