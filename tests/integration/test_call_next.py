"""Places whose figure is 不明 are called, in an order that helps."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from city.staff import CONSOLE, Caller, CallerKind, Role
from data.database import transaction
from data.errors import NotThere
from data.rows import current_load
from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from operations.places.counts import GivenCount, record_counts
from operations.places.openings import change_opening
from operations.places.sitecalls import Outcome, call_next, note_call
from operations.places.siteinfo import Contact, GivenRoom, set_contact, set_room
from shelters.counting import CountKind
from shelters.place import Opening
from tests.integration.databases import Database

NOW = datetime(2026, 9, 1, 11, 0, tzinfo=UTC)
OPERATOR = Caller(CallerKind.STAFF, 1, "架空 花子", frozenset({Role.OPERATOR}))


@pytest.fixture(scope="session")
def template(with_small_city: str) -> str:
    """Every test finds the small city loaded."""
    return with_small_city


def ago(minutes: int) -> datetime:
    return NOW - timedelta(minutes=minutes)


def opened(engine: Engine, site: str, at: datetime, opening: Opening = Opening.OPEN) -> None:
    change_opening(engine, OPERATOR, site, opening, now=at)


def counted(engine: Engine, site: str, persons: int, at: datetime) -> None:
    total = GivenCount(str(uuid4()), CountKind.TOTAL, persons, at, confirmed=True)
    record_counts(engine, OPERATOR, site, [total], sent_at=at, now=at)


def called(engine: Engine, now: datetime = NOW) -> list[dict[str, Any]]:
    with transaction(engine) as connection:
        return call_next(connection, current_load(connection), now)


def ids(engine: Engine, now: datetime = NOW) -> list[str]:
    return [one["id"] for one in called(engine, now)]


def test_nobody_calls_a_quiet_city(engine: Engine) -> None:
    assert ids(engine) == []


def test_an_open_place_without_a_figure_is_called_after_half_an_hour(engine: Engine) -> None:
    opened(engine, "E1", ago(29))
    assert ids(engine) == []
    (one,) = called(engine, NOW + timedelta(minutes=2))
    assert (one["id"], one["name"], one["last_persons"]) == ("E1", "北小学校", None)


def test_a_figure_that_came_of_age_is_asked_for_again(engine: Engine) -> None:
    opened(engine, "E1", ago(120))
    counted(engine, "E1", 41, ago(31))
    (one,) = called(engine)
    assert (one["last_persons"], one["last_counted_at"][:16]) == (41, "2026-09-01T10:29")
    counted(engine, "E1", 44, ago(0))
    assert ids(engine) == []


def test_a_place_of_which_more_left_than_came_is_called_at_once(engine: Engine) -> None:
    opened(engine, "E1", ago(60))
    counted(engine, "E1", 5, ago(3))
    left = GivenCount(str(uuid4()), CountKind.CHANGE, -9, ago(2))
    taken = record_counts(engine, OPERATOR, "E1", [left], sent_at=ago(2), now=ago(2))
    assert taken.site["call_next"] is True
    (one,) = called(engine)
    assert (one["id"], one["below_zero"]) == ("E1", True)
    counted(engine, "E1", 40, ago(1))
    assert ids(engine) == []


def test_places_open_by_plan_are_called_once_an_order_stands(
    engine: Engine, database: Database
) -> None:
    changes.set_level(engine, HazardKind.FLOOD, AlertLevel.ALL_LEAVE)
    later = datetime.now(UTC) + timedelta(minutes=1)
    assert ids(engine, later) == ["E1", "E2", "E3", "E4"]
    opened(engine, "E1", later, Opening.CLOSED)
    opened(engine, "E2", later, Opening.PREPARING)
    counted(engine, "E3", 5, later)
    assert ids(engine, later) == ["E4"]


def test_near_to_full_comes_first_then_the_longest_unknown(engine: Engine) -> None:
    for site in ("E1", "E2", "E3", "E4"):
        opened(engine, site, ago(300))
    set_room(engine, OPERATOR, "E3", "1", GivenRoom("体育館", 100, in_use=True), now=ago(300))
    counted(engine, "E1", 10, ago(40))
    counted(engine, "E2", 10, ago(50))
    counted(engine, "E3", 85, ago(35))
    opened(engine, "E4", ago(200), Opening.FULL)
    assert ids(engine) == ["E4", "E3", "E2", "E1"]


def test_a_place_that_does_not_answer_lets_the_others_go_first_for_a_while(
    engine: Engine,
) -> None:
    opened(engine, "E1", ago(300))
    opened(engine, "E2", ago(200))
    note_call(engine, OPERATOR, "E1", Outcome.NO_ANSWER, note="呼び出し音だけ", now=ago(5))
    assert ids(engine) == ["E2", "E1"]
    assert ids(engine, NOW + timedelta(minutes=5)) == ["E1", "E2"]
    last = called(engine)[1]["last_call"]
    assert (last["outcome"], last["called_by"]) == ("no_answer", "staff:1")


def test_the_number_to_call_is_in_the_list_and_nowhere_else(
    engine: Engine, database: Database
) -> None:
    opened(engine, "E1", ago(300))
    contact = Contact("042-000-0000", "架空 太郎", "０９０−００００−００００")
    set_contact(engine, OPERATOR, "E1", contact)
    assert called(engine)[0]["phone"] == "042-000-0000"
    for table in ("live_state", "audit_entry", "change"):
        kept = str(database.rows(f"SELECT * FROM {table}"))  # noqa: S608
        assert not any(word in kept for word in ("042-000", "架空 太郎", "090-0000"))
    assert database.one("SELECT key_holder_phone FROM site_contact") == "090-0000-0000"


def test_a_call_to_a_place_that_is_not_there_is_not_noted(
    engine: Engine, database: Database
) -> None:
    with pytest.raises(NotThere):
        note_call(engine, CONSOLE, "X", Outcome.ANSWERED, now=NOW)
    assert database.one("SELECT count(*) FROM site_call") == 0
