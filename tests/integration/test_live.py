"""The live stream, from outside: real servers, real sockets, nothing lost and nothing twice."""

from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine
from websockets.exceptions import InvalidStatus

from tests.integration.databases import Database
from tests.integration.livestream import (
    Picture,
    Stream,
    change,
    closed_with,
    events,
    listen,
    listen_for,
    poll,
    served,
    whole,
)
from tests.integration.processes import free_port, kill, wait_for


def test_a_snapshot_comes_first_and_then_every_change(stream: Stream) -> None:
    engine, api = stream
    change(engine, "E1", {"persons": 1})
    change(engine, "E2", {"persons": 5})
    wait_for("both", lambda: api.changes().json()["offset"] == 2)
    with api.socket() as socket:
        seen = Picture()
        listen(socket, seen, lambda: seen.states)
        assert seen.states == {"E1": {"persons": 1}, "E2": {"persons": 5}}
        change(engine, "E1", {"persons": 2})
        change(engine, "E2", None)
        listen(socket, seen, lambda: "E2" not in seen.states)
        assert seen.states == {"E1": {"persons": 2}}
        assert [key for _, key in seen.order] == ["E1", "E2"]


def test_a_dropped_follower_misses_no_newest_state_and_hears_nothing_twice(stream: Stream) -> None:
    engine, api = stream
    seen, numbers = Picture(), count()
    for _ in range(3):
        with api.socket(f"?since={seen.since}" if seen.epoch else "") as socket:
            last = next(numbers)
            change(engine, "E1", {"persons": last})
            listen_for(socket, seen, "E1", {"persons": last})
        for number in range(10):
            change(engine, f"E{number % 4}", {"persons": next(numbers)})
    with api.socket(f"?since={seen.since}") as socket:
        listen(socket, seen, lambda: seen.offset == 33)
    assert seen.snapshots == 1
    assert seen.states == whole(engine)


def test_a_follower_goes_on_after_the_server_is_killed(
    database: Database, engine: Engine, tmp_path: Path
) -> None:
    seen, port = Picture(), free_port()
    with served(database.url, tmp_path, port=port) as api, api.socket() as socket:
        change(engine, "E1", {"persons": 1})
        listen(socket, seen, lambda: "E1" in seen.states)
        kill(api.process)
        assert closed_with(socket) == 1006
    change(engine, "E1", {"persons": 2})
    change(engine, "E3", {"persons": 3})
    with (
        served(database.url, tmp_path, "again", port) as api,
        api.socket(f"?since={seen.since}") as socket,
    ):
        listen(socket, seen, lambda: seen.offset == 3)
    assert seen.snapshots == 1
    assert seen.states == {"E1": {"persons": 2}, "E3": {"persons": 3}}


def test_a_follower_may_jump_to_another_server(
    database: Database, engine: Engine, tmp_path: Path
) -> None:
    seen = Picture()
    with served(database.url, tmp_path / "a") as one, served(database.url, tmp_path / "b") as two:
        for number in range(6):
            api = (one, two)[number % 2]
            with api.socket(f"?since={seen.since}" if seen.epoch else "") as socket:
                change(engine, "E1", {"persons": number})
                listen_for(socket, seen, "E1", {"persons": number})
    assert seen.snapshots == 1


def test_overtaken_states_may_be_skipped_the_newest_never(stream: Stream) -> None:
    engine, api = stream
    with api.socket() as socket:
        seen = Picture()
        for number in range(200):
            change(engine, f"E{number % 5}", {"persons": number})
        listen(socket, seen, lambda: seen.offset == 200)
        assert seen.states == {f"E{n}": {"persons": 195 + n} for n in range(5)}


def test_events_and_polling_tell_the_same_in_the_same_order(stream: Stream) -> None:
    engine, api = stream
    for number in range(7):
        change(engine, f"E{number}", {"persons": number})
    wait_for("the hub", lambda: api.changes().status_code == 200)
    first = Picture()
    poll(api, first)
    since = f"{first.epoch}:1"
    pictures = Picture(), Picture(), Picture()
    for one in pictures:
        one.epoch, one.offset = first.epoch, 1
    wait_for("all", lambda: api.changes().json()["offset"] == 7)
    by_socket, by_events, by_polling = pictures
    with api.socket(f"?since={since}") as socket:
        listen(socket, by_socket, lambda: by_socket.offset == 7)
    events(api, "", by_events, lambda: by_events.offset == 7, last_event_id=since)
    poll(api, by_polling)
    assert by_socket.order == by_events.order == by_polling.order
    assert by_socket.order == [(number + 1, f"E{number}") for number in range(1, 7)]


def test_polling_may_be_cached_and_says_its_age(stream: Stream) -> None:
    engine, api = stream
    change(engine, "E1", {"persons": 1})
    wait_for("the hub", lambda: api.changes().json()["snapshot"])
    answer = api.changes()
    assert answer.headers["cache-control"] == "public, max-age=1, stale-if-error=1800"
    assert answer.headers["nigemichi-checked-at"]
    known = {"if-none-match": answer.headers["etag"]}
    same = api.http.get(answer.url, headers=known)
    assert (same.status_code, same.content) == (304, b"")
    assert same.headers["nigemichi-checked-at"]
    change(engine, "E1", {"persons": 2})
    wait_for("news", lambda: api.http.get(answer.url, headers=known).status_code == 200)


def test_head_of_a_stream_that_never_ends_is_answered_at_once(stream: Stream) -> None:
    _, api = stream
    answer = api.http.head("/api/v1/live/events")
    assert (answer.status_code, answer.content) == (405, b"")
    assert api.http.head("/api/v1/live/changes").status_code in (200, 503)


def test_what_is_not_understood_or_not_allowed_is_refused_before_the_handshake(
    stream: Stream,
) -> None:
    _, api = stream

    def answers(query: str) -> tuple[int, bytes]:
        with pytest.raises(InvalidStatus) as refused:
            api.socket(query)
        answer = refused.value.response
        streamed = api.http.get(f"/api/v1/live/events{query}")
        assert streamed.status_code == answer.status_code
        return answer.status_code, bytes(answer.body or b"")

    for query in ("?topics=people", "?since=yesterday", "?since=", "?who=me"):
        status, body = answers(query)
        assert status == 422
        assert b"urn:nigemichi:problem:not-understood" in body
        assert api.changes(query).status_code == 422
    assert answers("?topics=sites,headquarters")[0] == 401
    assert api.changes("?topics=headquarters").status_code == 422
    assert "ERROR" not in api.log.read_text()
