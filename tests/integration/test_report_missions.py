"""Which mission a report is of: its sender's own, or none; by it no report is ever lost."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from city.staff import Role
from tests.integration.databases import Server
from tests.integration.missioned import MissionNight, emptied, mission_night
from tests.integration.small_city import position
from tests.integration.staffed import Signed, signed_in


@pytest.fixture(scope="module")
def app(server: Server, homes_plan: tuple[str, Path]) -> Iterator[MissionNight]:
    with mission_night(server, homes_plan) as made:
        yield made


@pytest.fixture
def night(app: MissionNight) -> MissionNight:
    return emptied(app)


def send(night: MissionNight, by: Signed, mission: int, **body: Any) -> Any:
    """Report a slide."""
    lat, lon = position(6.5, 3.0)
    where = {"type": "Point", "coordinates": [lon, lat]}
    given = {"id": str(uuid4()), "kind": "slide", "where": where, "error_m": 12, **body}
    found = night.client.post(
        "/api/v1/field/reports", json=given | {"mission": mission}, headers=by.headers()
    )
    assert found.status_code == 200, found.text
    return found.json()


def kept(night: MissionNight) -> list[Any]:
    """The missions of all reports."""
    return [row[0] for row in night.database.rows("SELECT mission_id FROM observation")]


def test_a_report_of_ones_own_mission_is_of_it_also_when_it_comes_after_the_return(
    night: MissionNight,
) -> None:
    number = night.begin()
    assert send(night, night.team, number)["no_mission"] == ""
    night.say("returned", number)
    assert send(night, night.team, number)["no_mission"] == ""
    assert kept(night) == [number, number]


def test_a_report_of_a_mission_that_is_none_is_taken_without_it_and_says_so(
    night: MissionNight,
) -> None:
    told = send(night, night.team, 9_000_000)
    assert told["status"] == "taken"
    assert "任務 9000000 はありません" in told["no_mission"]
    assert told["words"].endswith(told["no_mission"] + "。")
    assert kept(night) == [None]
    ((_, _, details),) = night.log("observation.reported")
    assert details["not_of_mission"] == 9_000_000


def test_a_report_of_another_teams_mission_is_taken_without_it_and_says_so(
    night: MissionNight,
) -> None:
    number = night.begin()
    told = send(night, night.other, number)
    assert told["status"] == "taken"
    assert "あなたの班の任務ではありません" in told["no_mission"]
    assert kept(night) == [None]
    again = send(night, night.other, number, id=told["id"])
    assert (again["status"], again["no_mission"]) == ("known", told["no_mission"])


def test_headquarters_and_the_telephone_may_write_down_for_any_team(night: MissionNight) -> None:
    number = night.begin()
    for by in (night.officer, night.scribe, signed_in(night.engine, Role.APPROVER)):
        assert send(night, by, number)["no_mission"] == ""
    assert kept(night) == [number] * 3
    assert send(night, night.scribe, number + 1)["no_mission"]
