"""02:10: a drone sees the bridge gone, and whoever could approve is away for 25 minutes.

The street is suspended at once and stays so. No way crosses it, open pages say so unapproved; only
new places and messages wait for a person, and reach only those who are moved.
"""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from api.app import create
from city.staff import CONSOLE, Role
from data.alerts.wordings import confirm_reading
from data.database import transaction
from data.rows import current_load
from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from operations.alerts.adopting import adopt_all, list_templates
from operations.household.turnouts import set_turnout
from operations.planning.planner import Planner
from operations.serving import utc_now
from routing.plan.assigned import NOWHERE
from shelters.place import Opening
from tests.integration.bridged import BRIDGE_AT, SOUTH, write_bridged_city
from tests.integration.databases import Database
from tests.integration.homed import AT, load
from tests.integration.processes import wait_for
from tests.integration.small_city import position
from tests.integration.staffed import Signed, a_tablet, signed_in
from tests.pictures import a_photo
from tests.unit.api.served import TestClient

HQ = "/api/v1/headquarters"


@dataclass
class Night:
    """The app, its planner, and who works."""

    client: TestClient
    database: Database
    planner: Planner
    drone: Signed
    officer: Signed
    approver: Signed

    def ask(self, path: str, by: Signed | None = None, **body: Any) -> Any:
        """What somebody of the staff is answered, well."""
        headers = (by or self.officer).headers()
        method = "POST" if body else "GET"
        found = self.client.request(method, path, json=body or None, headers=headers)
        assert found.status_code == 200, found.text
        return found.json()

    def plan(self) -> list[int]:
        """The place of each household, after the planner has seen everything."""
        while self.planner.catch_up():
            pass
        assert self.planner.standing is not None
        plan = self.planner.standing.version.plan
        assert plan is not None
        return [int(site) for site in plan.assigned.site]

    def pass_minutes(self, minutes: int) -> None:
        """As if so much time had passed since everything that was said of closures."""
        for column in ("begun_at", "reviewed_at"):
            self.database.rows(
                f"UPDATE closure SET {column} = {column} - interval '{minutes} minutes' RETURNING 1"  # noqa: S608
            )

    def way(self, household: int) -> dict[str, Any]:
        """What anybody is answered who stands at a household's door."""
        lat, lon = position(*AT[household])
        asked = f"/api/v1/guidance?lat={lat}&lon={lon}"
        served = self.client.get(asked)
        assert served.status_code == 200, served.text
        found: dict[str, Any] = served.json()
        return found

    def served(self) -> None:
        """Wait until the server answers by what was published last."""
        assert self.planner.standing is not None
        number = self.planner.standing.number
        wait_for("the version answers", lambda: self.way(0)["plan_version"] == number, closely=True)


@pytest.fixture
def night(engine: Engine, database: Database, tmp_path: Path) -> Iterator[Night]:
    load(engine, write_bridged_city(tmp_path / "city"))
    changes.set_level(engine, HazardKind.FLOOD, AlertLevel.ALL_LEAVE)
    set_turnout(engine, CONSOLE, {"level_4": 1, "zoned_level_4": 1}, reason="試験", now=utc_now())
    changes.open_site(engine, "南公園", Opening.CLOSED)
    planner = Planner(engine, tmp_path / "state")
    planner.catch_up()
    officer, approver = signed_in(engine, Role.OPERATOR), signed_in(engine, Role.APPROVER)
    with transaction(engine, latest=True) as connection:
        code = current_load(connection).code
        keys = [one["key"] for one in list_templates(connection)]
        names = {"北町": "きたまち", "南町": "みなみまち", "小浜": "こはま"}
        for name, kana in names.items():
            confirm_reading(connection, code, name, kana, officer.caller.actor)
    adopt_all(engine, approver.caller, keys, now=datetime.now(UTC))
    with TestClient(create(tmp_path / "state", database.url)) as client:
        yield Night(
            *(client, database, planner, a_tablet(engine, None, Role.FIELD), officer, approver)
        )


def report_bridge(night: Night) -> dict[str, Any]:
    lat, lon = position(*BRIDGE_AT)
    told: dict[str, Any] = night.ask(
        "/api/v1/field/reports",
        night.drone,
        id=str(uuid4()),
        kind="bridge",
        where={"type": "Point", "coordinates": [lon, lat]},
        error_m=12,
        photo={"id": str(uuid4()), "jpeg": b64encode(a_photo()).decode()},
    )
    return told


def test_ten_past_two(night: Night) -> None:
    before = night.plan()
    assert all(before[home] != NOWHERE for home in SOUTH)
    night.served()
    assert night.way(SOUTH[0])["route"] is not None

    told = report_bridge(night)
    assert told["effect"] == "suspended"
    # Open pages hear of the street itself, whether or not any plan is made.
    wait_for(
        "pages hear of it",
        lambda: '"reason":"橋の異常' in night.client.get("/api/v1/live/changes?topics=roads").text,
    )
    night.planner.catch_up()
    night.served()
    assert night.way(SOUTH[0])["route"] is None
    (shut,) = night.ask(f"{HQ}/reports")["closures"]

    # Whoever could approve is away: everybody's place stays as it was told, and some are cut off.
    assert night.plan() == before
    cut_off = night.way(SOUTH[0])
    assert cut_off["verdict"] == "secure_now"
    assert "no_way" in [reason["code"] for reason in cut_off["reasons"]]
    (waits,) = night.ask(f"{HQ}/plan")["waiting"]
    assert waits["facts"]["cut_off"] == len(SOUTH)
    assert [row["area"] for row in waits["facts"]["cut_off_areas"]] == ["南町二丁目"]

    night.pass_minutes(25)
    assert night.plan() == before
    night.pass_minutes(36)
    assert night.plan() == before
    (still,) = night.ask(f"{HQ}/reports")["closures"]
    assert still["asks"]
    assert still["number"] == shut["number"]
    night.served()
    assert night.way(SOUTH[0])["route"] is None

    # Back again: the move is released, and only those whom it moves are told.
    night.ask(f"{HQ}/held/{waits['number']}", night.approver, decision="apply")
    after = night.plan()
    assert [home for home in range(len(AT)) if after[home] != before[home]] == list(SOUTH)
    assert night.planner.standing is not None
    number = night.planner.standing.number
    drafted = night.ask(f"{HQ}/plan/{number}/notice", decision="draft")["alert"]
    assert night.ask(f"{HQ}/plan/{number}/notice", decision="draft")["alert"] == drafted
    alert = night.ask(f"{HQ}/alerts/{drafted}")
    assert alert["blast"]["households"] == len(SOUTH)
    assert "橋の異常" in alert["reason"]
    night.ask(f"{HQ}/alerts/{drafted}/decision", decision="submit")
    seen = night.ask(f"{HQ}/alerts/{drafted}")["digest"]
    night.ask(
        f"{HQ}/alerts/{drafted}/decision",
        night.approver,
        decision="approve",
        digest=seen,
        second_look=True,
    )
    reached = night.database.one("SELECT segment->'households' FROM alert_revision")
    assert sorted(reached) == list(SOUTH)
