"""What is gone is left out of the stream after a day, and nobody takes it for there."""

import json
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, text

from data.database import transaction
from data.live import outbox as live
from data.live.feed import begin_epoch
from data.live.outbox import Topic
from operations.live.hub import LiveHub
from operations.places.timekeeper import Timekeeper
from tests.integration.databases import Database
from tests.integration.livestream import Picture, change, listen, poll, served, whole
from tests.integration.processes import wait_for

NOW = datetime(2026, 9, 1, 11, 0, tzinfo=UTC)


def a_day_passes(engine: Engine) -> None:
    """All that was put was put a day ago and more."""
    with transaction(engine, latest=True) as connection:
        connection.execute(text("UPDATE live_state SET as_of = as_of - interval '25 hours'"))


def forget(engine: Engine) -> int:
    """Leave out what may be left out."""
    with transaction(engine, latest=True) as connection:
        return live.forget(connection)


def told(engine: Engine) -> dict[str, object]:
    """The keys of what anybody may follow, and whether each is there."""
    with transaction(engine) as connection:
        states = live.since(connection, 0)
        return {one.key: one.state is not None for one in states if one.topic is not Topic.SERVERS}


def propose(engine: Engine, key: str, decision: str | None) -> None:
    """Tell headquarters of a proposal."""
    with transaction(engine, latest=True) as connection:
        live.put(connection, Topic.HEADQUARTERS, key, {"decision": decision})


def test_a_decided_proposal_is_gone_after_a_day_and_forgotten_after_another(
    engine: Engine,
) -> None:
    propose(engine, "proposal:1", None)
    propose(engine, "proposal:2", "approved")
    a_day_passes(engine)
    propose(engine, "proposal:3", "rejected")
    change(engine, "E1", None)
    assert forget(engine) == 0
    there = {"proposal:1": True, "proposal:3": True, "E1": False}
    assert told(engine) == there | {"proposal:2": False}
    a_day_passes(engine)
    assert forget(engine) == 2
    assert told(engine) == {"proposal:1": True, "proposal:3": False}
    assert forget(engine) == 0


def test_no_offset_is_given_twice_where_the_newest_is_forgotten(engine: Engine) -> None:
    change(engine, "E1", {"persons": 1})
    last = change(engine, "E1", None)
    a_day_passes(engine)
    assert forget(engine) == 1
    assert change(engine, "E2", {"persons": 1}) > last + 1


def test_whoever_was_away_longer_is_sent_all_there_is(
    database: Database, engine: Engine, tmp_path: Path
) -> None:
    with served(database.url, tmp_path) as api:
        away, polling = Picture(), Picture()
        change(engine, "E1", {"persons": 1})
        with api.socket() as socket:
            listen(socket, away, lambda: away.states)
        poll(api, polling)
        change(engine, "E2", {"persons": 2})
        change(engine, "E1", None)
        with api.socket() as stays:
            near = Picture()
            listen(stays, near, lambda: near.offset == 3)
            a_day_passes(engine)
            assert forget(engine) == 1
            last = change(engine, "E3", {"persons": 3})
            listen(stays, near, lambda: near.offset == last)
            assert near.snapshots == 1
        with api.socket(f"?since={away.since}") as socket:
            listen(socket, away, lambda: away.offset == last)
        poll(api, polling)
        assert away.snapshots == polling.snapshots == 2
        expected = {"E2": {"persons": 2}, "E3": {"persons": 3}}
        assert away.states == polling.states == near.states == expected
        stored = json.loads((tmp_path / "live.json").read_bytes())
        assert {one["key"] for one in stored["states"]} <= {"E1", "E2", "E3", live.FORGOTTEN}


def test_a_server_that_was_away_longer_shows_nothing_that_is_gone(
    engine: Engine, tmp_path: Path
) -> None:
    change(engine, "E1", {"persons": 1})
    change(engine, "E2", {"persons": 2})
    follow(LiveHub(tmp_path, engine), 2)
    change(engine, "E1", None)
    a_day_passes(engine)
    assert forget(engine) == 1
    again = LiveHub(tmp_path, engine)
    follow(again, change(engine, "E3", {"persons": 3}))
    assert again.states(Topic.SITES) == {"E2": {"persons": 2}, "E3": {"persons": 3}}


def follow(hub: LiveHub, offset: int) -> None:
    """Let a hub follow up to an offset, and end it."""
    thread = hub.follow(lambda: None)
    wait_for("the offset", lambda: hub.now.offset == offset)
    hub.close()
    thread.join(20)


def test_the_timekeeper_forgets(engine: Engine) -> None:
    change(engine, "E1", None)
    a_day_passes(engine)
    Timekeeper(engine).erase(NOW)
    assert told(engine) == {}


def test_a_clock_that_ran_ahead_hides_no_newer_epoch(engine: Engine, tmp_path: Path) -> None:
    for number in range(3):
        change(engine, f"E{number}", {"persons": number})
    with transaction(engine, latest=True) as connection:
        later = "INSERT INTO live_epoch VALUES (gen_random_uuid(), now() + interval '1 year')"
        connection.execute(text(later))
        ahead = live.epoch(connection)
    hub = LiveHub(tmp_path, engine)
    thread = hub.follow(lambda: None)
    try:
        wait_for("the stream", lambda: hub.now.since == f"{ahead}:3")
        with transaction(engine, latest=True) as connection:
            connection.execute(text("DELETE FROM live_state WHERE number > 1"))
        wait_for("another epoch", lambda: hub.now.epoch != ahead)
        assert hub.states(Topic.SITES) == whole(engine)
        last = change(engine, "E1", {"persons": 7})
        wait_for("the change", lambda: hub.now.offset == last)
    finally:
        hub.close()
        thread.join(20)
    with transaction(engine, latest=True) as connection:
        assert connection.execute(text("SELECT count(*) FROM live_epoch")).scalar_one() == 3


def test_of_two_servers_that_see_the_database_fall_back_one_begins_an_epoch(
    engine: Engine,
) -> None:
    change(engine, "E1", {"persons": 1})
    with transaction(engine) as connection:
        known = live.epoch(connection)
    for _ in range(2):
        begin_epoch(engine, known, 5)
    with transaction(engine) as connection:
        assert live.epoch(connection) != known
        assert connection.execute(text("SELECT count(*) FROM live_epoch")).scalar_one() == 2
