"""People with a link of their own, and what they are told, straight in the tables of a city."""

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import Response
from sqlalchemy import Engine
from sqlalchemy import text as sql

from alerts.kinds import AlertKind, Language, Status, Step
from alerts.registration import AccessNeed, Standing, Wishes
from api.app import create
from api.gate.ratelimit import Limits
from api.registering import Registering
from city.position import Position
from data import recipients
from data.database import connect, transaction
from data.rows import current_load
from data.sealing import Sealer
from operations.delivery.opening import LINK
from tests.integration.databases import Server
from tests.integration.registered import a_sealer
from tests.integration.small_city import position
from tests.integration.toldrows import BORN, Told
from tests.unit.alerts.asase import a_notice, an_alert, rendering
from tests.unit.api.served import TestClient

HOME = Position(*position(4.4, 5.1))
SHOWN = re.compile(r'name="shown" value="([^"]*)"')
BUTTON = re.compile(r"<button[^>]*>([^<]+)</button>")


def press(client: TestClient, link: str, query: str = "") -> Response:
    """They open their link and press the button, for what the page showed."""
    (shown,) = SHOWN.findall(client.get(link).text) or [""]
    return client.post(f"{link}/seen{query}", data={"shown": shown})


@dataclass
class Readers:
    """A loaded city with keys, and a clock that stands where the test puts it."""

    engine: Engine
    sealer: Sealer
    now: datetime

    @property
    def told(self) -> Told:
        """What writes alerts, by this clock."""
        return Told(self.engine, self.now)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of the database."""
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(sql(query))]

    def clock(self) -> datetime:
        """The time here."""
        return self.now

    def later(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)

    def person(
        self,
        language: Language = Language.JAPANESE,
        *,
        at: Position | None = None,
        needs: Collection[AccessNeed] = (),
        status: Status = Status.ACTUAL,
    ) -> int:
        """Somebody who registered and confirmed; returns their number."""
        where = Standing(area_name="北町一丁目", position=at)
        wishes = Wishes(where, frozenset(AlertKind), language, frozenset(needs))
        with transaction(self.engine, latest=True) as connection:
            code = current_load(connection).code
            count = connection.execute(sql("SELECT count(*) FROM recipient")).scalar_one()
            token = f"token {count}"
            number = recipients.add(connection, code, status, wishes, token, self.now)
            recipients.confirm(connection, number, self.now)
        return number

    def link(self, person: int) -> str:
        """The path of their own link."""
        return f"/r/{self.sealer.stamp(LINK, person)}"

    def leave(self, person: int, *, merged_into: int | None = None) -> None:
        """They leave, or turn out to be somebody else."""
        with transaction(self.engine, latest=True) as connection:
            recipients.leave(connection, person, self.now, merged_into=merged_into)

    def tell(
        self,
        people: Sequence[int],
        *,
        alert: int | None = None,
        level: int | None = 4,
        step: Step = Step.ISSUE,
        drill: bool = False,
        lasts: timedelta = timedelta(hours=2),
        reason: str = "浅瀬川の水位が、上がっています。",
        **values: Any,
    ) -> tuple[int, int]:
        """A revision in the words of the standard templates, sent to people; (alert, revision)."""
        status = Status.EXERCISE if drill else Status.ACTUAL
        kind = AlertKind.EVACUATION if level else AlertKind.LIFELINE
        case = self.told.alert(status, kind) if alert is None else alert
        # Of a notice its own subject and reason stand.
        said = an_alert(level=level, drill=drill, reason=reason) if level else a_notice()
        expires = self.now + lasts
        record = replace(said, number=case, step=step, made_at=self.now, expires_at=expires)
        more: dict[str, Any] = {"level": level, "hazard": record.hazard, "expires_at": expires}
        more |= {"subject": record.subject, "rendered": rendering(record).to_dict(), **values}
        number = self.told.revision(case, step=step, **more)
        with transaction(self.engine, latest=True) as connection:
            for person in people:
                connection.execute(
                    sql("INSERT INTO delivery VALUES (:revision, :who, 2, 1, 2, false, 1)"),
                    {"revision": number, "who": person},
                )
        return case, number


@contextmanager
def reader_app(server: Server, plan: tuple[str, Path], folder: Path) -> Iterator[TestClient]:
    """An app with keys over a city like the template of the plan."""
    made, sealer = server.create(plan[0]), a_sealer(folder)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("NIGEMICHI_KEYS", str(sealer.path))
        with TestClient(create(plan[1], made.url)) as client:
            client.app_state |= {"sealer": sealer, "url": made.url}
            yield client
    server.drop(made)


@contextmanager
def readers_of(client: TestClient) -> Iterator[Readers]:
    """The city of such an app with nobody registered, nothing told and nobody slowed down."""
    engine = connect(client.app_state["url"])
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "TRUNCATE recipient, recipient_address, address_check, alert, alert_revision,"
            " alert_order, evacuation_order, delivery, confirmation RESTART IDENTITY CASCADE"
        )
    app = client.app
    assert isinstance(app, FastAPI)
    app.state.limits, app.state.registering = Limits(), Registering(engine)
    yield Readers(engine, client.app_state["sealer"], BORN)
    engine.dispose()


def plain(page: str) -> str:
    """What is read of a page."""
    body = page.split("<main", 1)[1].split("</main>", 1)[0]
    return re.sub(r"<[^>]+>", "", body)
