"""Rooms, what a place offers, and whom to call: entered by headquarters."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from city.staff import Caller, CallerKind, Role
from data.errors import NotThere
from operations.errors import NotAllowed, Refused
from operations.places.siteinfo import (
    Contact,
    GivenRoom,
    set_contact,
    set_facility,
    set_room,
    use_room,
)
from shelters.facility import FACILITY_WORDS, Facility
from tests.integration.databases import Database

NOW = datetime(2026, 9, 1, 11, 0, tzinfo=UTC)
OPERATOR = Caller(CallerKind.STAFF, 1, "架空 花子", frozenset({Role.OPERATOR}))
TABLET = Caller(CallerKind.DEVICE, 1, "端末", frozenset({Role.DESK}), site_id="E1")


@pytest.fixture(scope="session")
def template(with_small_city: str) -> str:
    """Every test finds the small city loaded."""
    return with_small_city


def put(engine: Engine, room: str = "1", **said: Any) -> None:
    set_room(engine, OPERATOR, "E1", room, GivenRoom(**said), now=NOW)


def rooms(database: Database) -> list[tuple[Any, ...]]:
    return database.rows(
        "SELECT room, name, capacity, meant_for, overflow, in_use FROM site_room ORDER BY room"
    )


def public(database: Database) -> Any:
    return database.one("SELECT state FROM live_state WHERE topic = 'sites' AND key = 'E1'")


def capacity(database: Database) -> Any:
    return database.one("SELECT state->'raw_capacity' FROM live_state WHERE key = 'site:E1'")


def test_what_is_not_said_of_a_room_stays_as_it_was(engine: Engine, database: Database) -> None:
    put(engine, name="体育館", capacity=200, in_use=True)
    put(engine, capacity=180)
    put(engine, "2", name="図工室", overflow=True, meant_for="baby")
    assert rooms(database) == [
        ("1", "体育館", 180, "", False, True),
        ("2", "図工室", None, "baby", True, False),
    ]
    assert capacity(database) == 180


def test_rule_12_an_overflow_room_is_opened_at_the_desk_and_shown(
    engine: Engine, database: Database
) -> None:
    put(engine, name="体育館", capacity=200, in_use=True)
    put(engine, "2", name="図工室", capacity=50, overflow=True)
    assert not public(database)["overflow"]
    use_room(engine, TABLET, "E1", "2", in_use=True, now=NOW)
    assert (public(database)["overflow"], capacity(database)) == (True, 250)
    with pytest.raises(NotThere):
        use_room(engine, TABLET, "E1", "3", in_use=True, now=NOW)
    with pytest.raises(NotAllowed):
        use_room(engine, TABLET, "E2", "2", in_use=True, now=NOW)


@pytest.mark.parametrize(
    "said",
    [
        {"name": "体育館", "capacity": -1},
        {"name": "体育館", "capacity": 20_001},
        {"name": " "},
        {},
        {"name": "あ" * 41},
        {"name": "体育館", "meant_for": "everybody"},
        {"name": "体\n育館"},
    ],
)
def test_a_room_that_cannot_be_is_refused(
    engine: Engine, database: Database, said: dict[str, Any]
) -> None:
    with pytest.raises(Refused):
        put(engine, **said)
    assert rooms(database) == []


def test_a_place_has_a_hundred_rooms_at_most(engine: Engine, database: Database) -> None:
    database.rows(
        "INSERT INTO site_room SELECT '99902', 'E1', n::text, '教室', 40, '', false, true"
        " FROM generate_series(1, 100) n RETURNING 1"
    )
    with pytest.raises(Refused, match="100 まで"):
        put(engine, "101", name="教室")
    put(engine, "100", capacity=35)


def test_what_a_place_offers_is_public_and_can_be_taken_back(
    engine: Engine, database: Database
) -> None:
    for offered in (True, False):
        set_facility(engine, OPERATOR, "E1", Facility.PETS, offered=offered, now=NOW)
        assert public(database)["facilities"] == (["pets"] if offered else [])
    with pytest.raises(Refused, match="電話番号"):
        set_facility(
            *(engine, OPERATOR, "E1", Facility.PETS),
            offered=True,
            note="042-000-0000",
            now=NOW,
        )
    assert set(FACILITY_WORDS) == set(Facility)


@pytest.mark.parametrize(
    "number", ["本部まで", "042-", "0", "042-0000-00000", "042 000 0000", "1-2"]
)
def test_a_phone_number_is_digits_and_hyphens(
    engine: Engine, database: Database, number: str
) -> None:
    with pytest.raises(Refused, match="数字とハイフン"):
        set_contact(engine, OPERATOR, "E1", Contact(phone=number))
    assert database.one("SELECT count(*) FROM site_contact") == 0


def test_a_contact_is_changed_and_removed(engine: Engine, database: Database) -> None:
    for phone in ("042-000-0000", "119", "09000000000", ""):
        set_contact(engine, OPERATOR, "E1", Contact(phone=phone))
        assert database.one("SELECT phone FROM site_contact") == phone
    actions = database.rows("SELECT DISTINCT action, details FROM audit_entry")
    assert ("contact.set", {}) in actions
