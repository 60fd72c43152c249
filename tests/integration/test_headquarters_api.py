"""The JSON of headquarters, through the gate, on the fictional town."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine
from sqlalchemy import text as sql

from api.app import create
from city.staff import Role
from data.database import transaction
from hazards.kinds import AlertLevel, HazardKind
from operations.changes import set_level
from operations.places.needs import report_need
from shelters.needs import GivenNeed, NeedKind
from tests.integration.databases import Database
from tests.integration.staffed import Signed, a_tablet, signed_in
from tests.unit.api.served import TestClient

HQ = "/api/v1/headquarters"


@pytest.fixture
def client(town_database: Database, tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(create(tmp_path / "state", town_database.url)) as made:
        yield made


@pytest.fixture
def operator(town_engine: Engine) -> Signed:
    return signed_in(town_engine, Role.OPERATOR)


@pytest.fixture
def site(town_database: Database) -> str:
    found: str = town_database.one(
        "SELECT id FROM evacuation_site WHERE 'flood' = ANY(designated_for) ORDER BY number LIMIT 1"
    )
    return found


def post(client: TestClient, by: Signed, path: str, **body: Any) -> Any:
    return client.post(f"{HQ}{path}", json=body, headers=by.headers())


def picture(client: TestClient, by: Signed) -> Any:
    answer = client.get(HQ, headers=by.headers())
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    return answer.json()


def of(table: Any, site: str) -> Any:
    return next(one for one in table["sites"] if one["id"] == site)


def test_the_picture_is_that_of_a_fictional_town_with_all_its_places(
    client: TestClient, operator: Signed, town_database: Database
) -> None:
    found = picture(client, operator)
    assert found["fictional"]
    assert "架空" in found["city"]
    assert len(found["sites"]) == town_database.one(
        "SELECT count(*) FROM evacuation_site JOIN city_load ON load_id = city_load.id AND current"
    )
    inside = [one for area in found["areas"] for one in area["sites"]]
    assert inside
    assert set(inside) <= {one["id"] for one in found["sites"]}
    assert all(one["designated_for"] for one in found["sites"])
    assert {order["number"] for order in found["orders"]} == {
        one["order"] for one in found["unopened"]
    }


def test_a_place_is_opened_in_steps(client: TestClient, operator: Signed, site: str) -> None:
    soon = (datetime.now(UTC) + timedelta(minutes=30)).isoformat()
    path = f"/sites/{site}/opening"
    said = {"opening": "preparing", "stage": "staff_on_the_way", "expected_at": soon}
    answer = post(client, operator, path, **said)
    assert answer.status_code == 200
    assert answer.json()["site"]["stage"] == "staff_on_the_way"
    assert post(client, operator, path, opening="open").json()["site"]["opening"] == "open"
    assert of(picture(client, operator), site)["opening"] == "open"


def test_what_is_no_step_is_a_conflict_in_japanese(
    client: TestClient, operator: Signed, site: str
) -> None:
    path = f"/sites/{site}/opening"
    post(client, operator, path, opening="closed")
    answer = post(client, operator, path, opening="full")
    assert (answer.status_code, answer.headers["content-type"]) == (
        *(409, "application/problem+json"),
    )
    assert answer.json()["title"] == "この操作はできません"
    assert "閉鎖から満員には変えられません" in answer.json()["detail"]


def test_telephone_numbers_are_in_the_picture_alone(
    client: TestClient, operator: Signed, site: str
) -> None:
    contact = {
        "phone": "042-000-0000",
        "key_holder": "架空 太郎",
        "key_holder_phone": "042-000-1111",
    }
    answer = post(client, operator, f"/sites/{site}/contact", **contact)
    assert answer.status_code == 200
    assert "042-000" not in answer.text
    assert of(picture(client, operator), site)["contact"] == contact
    for path in ("/api/v1/live/changes", "/api/v1/sites"):
        assert "042-000" not in client.get(path).text


def test_a_number_told_by_phone_is_in_the_figure(
    client: TestClient, operator: Signed, site: str
) -> None:
    post(client, operator, f"/sites/{site}/opening", opening="open")
    phone = str(uuid4())
    for status in ("applied", "known"):
        answer = post(client, operator, f"/sites/{site}/count", persons=41, id=phone)
        assert [one["status"] for one in answer.json()["results"]] == [status]
    found = of(picture(client, operator), site)
    assert (found["raw_persons"], found["raw_counted_by"]) == (41, "電話")


def test_rooms_facilities_and_calls_are_kept(
    client: TestClient, operator: Signed, site: str
) -> None:
    room = {"room": "1", "name": "体育館", "capacity": 200, "in_use": True}
    assert post(client, operator, f"/sites/{site}/rooms", **room).status_code == 200
    pets = {"facility": "pets", "offered": True}
    assert post(client, operator, f"/sites/{site}/facilities", **pets).status_code == 200
    called = {"outcome": "no_answer", "note": "呼び出し音だけ"}
    assert post(client, operator, f"/sites/{site}/call", **called).status_code == 200
    found = of(picture(client, operator), site)
    assert [one["name"] for one in found["rooms"]] == ["体育館"]
    assert "pets" in found["facilities"]
    assert [(one["outcome"], one["called_by"]) for one in found["calls"]] == [
        ("no_answer", "架空 太郎")
    ]


def test_a_need_is_answered(
    client: TestClient, operator: Signed, site: str, town_engine: Engine
) -> None:
    tablet, now = a_tablet(town_engine, site), datetime.now(UTC)
    given = GivenNeed(uuid4(), NeedKind.SUPPLIES, "毛布 30枚", now)
    report_need(town_engine, tablet.caller, site, given, now)
    (waiting,) = picture(client, operator)["needs"]
    assert (waiting["site_id"], waiting["state"]) == (site, "sent")
    answer = post(client, operator, f"/needs/{given.id}", state="done", answer="届けました")
    assert answer.status_code == 200
    assert picture(client, operator)["needs"] == []
    again = post(client, operator, f"/needs/{given.id}", state="accepted")
    assert again.status_code == 409
    assert post(client, operator, f"/needs/{uuid4()}", state="done").status_code == 404


def test_rule_14_a_level_takes_two_people_and_warns_of_places_not_open(
    client: TestClient, town_engine: Engine
) -> None:
    both, other = (signed_in(town_engine, Role.OPERATOR, Role.APPROVER) for _ in range(2))
    asked = {"hazard": "large_fire", "level": 4, "whole_city": True, "reason": "延焼"}
    made = post(client, both, "/proposals", **asked)
    assert made.status_code == 200
    (proposal,) = picture(client, other)["proposals"]
    assert (proposal["number"], proposal["proposed_by"]) == (
        made.json()["number"],
        both.caller.actor,
    )
    assert proposal["unopened"] == made.json()["unopened"]
    path = f"/proposals/{proposal['number']}"
    own = post(client, both, path, decision="approved")
    assert (own.status_code, own.json()["type"]) == (409, "urn:nigemichi:problem:self-approval")
    assert "自分の提案は承認できません" in own.json()["detail"]
    order = post(client, other, path, decision="approved").json()["order"]
    assert order in [one["number"] for one in picture(client, other)["orders"]]
    lifting = post(client, both, f"/orders/{order}/lift", why="鎮火").json()["number"]
    assert order in [one["number"] for one in picture(client, other)["orders"]]
    assert post(client, other, f"/proposals/{lifting}", decision="approved").status_code == 200
    assert order not in [one["number"] for one in picture(client, other)["orders"]]
    assert post(client, other, path, decision="approved").status_code == 409
    assert post(client, both, f"/orders/{order}/lift", why="鎮火").status_code == 409


def test_an_operator_does_not_approve(client: TestClient, town_engine: Engine) -> None:
    one, two = (signed_in(town_engine, Role.OPERATOR) for _ in range(2))
    asked = {"hazard": "large_fire", "level": 3, "whole_city": True, "reason": "延焼"}
    number = post(client, one, "/proposals", **asked).json()["number"]
    assert post(client, two, f"/proposals/{number}", decision="approved").status_code == 403
    assert post(client, one, f"/proposals/{number}", decision="withdrawn").status_code == 200


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/sites/{site}/opening", {"opening": "ajar"}, 422),
        ("/sites/{site}/opening", {"opening": "unconfirmed"}, 409),
        ("/sites/{site}/opening", {"opening": "open", "so": "what"}, 422),
        ("/sites/{site}/opening", {"opening": "preparing", "expected_at": "2026-09-01T10:00"}, 422),
        ("/sites/{site}/opening", {"opening": "open", "note": "042-000-0000"}, 409),
        ("/sites/{site}/opening", {}, 422),
        ("/sites/nowhere/opening", {"opening": "open"}, 404),
        ("/sites/%00/opening", {"opening": "open"}, 404),
        ("/sites/{site}/count", {"persons": -1}, 422),
        ("/sites/{site}/count", {"persons": 10**6}, 422),
        ("/sites/{site}/rooms", {"room": "\u0000", "name": "体育館"}, 409),
        ("/sites/{site}/rooms", {"room": "1", "name": "体育館", "capacity": 20001}, 422),
        ("/sites/{site}/facilities", {"facility": "pool", "offered": True}, 422),
        ("/sites/{site}/contact", {"phone": "本部"}, 409),
        ("/sites/{site}/call", {"outcome": "busy"}, 422),
        ("/needs/7", {"state": "done"}, 422),
        ("/proposals", {"hazard": "flood", "level": 2, "reason": "雨"}, 422),
        ("/proposals", {"hazard": "flood", "level": 4, "reason": "雨"}, 409),
        ("/proposals", {"reason": "雨"}, 409),
        ("/proposals", {"hazard": "flood", "level": 4, "areas": ["\u0000"], "reason": "雨"}, 404),
        ("/proposals/0", {"decision": "approved"}, 422),
        ("/proposals/999999", {"decision": "approved"}, 404),
        ("/orders/999999/lift", {"why": "雨"}, 409),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    client: TestClient, operator: Signed, site: str, path: str, body: dict[str, Any], status: int
) -> None:
    before = picture(client, operator)
    answer = client.post(HQ + path.format(site=site), json=body, headers=operator.headers())
    assert (answer.status_code, answer.headers["content-type"]) == (
        *(status, "application/problem+json"),
    )
    assert answer.json()["detail"]
    after = picture(client, operator)
    assert {**after, "now": ""} == {**before, "now": ""}


def test_what_cannot_be_saved_is_said_to_be_lost_for_now(
    client: TestClient, operator: Signed, site: str, town_engine: Engine
) -> None:
    with transaction(town_engine) as connection:
        connection.execute(sql("ALTER TABLE site_opening RENAME TO gone"))
    answer = post(client, operator, f"/sites/{site}/opening", opening="open")
    assert (answer.status_code, answer.json()["title"]) == (503, "いまは保存できません")
    assert "site_opening" not in answer.text


def test_level_5_warns_of_no_place_since_nobody_is_sent_to_one(
    client: TestClient, operator: Signed, town_engine: Engine
) -> None:
    order = set_level(town_engine, HazardKind.FLOOD, AlertLevel.SECURE_NOW)
    found = picture(client, operator)
    assert order in {one["number"] for one in found["orders"]}
    assert order not in {one["order"] for one in found["unopened"]}


def test_areas_come_in_the_order_in_which_people_count(
    client: TestClient, operator: Signed
) -> None:
    names = [area["name"] for area in picture(client, operator)["areas"]]
    counted = [name for name in names if name.startswith("上浅瀬")]
    assert counted == sorted(counted, key=lambda name: "一二三四五六七八九".find(name[3]))
    assert len(counted) > 2
