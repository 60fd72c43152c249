"""Headquarters with two people and a city whose words are adopted, for tests of alerts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from api.app import create
from city.staff import Role
from data.alerts.wordings import confirm_reading
from data.database import transaction
from data.rows import current_load
from operations.alerts.adopting import adopt_all, list_templates
from tests.integration.databases import Database, Server, connected
from tests.integration.staffed import Signed, signed_in
from tests.unit.api.served import TestClient

ALERTS = "/api/v1/headquarters/alerts"
WORDING = "/api/v1/headquarters/wording"
AREA, OTHER = "下浅瀬一丁目", "下浅瀬二丁目"
READINGS = {
    "浅瀬": "あさせ",
    "下浅瀬": "しもあさせ",
    "本町": "ほんちょう",
    "浅瀬中央": "あさせちゅうおう",
}
FLOOD: dict[str, Any] = {
    "kind": "evacuation",
    "hazard": "flood",
    "level": 4,
    "areas": [AREA],
    "reason": "川の水が、あふれるおそれがあります。",
}
"""避難情報, for one area."""
GENERAL: dict[str, Any] = {
    "kind": "general",
    "hazard": None,
    "level": None,
    "areas": [],
    "subject": "川を見に行かない",
    "action": "家にいること。",
}
"""What is no 避難情報, laid over `FLOOD`: its area is chosen by a test."""


@dataclass
class Headquarters:
    """The API as two people of headquarters use it."""

    client: TestClient
    engine: Engine
    database: Database
    writer: Signed
    approver: Signed

    def ask(self, by: Signed, path: str, body: Any = None, method: str = "POST") -> Any:
        """What the API answers, whatever it is."""
        return self.client.request(method, path, json=body, headers=by.headers())

    def get(self, path: str) -> Any:
        """What it answers to the writer, which is well."""
        answer = self.ask(self.writer, path, method="GET")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def draft(self, **changes: Any) -> dict[str, Any]:
        """A draft by the writer, as the API shows it."""
        return self.well(self.ask(self.writer, ALERTS, FLOOD | changes))

    def revise(self, alert: int, **changes: Any) -> dict[str, Any]:
        """The next revision of an alert, as a draft."""
        return self.well(self.ask(self.writer, f"{ALERTS}/{alert}/revisions", FLOOD | changes))

    def decide(self, by: Signed, number: int, decision: str, **more: Any) -> Any:
        """One decision; whatever the API answers."""
        body = {"decision": decision, **more}
        return self.ask(by, f"{ALERTS}/{number}/decision", body)

    def send(self, shown: dict[str, Any]) -> dict[str, Any]:
        """The writer submits what is shown, the approver releases it."""
        number = shown["number"]
        submitted = self.well(self.decide(self.writer, number, "submit"))
        seen = {"digest": submitted["digest"], "second_look": True}
        return self.well(self.decide(self.approver, number, "approve", **seen))

    def well(self, answer: Any) -> dict[str, Any]:
        """The answer's table."""
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def orders(self) -> list[tuple[Any, ...]]:
        """The orders that stand: hazard, level, areas."""
        return self.database.rows(
            "SELECT hazard, level, area_names FROM evacuation_order WHERE ended_at IS NULL"
            " ORDER BY id"
        )


@dataclass(frozen=True, slots=True)
class Manned:
    """A database, as it is or as a template, in whose city both people have signed in."""

    database: Database
    writer: Signed
    approver: Signed


def manned(engine: Engine, database: Database) -> Manned:
    """Both sign in to a database with a city; nothing is in force, its words are adopted."""
    made = Manned(database, signed_in(engine, Role.OPERATOR), signed_in(engine, Role.APPROVER))
    database.rows("DELETE FROM evacuation_order RETURNING 1")
    database.rows(
        "INSERT INTO household (load_id, number, area, persons, geom)"
        " SELECT load_id, number, number, 3, ST_PointOnSurface(geom) FROM area"
        " WHERE kind = 'chome' RETURNING 1"
    )
    _adopt_words(engine, made)
    return made


def _adopt_words(engine: Engine, by: Manned) -> None:
    """The approver answers for all words, the writer for readings; straight, for speed."""
    with transaction(engine, latest=True) as connection:
        code = current_load(connection).code
        keys = [one["key"] for one in list_templates(connection)]
        for name, kana in READINGS.items():
            confirm_reading(connection, code, name, kana, by.writer.caller.actor)
    adopt_all(engine, by.approver.caller, keys, now=datetime.now(UTC))


@contextmanager
def served(people: Manned, engine: Engine, state: Path) -> Iterator[Headquarters]:
    """The API over their database."""
    app = create(state, people.database.url)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Headquarters(client, engine, people.database, people.writer, people.approver)


@contextmanager
def copied(server: Server, template: Manned, state: Path) -> Iterator[Headquarters]:
    """The API over a copy of their database."""
    made = server.create(template.database.name)
    try:
        with connected(made.url) as engine:
            people = Manned(made, template.writer, template.approver)
            with served(people, engine, state) as hq:
                yield hq
    finally:
        server.drop(made)


@contextmanager
def headquarters(engine: Engine, database: Database, state: Path) -> Iterator[Headquarters]:
    """Over a database with a city; its words are adopted."""
    with served(manned(engine, database), engine, state) as made:
        yield made
