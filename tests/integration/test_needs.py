"""What a place asks for reaches headquarters once, and danger counts at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine

from city.staff import Caller, CallerKind, Role
from data.database import transaction
from data.errors import NotThere
from data.rows import current_load
from operations.errors import NotAllowed, Refused
from operations.places.needs import answer_need, report_need, unanswered
from operations.places.openings import change_opening
from shelters.errors import NotAStep
from shelters.needs import GivenNeed, NeedKind, NeedState
from shelters.place import Opening
from tests.integration import loaded
from tests.integration.databases import Database

NOW = datetime(2026, 9, 1, 11, 0, tzinfo=UTC)
TABLET = Caller(CallerKind.DEVICE, 1, "端末", frozenset({Role.DESK}), site_id="E1")
OPERATOR = Caller(CallerKind.STAFF, 1, "架空 花子", frozenset({Role.OPERATOR}))
SUPPLIES, DANGER, AMBULANCE = NeedKind.SUPPLIES, NeedKind.DANGER, NeedKind.AMBULANCE


@pytest.fixture(scope="session")
def template(with_small_city: str) -> str:
    """Every test finds the small city loaded."""
    return with_small_city


def need(
    kind: NeedKind = SUPPLIES, words: str = "毛布 30枚", number: UUID | None = None
) -> GivenNeed:
    return GivenNeed(number or uuid4(), kind, words, NOW - timedelta(minutes=1))


def states(database: Database) -> list[tuple[Any, ...]]:
    return database.rows("SELECT state, answer FROM site_need ORDER BY received_at")


def opening(database: Database, site: str = "E1") -> list[tuple[Any, ...]]:
    return database.rows(
        f"SELECT opening, said_by FROM site_opening WHERE site_id = '{site}' AND ended_at IS NULL"  # noqa: S608
    )


def seen(database: Database, site: str = "E1") -> dict[str, Any]:
    found: dict[str, Any] = database.one(
        f"SELECT state FROM live_state WHERE topic = 'headquarters' AND key = 'site:{site}'"  # noqa: S608
    )
    return found


def test_a_need_that_is_sent_twice_is_one(engine: Engine, database: Database) -> None:
    one = need()
    assert report_need(engine, TABLET, "E1", one, NOW) == "sent"
    before = database.one("SELECT count(*) FROM audit_entry")
    assert report_need(engine, TABLET, "E1", one, NOW + timedelta(hours=1)) == "known"
    assert states(database) == [("sent", "")]
    assert database.one("SELECT count(*) FROM audit_entry") == before
    assert [(one["kind"], one["words"]) for one in seen(database)["needs"]] == [
        ("supplies", "毛布 30枚")
    ]


def test_rule_06_danger_at_a_place_counts_in_the_same_moment(
    engine: Engine, database: Database
) -> None:
    change_opening(engine, OPERATOR, "E1", Opening.OPEN, now=NOW)
    one = need(DANGER, "水が入ってきた")
    report_need(engine, TABLET, "E1", one, NOW)
    assert opening(database) == [("endangered", "device:1")]
    assert loaded.changes(database)[-1] == "site E1: endangered"
    assert seen(database)["opening"] == "endangered"
    change_opening(engine, OPERATOR, "E1", Opening.OPEN, now=NOW)
    assert report_need(engine, TABLET, "E1", one, NOW) == "known"
    assert opening(database) == [("open", "staff:1")]


def test_danger_counts_from_every_state(engine: Engine, database: Database) -> None:
    for before in (Opening.UNOPENED, Opening.CLOSED, Opening.ENDANGERED):
        change_opening(engine, OPERATOR, "E1", before, now=NOW)
        report_need(engine, TABLET, "E1", need(DANGER), NOW)
        assert opening(database)[0][0] == "endangered"


def test_a_call_for_help_is_never_refused_for_how_it_is_typed(
    engine: Engine, database: Database
) -> None:
    report_need(engine, TABLET, "E1", need(AMBULANCE, "  男性\n意識なし\x00\u202e "), NOW)
    report_need(engine, TABLET, "E1", need(AMBULANCE, ""), NOW)
    report_need(engine, TABLET, "E1", need(AMBULANCE, "長" * 999), NOW)
    found = database.rows("SELECT words FROM site_need ORDER BY length(words)")
    assert found == [("",), ("男性 意識なし",), ("長" * 200,)]


def test_no_word_of_a_need_is_in_the_audit_log_or_on_public_screens(
    engine: Engine, database: Database
) -> None:
    report_need(engine, TABLET, "E1", need(words="架空太郎さんの薬"), NOW)
    assert "架空太郎" not in str(database.rows("SELECT * FROM audit_entry"))
    public = database.rows("SELECT state FROM live_state WHERE topic <> 'headquarters'")
    assert "架空太郎" not in str(public)


def test_a_tablet_asks_for_its_own_place_alone(engine: Engine, database: Database) -> None:
    with pytest.raises(NotAllowed):
        report_need(engine, TABLET, "E2", need(DANGER), NOW)
    assert (states(database), opening(database, "E2")) == ([], [])


def test_headquarters_accepts_and_says_when(engine: Engine, database: Database) -> None:
    one, at = need(), NOW + timedelta(minutes=30)
    report_need(engine, TABLET, "E1", one, NOW)
    accepted, done = NeedState.ACCEPTED, NeedState.DONE
    answer_need(engine, OPERATOR, one.id, accepted, answer="届けます", expected_at=at, now=NOW)
    (shown,) = seen(database)["needs"]
    assert (shown["state"], shown["answer"]) == ("accepted", "届けます")
    assert datetime.fromisoformat(shown["expected_at"]) == at
    answer_need(engine, OPERATOR, one.id, done, now=NOW)
    assert states(database) == [("done", "届けます")]
    with pytest.raises(NotAStep, match="完了です"):
        answer_need(engine, OPERATOR, one.id, accepted, now=NOW)


def test_who_cannot_help_says_why(engine: Engine, database: Database) -> None:
    one = need()
    report_need(engine, TABLET, "E1", one, NOW)
    with pytest.raises(Refused, match="対応できないわけ"):
        answer_need(engine, OPERATOR, one.id, NeedState.REFUSED, answer=" ", now=NOW)
    assert states(database) == [("sent", "")]
    answer_need(engine, OPERATOR, one.id, NeedState.REFUSED, answer="道が冠水", now=NOW)
    assert states(database) == [("refused", "道が冠水")]


def test_a_need_that_nobody_sent_is_not_there(engine: Engine) -> None:
    with pytest.raises(NotThere):
        answer_need(engine, OPERATOR, uuid4(), NeedState.DONE, now=NOW)


def test_ambulance_and_danger_are_read_first(engine: Engine) -> None:
    for minute, kind in enumerate((SUPPLIES, NeedKind.STAFF, DANGER, AMBULANCE)):
        report_need(engine, TABLET, "E1", need(kind), NOW + timedelta(minutes=minute))
    with transaction(engine) as connection:
        found = [row.kind for row in unanswered(connection, current_load(connection))]
    assert found == ["danger", "ambulance", "supplies", "staff"]


def test_a_need_of_a_place_that_went_with_a_new_load_can_still_be_answered(
    engine: Engine, database: Database
) -> None:
    one = need()
    report_need(engine, TABLET, "E1", one, NOW)
    database.rows("UPDATE evacuation_site SET id = 'E9' WHERE id = 'E1' RETURNING 1")
    answer_need(engine, OPERATOR, one.id, NeedState.DONE, now=NOW)
    assert states(database) == [("done", "")]


def test_of_two_answers_at_once_one_is_kept(engine: Engine, database: Database) -> None:
    one, together = need(), Barrier(2)
    report_need(engine, TABLET, "E1", one, NOW)

    def answer(state: NeedState) -> bool:
        together.wait(timeout=30)
        try:
            answer_need(engine, OPERATOR, one.id, state, answer="わけ", now=NOW)
        except NotAStep:
            return False
        return True

    with ThreadPoolExecutor() as pool:
        kept = list(pool.map(answer, (NeedState.DONE, NeedState.REFUSED)))
    assert sorted(kept) == [False, True]
    assert states(database)[0][0] == ("done" if kept[0] else "refused")
