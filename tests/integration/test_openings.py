"""A place is opened step by step, by whoever may say so; everybody sees it, and when."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine

from city.staff import CONSOLE, Caller, CallerKind, Role
from data import inforce
from data.database import transaction
from data.errors import NotThere
from operations.errors import NotAllowed, Refused
from operations.load_city import load_city
from operations.places.openings import Said, change_opening
from shelters.errors import NotAStep
from shelters.opening import Stage
from shelters.place import Opening
from tests.integration import loaded
from tests.integration.databases import Database
from tests.integration.processes import wait_for

NOW = datetime(2026, 9, 1, 11, 0, 30, tzinfo=UTC)
OPERATOR = Caller(CallerKind.STAFF, 1, "架空 花子", frozenset({Role.OPERATOR}))
TABLET = Caller(CallerKind.DEVICE, 1, "端末", frozenset({Role.DESK}), site_id="E1")
PREPARING, OPEN, FULL = Opening.PREPARING, Opening.OPEN, Opening.FULL
CLOSED, ENDANGERED = Opening.CLOSED, Opening.ENDANGERED


@pytest.fixture(scope="session")
def template(with_small_city: str) -> str:
    """Every test finds the small city loaded."""
    return with_small_city


def say(engine: Engine, opening: Opening, by: Caller = OPERATOR, **said: Any) -> Said:
    return change_opening(engine, by, "E1", opening, **{"now": NOW} | said)


def standing(database: Database) -> list[tuple[Any, ...]]:
    return database.rows(
        "SELECT opening, stage, note, said_by FROM site_opening"
        " WHERE site_id = 'E1' AND ended_at IS NULL"
    )


def audit(database: Database) -> list[tuple[Any, ...]]:
    return database.rows(
        "SELECT actor, action, details FROM audit_entry WHERE subject = 'E1' ORDER BY number"
    )


def public(database: Database) -> dict[str, Any]:
    found: dict[str, Any] = database.one(
        "SELECT state FROM live_state WHERE topic = 'sites' AND key = 'E1'"
    )
    return found


def test_what_headquarters_says_everybody_sees(engine: Engine, database: Database) -> None:
    changes = len(loaded.changes(database))
    say(engine, OPEN, note="正門から入ってください")
    assert standing(database) == [("open", None, "正門から入ってください", "staff:1")]
    assert loaded.changes(database)[changes:] == ["site E1: open"]
    seen = public(database)
    assert (seen["opening"], seen["note"], seen["receives"]) == (
        *("open", "正門から入ってください"),
        True,
    )
    assert datetime.fromisoformat(seen["opening_since"]) == NOW
    assert audit(database) == [("staff:1", "place.opened", {"before": "unconfirmed"})]


def test_the_chain_of_opening_makes_no_plan_version(engine: Engine, database: Database) -> None:
    say(engine, PREPARING)
    changes = loaded.changes(database)
    later, at = NOW + timedelta(minutes=5), NOW + timedelta(minutes=40)
    say(engine, PREPARING, stage=Stage.KEY_HOLDER, now=later)
    say(engine, PREPARING, stage=Stage.STAFF_ON_THE_WAY, expected_at=at, now=later)
    found = say(engine, PREPARING, note="鍵が届くのを待っています", now=later)
    note = "鍵が届くのを待っています"
    assert found == Said(PREPARING, NOW, Stage.STAFF_ON_THE_WAY, at, note)
    assert loaded.changes(database) == changes
    seen = public(database)
    assert datetime.fromisoformat(seen["opening_since"]) == NOW
    assert datetime.fromisoformat(seen["expected_at"]) == at
    say(engine, PREPARING, note="", now=later)
    assert standing(database) == [("preparing", "staff_on_the_way", None, "staff:1")]
    say(engine, OPEN, now=later)
    assert standing(database) == [("open", None, None, "staff:1")]
    assert public(database)["expected_at"] is None


def test_what_is_said_again_leaves_no_mark(engine: Engine, database: Database) -> None:
    say(engine, OPEN, TABLET)
    before = loaded.everything(database), audit(database)
    say(engine, OPEN, TABLET, now=NOW + timedelta(hours=2))
    assert (loaded.everything(database), audit(database)) == before


def test_a_desk_cannot_take_danger_back_and_the_try_is_written_down(
    engine: Engine, database: Database
) -> None:
    say(engine, ENDANGERED, TABLET)
    before = loaded.everything(database)
    for opening in (OPEN, FULL):
        with pytest.raises(NotAStep, match="本部に電話してください"):
            say(engine, opening, TABLET)
    assert loaded.everything(database) == before
    assert audit(database)[1:] == [
        ("device:1", "place.opening.refused", {"why": "NotAStep"}),
        ("device:1", "place.opening.refused", {"why": "NotAStep"}),
    ]
    say(engine, OPEN)
    assert standing(database)[0][0] == "open"


def test_a_desk_cannot_reopen_what_headquarters_closed(engine: Engine) -> None:
    say(engine, CLOSED)
    with pytest.raises(NotAStep):
        say(engine, OPEN, TABLET)
    say(engine, OPEN, CONSOLE)


def test_a_tablet_speaks_for_its_own_place_alone(engine: Engine, database: Database) -> None:
    before = loaded.everything(database)
    with pytest.raises(NotAllowed):
        change_opening(engine, TABLET, "E2", ENDANGERED, now=NOW)
    assert loaded.everything(database) == before


def test_a_place_that_is_not_of_this_city_is_not_there(engine: Engine) -> None:
    with pytest.raises(NotThere):
        change_opening(engine, OPERATOR, "S1", OPEN, now=NOW)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(-1, "過去"), (48 * 60 + 1, "48 時間以内"), (10**6, "48 時間以内")],
)
def test_an_expected_time_is_neither_past_nor_days_away(
    engine: Engine, database: Database, minutes: int, words: str
) -> None:
    with pytest.raises(Refused, match=words):
        say(engine, PREPARING, expected_at=NOW + timedelta(minutes=minutes))
    assert standing(database) == []


def test_the_minute_that_runs_is_not_past(engine: Engine) -> None:
    say(engine, PREPARING, expected_at=NOW.replace(second=0))


@pytest.mark.parametrize(
    "note",
    [
        "042-626-0000 に電話",
        "電話０４２（６２６）００００",
        "携帯 09012345678 山田",
        "+81 90 1234 5678",
        "042ー626ー0000",
        "一行目\n二行目",
        "あ" * 121,
        "見えない\u202e文字",
    ],
)
def test_a_public_note_holds_no_phone_number_and_is_one_short_line(
    engine: Engine, database: Database, note: str
) -> None:
    with pytest.raises(Refused):
        say(engine, OPEN, note=note)
    assert standing(database) == []
    assert note not in str(audit(database))


@pytest.mark.parametrize(
    "note", ["2階の教室へ", "22:30 から 06:00 まで", "定員 1,200 人", "〒000-0000", "あ" * 120]
)
def test_numbers_that_are_no_phone_numbers_are_welcome(engine: Engine, note: str) -> None:
    assert say(engine, OPEN, note=note).note == note


def test_the_audit_log_keeps_no_note(engine: Engine, database: Database) -> None:
    say(engine, OPEN, note="架空太郎さんへ")
    assert "架空太郎" not in str(audit(database))


def test_of_two_who_speak_at_once_one_is_heard_last(engine: Engine, database: Database) -> None:
    together = Barrier(4)

    def speak(opening: Opening) -> None:
        together.wait(timeout=30)
        say(engine, opening)

    with ThreadPoolExecutor() as pool:
        list(pool.map(speak, (OPEN, ENDANGERED, OPEN, ENDANGERED)))
    assert len(standing(database)) == 1
    assert standing(database)[0][0] == public(database)["opening"]


def test_who_speaks_while_a_city_is_loaded_is_heard_afterwards(
    engine: Engine, database: Database
) -> None:
    with ThreadPoolExecutor() as pool, engine.connect() as load:
        begun = load.begin()
        inforce.hold_openings(load)
        waiting = pool.submit(say, engine, OPEN)
        wait_for("the desk waits", lambda: loaded.waits_for_lock(database, "site_opening"))
        begun.commit()
        waiting.result(timeout=30)
    assert standing(database)[0][0] == "open"


def test_a_new_city_file_does_not_forget_who_is_on_the_way(
    engine: Engine, database: Database, small_city: Path
) -> None:
    say(engine, PREPARING, stage=Stage.STAFF_ON_THE_WAY)
    load_city(engine, small_city, lambda _: None)
    assert standing(database) == [("preparing", "staff_on_the_way", None, "staff:1")]


def test_a_refusal_in_the_middle_changes_nothing(engine: Engine, database: Database) -> None:
    with transaction(engine) as connection:
        assert inforce.openings(connection, "99902") == {}
    with pytest.raises(NotAStep):
        say(engine, OPEN, stage=Stage.STAFF_ARRIVED)
    assert standing(database) == []


def test_a_desk_cannot_make_the_public_see_it_fill_and_empty_every_few_seconds(
    engine: Engine, database: Database
) -> None:
    say(engine, OPEN, note="南門から")
    later = NOW + timedelta(seconds=10)
    say(engine, FULL, TABLET, now=later)
    assert public(database)["note"] == "南門から"
    with pytest.raises(Refused, match="1分に一度"):
        say(engine, OPEN, TABLET, now=later + timedelta(seconds=5))
    assert public(database)["opening"] == "full"
    say(engine, ENDANGERED, TABLET, now=later + timedelta(seconds=6))
    assert public(database)["opening"] == "endangered"


def test_headquarters_corrects_a_desk_at_once(engine: Engine, database: Database) -> None:
    say(engine, OPEN)
    later = NOW + timedelta(minutes=5)
    say(engine, FULL, TABLET, now=later)
    say(engine, OPEN, now=later + timedelta(seconds=1))
    assert public(database)["opening"] == "open"
