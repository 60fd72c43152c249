"""The desk of a place over HTTP: tablets and staff, real tokens, a real database."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine
from sqlalchemy import text as sql

from api.app import create
from city.staff import Role
from data.places.placerows import city_of
from operations.people import auditing
from tests.integration.counted import OTHER, PLACE
from tests.integration.databases import Database
from tests.integration.staffed import Signed, a_tablet, signed_in
from tests.unit.api.served import TestClient


@pytest.fixture
def client(town_database: Database, with_plan: tuple[str, Any]) -> Iterator[TestClient]:
    """The app over the town's database and a published plan."""
    app = create(with_plan[1], town_database.url)
    with TestClient(app, raise_server_exceptions=False) as made:
        yield made


@pytest.fixture
def tablet(town_engine: Engine) -> Signed:
    """The tablet of a place."""
    return a_tablet(town_engine, PLACE)


def now() -> datetime:
    return datetime.now(UTC)


def a_count(kind: str, persons: int, **more: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "kind": kind, "persons": persons, "at": now().isoformat(), **more}


def post(client: TestClient, by: Signed, what: str, **body: Any) -> Any:
    return client.post(f"/api/v1/desk/{what}", json=body, headers=by.headers())


def send(client: TestClient, by: Signed, *counts: dict[str, Any], **more: Any) -> Any:
    return post(client, by, "counts", counts=counts, sent_at=now().isoformat(), **more)


def test_a_tablet_counts_for_its_place_without_naming_it(
    client: TestClient, tablet: Signed
) -> None:
    answer = send(client, tablet, a_count("total", 30), a_count("change", 2))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    told = answer.json()
    assert [one["status"] for one in told["results"]] == ["applied", "applied"]
    assert (told["site"]["id"], told["site"]["raw_persons"]) == (PLACE, 32)
    assert told["site"]["thresholds"] == {"some": 0.6, "crowded": 0.8, "full": 1.0}
    seen = client.get("/api/v1/desk/site", headers=tablet.headers()).json()
    assert (seen["raw_persons"], seen["server_now"] >= told["server_now"]) == (32, True)


def test_the_same_queue_twice_is_known_and_changes_nothing(
    client: TestClient, tablet: Signed
) -> None:
    queue = [a_count("change", 3), a_count("total", 40), a_count("still", 40)]
    first, again = send(client, tablet, *queue), send(client, tablet, *queue)
    assert {one["status"] for one in again.json()["results"]} == {"known"}
    assert again.json()["site"] == first.json()["site"]


def test_odd_counts_come_back_flagged_and_wait(client: TestClient, tablet: Signed) -> None:
    odd = a_count("total", 99_999)
    late = a_count("change", 1) | {"at": (now() - timedelta(hours=3)).isoformat()}
    told = send(client, tablet, odd, late).json()
    assert [(one["status"], one["flags"]) for one in told["results"]] == [
        ("held", ["ten_times"]),
        ("applied", ["late"]),
    ]
    assert [one["id"] for one in told["site"]["held"]] == [odd["id"]]


def test_a_code_that_another_place_has_counted_is_refused_with_a_flag(
    client: TestClient, town_engine: Engine, tablet: Signed
) -> None:
    code = a_count("change", 4, via="qr")
    send(client, a_tablet(town_engine, OTHER), code)
    told = send(client, tablet, code, a_count("change", 1)).json()
    assert [(one["status"], one["flags"]) for one in told["results"]] == [
        ("refused", ["elsewhere"]),
        ("applied", []),
    ]
    assert told["site"]["raw_persons"] == 1


def test_a_tablet_does_not_speak_for_another_place(client: TestClient, tablet: Signed) -> None:
    answer = send(client, tablet, a_count("total", 30), site=OTHER)
    assert (answer.status_code, "別の避難場所" in answer.json()["detail"]) == (403, True)
    path = f"/api/v1/desk/site?site={OTHER}"
    assert client.get(path, headers=tablet.headers()).status_code == 403


def test_what_a_tablet_may_not_read_is_in_the_audit_log(
    client: TestClient, tablet: Signed, town_engine: Engine
) -> None:
    asked = client.get("/api/v1/desk/site", params={"site": OTHER}, headers=tablet.headers())
    assert asked.status_code == 403
    (last,) = auditing.last_entries(town_engine, 1)
    assert (last.actor, last.action, last.subject) == (
        tablet.caller.actor,
        "place.read.refused",
        OTHER,
    )


def test_staff_name_the_place_they_speak_for(client: TestClient, town_engine: Engine) -> None:
    person = signed_in(town_engine, Role.DESK)
    unnamed = send(client, person, a_count("total", 5))
    assert (unnamed.status_code, "site=ID" in unnamed.json()["detail"]) == (409, True)
    assert send(client, person, a_count("total", 5), site=PLACE).status_code == 200
    assert send(client, person, a_count("total", 5), site="E0").status_code == 404


def test_nobody_without_a_token_counts(client: TestClient) -> None:
    body = {"counts": [a_count("total", 3)], "sent_at": now().isoformat(), "site": PLACE}
    answer = client.post("/api/v1/desk/counts", json=body, headers={"origin": "http://testserver"})
    assert answer.status_code == 401


NAIVE = "2026-09-01T20:41:00"


@pytest.mark.parametrize(
    ("count", "sent_at", "words"),
    [
        ({"at": NAIVE}, None, "+09:00"),
        ({}, NAIVE, "+09:00"),
        ({"at": "9999-12-31T23:59:59Z"}, None, "1970 to 2199"),
        ({"id": "7"}, None, "UUID"),
        ({"persons": 1_000_001}, None, "less than or equal to 1000000"),
        ({"room": "a\0b"}, None, "match pattern"),
        ({"persons": "3"}, None, "integer"),
        ({"persons": True}, None, "integer"),
        ({"room": "x" * 41}, None, "40 characters"),
        ({"room": ""}, None, "1 character"),
        ({"via": "telepathy"}, None, "'clicker'"),
        ({"via": "headquarters"}, None, "'clicker'"),
        ({"via": "phone"}, None, "'clicker'"),
        ({"name": "山田"}, None, "Extra inputs"),
    ],
)
def test_what_is_not_understood_is_refused_clearly(
    client: TestClient, tablet: Signed, count: dict[str, Any], sent_at: str | None, words: str
) -> None:
    body = {"counts": [a_count("total", 3) | count], "sent_at": sent_at or now().isoformat()}
    answer = post(client, tablet, "counts", **body)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert words in answer.json()["detail"]
    assert "山田" not in answer.text


def test_a_request_is_bounded(client: TestClient, tablet: Signed) -> None:
    at = now().isoformat()
    many = [{"id": str(uuid4()), "kind": "change", "persons": 1, "at": at} for _ in range(501)]
    assert send(client, tablet, *many).status_code == 422
    assert send(client, tablet).status_code == 422
    told = send(client, tablet, *many[:500])
    assert (told.status_code, told.json()["site"]["raw_persons"]) == (200, 500)


def test_the_desk_says_open_and_full_and_nothing_else(
    client: TestClient, town_engine: Engine, tablet: Signed
) -> None:
    officer = signed_in(town_engine, Role.OPERATOR)
    assert post(client, tablet, "opening", opening="closed").status_code == 422
    assert post(client, officer, "opening", site=PLACE, opening="open").status_code == 200
    with town_engine.begin() as connection:
        ago = "UPDATE site_opening SET begun_at = now() - interval '2 min' WHERE ended_at IS NULL"
        connection.execute(sql(ago))
    full = post(client, tablet, "opening", opening="full")
    assert full.json()["site"]["opening"] == "full"
    assert full.json()["site"]["receives"] is True


def test_a_desk_opens_its_overflow_room(
    client: TestClient, town_engine: Engine, tablet: Signed
) -> None:
    with town_engine.begin() as connection:
        query = "INSERT INTO site_room VALUES (:c, :s, 'r1', '予備', 60, 'general', true, false)"
        connection.execute(sql(query), {"c": city_of(connection).code, "s": PLACE})
    told = post(client, tablet, "rooms", room="r1", in_use=True).json()
    assert (told["site"]["overflow"], told["site"]["raw_capacity"]) == (True, 700)
    assert post(client, tablet, "rooms", room="r2", in_use=True).status_code == 404


def test_danger_at_a_place_is_in_force_at_once(client: TestClient, tablet: Signed) -> None:
    need = {"id": str(uuid4()), "kind": "danger", "words": "水が来た", "at": now().isoformat()}
    body = {"needs": [need], "sent_at": now().isoformat()}
    told = post(client, tablet, "needs", **body).json()
    assert told["results"] == [{"id": need["id"], "status": "sent"}]
    assert (told["site"]["opening"], told["site"]["receives"]) == ("endangered", False)
    assert [one["words"] for one in told["site"]["needs"]] == ["水が来た"]
    again = post(client, tablet, "needs", **body).json()
    assert again["results"] == [{"id": need["id"], "status": "known"}]
