"""Reports over HTTP: from teams, and what headquarters is shown and says."""

import base64
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from api.app import create
from city.staff import Role
from data.database import connect
from operations.planning.planner import Planner
from tests.integration.databases import Database, Server
from tests.integration.processes import wait_for
from tests.integration.small_city import position
from tests.integration.staffed import Signed, a_tablet, signed_in
from tests.pictures import a_photo
from tests.unit.api.served import TestClient

HERE = (6.5, 3.0)


@dataclass
class Night:
    """The app over the small city: a team with a tablet, headquarters, the planner."""

    client: TestClient
    database: Database
    team: Signed
    officer: Signed
    planner: Planner

    def send(self, by: Signed | None = None, status: int = 200, **body: Any) -> Any:
        """Report a slide."""
        lat, lon = position(*HERE)
        where = {"type": "Point", "coordinates": [lon, lat]}
        given = {"id": str(uuid4()), "kind": "slide", "where": where, "error_m": 12, **body}
        headers = (by or self.team).headers()
        found = self.client.post("/api/v1/field/reports", json=given, headers=headers)
        assert found.status_code == status, found.text
        return found.json()

    def hq(self, path: str, status: int = 200, by: Signed | None = None, **body: Any) -> Any:
        """What headquarters is answered."""
        headers, path = (by or self.officer).headers(), f"/api/v1/headquarters{path}"
        if body:
            found = self.client.post(path, json=body, headers=headers)
        else:
            found = self.client.get(path, headers=headers)
        assert found.status_code == status, found.text
        assert status != 200 or found.headers["cache-control"] == "no-store"
        return found.json()


@pytest.fixture(scope="module")
def app(
    server: Server, homes_plan: tuple[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Night]:
    made = server.create(homes_plan[0])
    state = tmp_path_factory.mktemp("reports") / "state"
    engine = connect(made.url)
    planner = Planner(engine, state)
    planner.catch_up()
    with TestClient(create(state, made.url)) as client:
        team, officer = a_tablet(engine, None, Role.FIELD), signed_in(engine, Role.OPERATOR)
        yield Night(client, made, team, officer, planner)
    engine.dispose()
    server.drop(made)


@pytest.fixture
def night(app: Night) -> Night:
    """The same with nothing reported."""
    with app.planner.engine.begin() as connection:
        connection.exec_driver_sql("TRUNCATE observation, closure, observation_photo CASCADE")
    return app


def with_photo() -> dict[str, Any]:
    return {"photo": {"id": str(uuid4()), "jpeg": base64.b64encode(a_photo()).decode()}}


def test_a_report_with_a_thumbnail_suspends_and_says_so(night: Night) -> None:
    told = night.send(**with_photo())
    assert told["effect"] == "suspended"
    assert "外しました" in told["words"]
    again = night.send(id=told["id"], **with_photo())
    assert (again["status"], again["effect"]) == ("known", "suspended")
    (closure,) = night.hq("/reports")["closures"]
    assert closure["reports"] == [told["id"]]
    assert not closure["asks"]


def test_a_broken_picture_loses_no_report_and_suspends_nothing(night: Night) -> None:
    jpeg = base64.b64encode(b"MZ\x90\x00 this is a program").decode()
    told = night.send(photo={"id": str(uuid4()), "jpeg": jpeg})
    assert told["no_photo"]
    assert told["effect"] == "doubted"
    assert night.send(photo={"id": str(uuid4()), "jpeg": "?"})["no_photo"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"where": {"type": "Point", "coordinates": [math.inf, 29.6]}},
        {"where": {"type": "Point", "coordinates": ["135", None]}},
        {"where": {"type": "Point", "coordinates": [29.6, 135.4]}},
        {"where": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 1], [1, 0], [0, 0]]]}},
        {"where": {"type": "LineString", "coordinates": [[135, 29.6]] * 1}},
        {"where": {"type": "LineString", "coordinates": [[135, 29.6]] * 501}},
        {"error_m": -1},
        {"kind": "aliens"},
        {"link": "javascript:alert(1)"},
        {"note": "x" * 201},
        {"note": "a\x00b"},
        {"link": "https://city.example@evil.example/x"},
        {"link": "https://a:99999/x"},
        {"where": {"type": "Point", "coordinates": [True, False]}},
        {"where": {"type": "Point", "coordinates": [10**400, 29.6]}},
        {"at": "2026-11-28T02:10:00"},
        {"photo": {"id": "1", "jpeg": ""}},
        {"more": 1},
    ],
    ids=range(18),
)
def test_what_is_not_understood_is_refused_and_nothing_is_kept(
    night: Night, wrong: dict[str, Any]
) -> None:
    lat, lon = position(*HERE)
    where = {"type": "Point", "coordinates": [lon, lat]}
    given = {"id": str(uuid4()), "kind": "slide", "where": where, "error_m": 12} | wrong
    found = night.client.post(
        "/api/v1/field/reports",
        content=json.dumps(given),
        headers=night.team.headers() | {"content-type": "application/json"},
    )
    assert found.status_code in (400, 422), found.text
    assert night.database.one("SELECT count(*) FROM observation") == 0


def test_the_phone_desk_writes_down_what_somebody_says_and_closes_nothing(night: Night) -> None:
    scribe = signed_in(night.planner.engine, Role.PHONE)
    for _ in range(3):
        assert night.send(scribe, **with_photo())["effect"] == "doubted"
    (first, *_) = night.hq("/reports")["reports"]
    assert first["state"] == "corroborated"
    assert first["source"] == ""


def test_headquarters_confirms_and_resolves_with_an_outcome_that_the_team_reads(
    night: Night,
) -> None:
    told = night.send(**with_photo())
    path = f"/reports/{told['id']}"
    assert night.hq(path, state="confirmed")["closed"]
    assert night.hq(path, state="confirmed", status=409)["type"]
    done = night.hq(path, state="resolved", outcome="土砂を片づけました")
    assert done["reopened"]
    found = night.client.get("/api/v1/field/reports", headers=night.team.headers()).json()
    (mine,) = found["reports"]
    assert (mine["state"], mine["outcome"]) == ("resolved", "土砂を片づけました")


def test_a_suspension_that_came_of_age_asks_and_stays(night: Night) -> None:
    night.send(**with_photo())
    (closure,) = night.hq("/reports")["closures"]
    night.database.rows("UPDATE closure SET begun_at = now() - interval '61 minutes' RETURNING 1")
    (closure,) = night.hq("/reports")["closures"]
    assert closure["asks"]
    night.planner.catch_up()
    assert night.planner.standing is not None
    assert night.planner.standing.version.picture.closures
    night.client.post(
        f"/api/v1/headquarters/closures/{closure['number']}/stands",
        headers=night.officer.headers(),
    ).raise_for_status()
    (closure,) = night.hq("/reports")["closures"]
    assert not closure["asks"]


def test_two_reports_of_one_place_are_proposed_as_one_and_merged(night: Night) -> None:
    at = datetime.now(UTC) - timedelta(minutes=5)
    one, other = night.send(at=at.isoformat()), night.send(error_m=20)
    board = {row["id"]: row for row in night.hq("/reports")["reports"]}
    assert board[other["id"]]["twin"] == one["id"]
    night.hq(f"/reports/{other['id']}/twin", into=one["id"])
    board = {row["id"]: row for row in night.hq("/reports")["reports"]}
    assert board[other["id"]]["merged_into"] == one["id"]
    assert board[other["id"]]["twin"] is None
    night.hq(f"/reports/{one['id']}/twin", into=one["id"], status=409)


def test_open_pages_hear_of_a_suspended_street_in_the_same_moment(night: Night) -> None:
    def told_of(number: int) -> bool:
        """Whether whoever asks is told of that closure."""
        found = night.client.get("/api/v1/live/changes?topics=roads").json()
        there = {one["key"]: one["state"] for one in found["snapshot"] if one["topic"] == "roads"}
        state = there.get(str(number))
        assert state is None or (len(state["line"]) > 1 and not state["confirmed"])
        assert told["id"] not in str(found)
        return state is not None

    told = night.send(**with_photo())
    (closure,) = night.hq("/reports")["closures"]
    wait_for("the street is told", lambda: told_of(closure["number"]))
    night.hq(f"/reports/{told['id']}", state="refuted")
    wait_for("it is gone", lambda: not told_of(closure["number"]))


def test_a_team_sees_no_board_and_headquarters_no_other_teams_list(night: Night) -> None:
    night.send()
    headers = night.team.headers()
    assert night.client.get("/api/v1/headquarters/reports", headers=headers).status_code == 403
    found = night.client.get("/api/v1/field/reports", headers=night.officer.headers())
    assert found.json()["reports"] == []


def test_a_flood_of_strangers_pushes_no_team_off_the_board(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("operations.observing.board.MOST", 3)
    mine = night.send()
    scribe = signed_in(night.planner.engine, Role.PHONE)
    for _ in range(4):
        night.send(scribe)
    board = night.hq("/reports")
    assert board["reports"][0]["id"] == mine["id"]
    assert (len(board["reports"]), board["more"]) == (3, 2)


def test_an_id_of_somebody_elses_report_is_refused_and_keeps_nothing(night: Night) -> None:
    told = night.send()
    other = a_tablet(night.planner.engine, None, Role.FIELD)
    assert "別の人の報告" in night.send(other, id=told["id"], status=409)["detail"]
    assert night.database.one("SELECT count(*) FROM observation") == 1


def test_a_team_hears_that_its_clock_is_ahead(night: Night) -> None:
    at = datetime.now(UTC) + timedelta(hours=2)
    assert "時計" in night.send(at=at.isoformat())["words"]
