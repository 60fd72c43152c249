"""What changes by itself changes at its time, whoever is asleep."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine
from sqlalchemy import text as sql

from data import inforce
from data.database import connect, transaction
from data.places.placerows import city_of
from hazards.kinds import AlertLevel, HazardKind
from operations.people.audithead import noted_head
from operations.photos.keeping import keep_thumbnail
from operations.places.counts import GivenCount, record_counts
from operations.places.timekeeper import Timekeeper
from shelters.place import Opening
from tests.integration.counted import (
    CHANGE,
    EIGHT,
    PLACE,
    TABLET,
    TOTAL,
    Desk,
    M,
    a_count,
    name,
)
from tests.integration.databases import Database
from tests.integration.processes import started, wait_for
from tests.pictures import a_photo


@pytest.fixture
def desk(town_engine: Engine) -> Desk:
    """The tablet of a place that opened at 20:00."""
    made = Desk(town_engine)
    made.say(Opening.OPEN, 0)
    return made


@pytest.fixture
def keeper(town_engine: Engine) -> Timekeeper:
    """A timekeeper that has seen all there is."""
    made = Timekeeper(town_engine)
    made.tick(EIGHT)
    return made


def public(engine: Engine) -> dict[str, Any]:
    with engine.connect() as connection:
        query = sql("SELECT state FROM live_state WHERE topic = 'sites' AND key = :key")
        found: dict[str, Any] = connection.execute(query, {"key": PLACE}).scalar_one()
        return found


def staff(engine: Engine) -> dict[str, Any]:
    with engine.connect() as connection:
        query = sql("SELECT state FROM live_state WHERE topic = 'headquarters' AND key = :key")
        found: dict[str, Any] = connection.execute(query, {"key": f"site:{PLACE}"}).scalar_one()
        return found


def test_rule_19_a_figure_that_nobody_confirms_reads_unknown_and_joins_the_calls(
    desk: Desk, keeper: Timekeeper, town_engine: Engine
) -> None:
    desk.send(a_count(1, TOTAL, 30, 1), minute=1)
    keeper.tick(EIGHT + 31 * M - timedelta(seconds=1))
    assert (public(town_engine)["band"], staff(town_engine)["call_next"]) == ("room", False)
    assert keeper.tick(EIGHT + 31 * M) == 1
    assert (public(town_engine)["band"], public(town_engine)["persons"]) == (None, None)
    assert (staff(town_engine)["call_next"], staff(town_engine)["raw_persons"]) == (True, 30)
    assert public(town_engine)["receives"] is True
    assert keeper.tick(EIGHT + 32 * M) == 0


def test_a_place_that_never_counted_is_called_too(
    desk: Desk, keeper: Timekeeper, town_engine: Engine
) -> None:
    keeper.tick(EIGHT + 29 * M)
    assert staff(town_engine)["call_next"] is False
    keeper.tick(EIGHT + 30 * M)
    assert staff(town_engine)["call_next"] is True


def test_what_the_public_had_to_wait_for_comes_at_its_moment(
    desk: Desk, keeper: Timekeeper, town_engine: Engine
) -> None:
    desk.send(a_count(1, TOTAL, 30, 1), minute=1)
    desk.send(a_count(2, TOTAL, 640, 1.5), minute=1.5)
    keeper.tick(EIGHT + 1.9 * M)
    assert public(town_engine)["band"] == "room"
    assert keeper.tick(EIGHT + 2 * M) == 1
    assert public(town_engine)["band"] == "full"


def test_an_order_that_a_command_set_changes_what_a_place_holds(
    desk: Desk, keeper: Timekeeper, town_engine: Engine
) -> None:
    assert keeper.tick(EIGHT) == 0
    with transaction(town_engine, latest=True) as connection:
        code, level = city_of(connection).code, AlertLevel.ALL_LEAVE
        hazard = HazardKind.TSUNAMI
        inforce.add_order(connection, code, hazard=hazard, level=level, area_names=[], area=None)
        inforce.record_change(connection, "order")
    assert public(town_engine)["capacity"] == 640
    assert keeper.tick(EIGHT + 2 * M) > 10
    assert public(town_engine)["capacity"] is None


def test_without_a_city_there_is_nothing_to_do(engine: Engine) -> None:
    assert Timekeeper(engine).tick(EIGHT) == 0


def _due_now(engine: Engine, number: int) -> None:
    """A figure that grew old a moment ago, published as if nobody had looked since."""
    now = datetime.now(UTC)
    with transaction(engine, latest=True) as connection:
        connection.execute(sql("DELETE FROM site_opening"))
    then = now - timedelta(minutes=31)
    count = GivenCount(name(number), TOTAL if number == 1 else CHANGE, 30, then)
    record_counts(engine, TABLET, PLACE, [count], sent_at=then, now=then)


@pytest.fixture
def running(town_engine: Engine, town_database: Database) -> Iterator[threading.Event]:
    """A timekeeper at work in a thread, with connections of its own."""
    engine, stop = connect(town_database.url), threading.Event()
    keeper = Timekeeper(engine)
    keeper.tick(datetime.now(UTC))
    thread = threading.Thread(target=keeper.run, args=(stop,))
    thread.start()
    yield stop
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
    engine.dispose()


def _is_unknown(engine: Engine) -> bool:
    return bool(staff(engine)["raw_band"] is None and staff(engine)["raw_persons"])


def test_a_lost_database_connection_is_taken_up_again(
    running: threading.Event, town_engine: Engine, town_database: Database
) -> None:
    here = (
        "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = 7310005 AND granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    wait_for("the lock is held", lambda: town_database.rows(here))
    (first,) = town_database.rows(here)
    town_database.rows(f"SELECT pg_terminate_backend({first[0]})")
    wait_for("the lock is held again", lambda: town_database.rows(here) not in ([], [first]))
    _due_now(town_engine, 1)
    wait_for("the figure reads unknown", lambda: _is_unknown(town_engine))


def test_the_audit_logs_head_is_noted_once_a_minute_and_a_lost_folder_stops_nothing(
    desk: Desk, town_engine: Engine, tmp_path: Path
) -> None:
    keeper = Timekeeper(town_engine, tmp_path / "state")
    keeper.note(EIGHT)
    first = noted_head(tmp_path / "state")
    desk.send(a_count(1, TOTAL, 5, 1), minute=1)
    keeper.note(EIGHT + timedelta(seconds=30))
    assert noted_head(tmp_path / "state") == first
    keeper.note(EIGHT + timedelta(seconds=60))
    assert noted_head(tmp_path / "state") not in (first, None)
    (tmp_path / "file").write_text("")
    Timekeeper(town_engine, tmp_path / "file").note(EIGHT)


def test_the_planner_keeps_time_beside_its_work(
    town_engine: Engine, town_database: Database, tmp_path: Path
) -> None:
    _due_now(town_engine, 1)
    assert not _is_unknown(town_engine)
    with started(town_database.url, tmp_path / "state", "planner", log=tmp_path / "log"):
        wait_for("the figure reads unknown", lambda: _is_unknown(town_engine), seconds=60)


def test_photos_go_at_their_date_without_anybody_asking(
    town_engine: Engine, tmp_path: Path
) -> None:
    old = EIGHT - timedelta(days=400)
    with transaction(town_engine, latest=True) as connection:
        number = uuid4()
        keep_thumbnail(connection, uuid4(), number, a_photo(), now=old)
    keeper = Timekeeper(town_engine, tmp_path)
    keeper.erase(EIGHT)
    with transaction(town_engine) as connection:
        assert connection.execute(sql("SELECT count(*) FROM photo")).scalar() == 0
