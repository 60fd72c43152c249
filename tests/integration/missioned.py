"""A night with teams out: the app over the small city, a team's tablet, an officer, a scribe."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine

from api.app import create
from city.staff import Role
from data.database import connect, transaction
from data.people import audit
from operations.serving import utc_now
from tests.integration.databases import Database, Server
from tests.integration.staffed import Signed, a_tablet, signed_in
from tests.unit.api.served import TestClient

M = timedelta(minutes=1)
NORTH, SOUTH = "北町一丁目", "南町二丁目"


@dataclass
class MissionNight:
    """Whoever sends teams out, and the teams."""

    client: TestClient
    database: Database
    engine: Engine
    team: Signed
    other: Signed
    officer: Signed
    scribe: Signed
    logged: int = 0
    """Entries of the audit log from before."""

    def ask(self, path: str, status: int = 200, by: Signed | None = None, **body: Any) -> Any:
        """What headquarters is answered; a body is posted."""
        return self._ask(f"/api/v1/headquarters/{path}", status, by or self.officer, body)

    def field(
        self, path: str = "", status: int = 200, by: Signed | None = None, **body: Any
    ) -> Any:
        """What a team is answered."""
        return self._ask(f"/api/v1/field/mission{path}", status, by or self.team, body)

    def begin(self, team: str = "第2現地班", status: int = 200, **changes: Any) -> Any:
        """Send the team of the tablet out for an hour; returns the mission's number."""
        given = {
            "team": team,
            "contact": "無線 2ch",
            "members": [self.team.caller.actor],
            "what": "南町の橋を見る",
            "areas": [SOUTH],
            "withdraw_at": (utc_now() + 60 * M).isoformat(),
        }
        told = self.ask("missions", status, **given | changes)
        return told["number"] if status == 200 else told

    def say(self, word: str, number: int, status: int = 200, **changes: Any) -> Any:
        """The team says something, now."""
        given: dict[str, Any] = {"id": str(uuid4()), "mission": number, "at": utc_now().isoformat()}
        return self.field(f"/{word}", status, **given | changes)

    def line(self, number: int) -> Any:
        """A mission as the board shows it."""
        (found,) = [one for one in self.ask("missions")["missions"] if one["number"] == number]
        return found

    def ago(self, number: int, minutes: int) -> None:
        """Let a mission have begun so long ago."""
        self.database.rows(
            f"UPDATE mission SET started_at = started_at - interval '{minutes} minutes'"  # noqa: S608
            f" WHERE id = {number} RETURNING 1"
        )

    def live(self, key: str) -> Any:
        """What headquarters' screens were told last."""
        query = f"SELECT state FROM live_state WHERE topic = 'headquarters' AND key = '{key}'"  # noqa: S608
        return self.database.one(query)

    def log(self, action: str) -> list[tuple[str, str, Any]]:
        """(actor, subject, details) of the audit log's entries of an action."""
        with transaction(self.engine, latest=True) as connection:
            found = [one for one in audit.entries(connection) if one.action == action]
            found = [one for one in found if one.number > self.logged]
        return [(one.actor, one.subject, one.details) for one in found]

    def _ask(self, path: str, status: int, by: Signed, body: dict[str, Any]) -> Any:
        method = "POST" if body else "GET"
        found = self.client.request(method, path, json=body or None, headers=by.headers())
        assert found.status_code == status, found.text
        assert status != 200 or found.headers["cache-control"] == "no-store"
        return found.json()


@contextmanager
def mission_night(server: Server, plan: tuple[str, Path]) -> Iterator[MissionNight]:
    """The app over a copy of a city with its plan."""
    made = server.create(plan[0])
    engine = connect(made.url)
    with TestClient(create(plan[1], made.url)) as client:
        team, other = a_tablet(engine, None, Role.FIELD), a_tablet(engine, None, Role.FIELD)
        officer, scribe = signed_in(engine, Role.OPERATOR), signed_in(engine, Role.PHONE)
        yield MissionNight(client, made, engine, team, other, officer, scribe)
    engine.dispose()
    server.drop(made)


def emptied(night: MissionNight) -> MissionNight:
    """The same with nobody out and nothing in force."""
    with night.engine.begin() as connection:
        connection.exec_driver_sql(
            "TRUNCATE mission, mission_word, field_team, rescue_case, observation CASCADE"
        )
        connection.exec_driver_sql(
            "UPDATE evacuation_order SET ended_at = now() WHERE ended_at IS NULL"
        )
    night.logged = night.database.one("SELECT coalesce(max(number), 0) FROM audit_entry")
    return night


def iso(moment: datetime) -> str:
    """As the API takes it."""
    return moment.isoformat()
