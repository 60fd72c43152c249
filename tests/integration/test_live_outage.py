"""The live stream without PostgreSQL, with another PostgreSQL, and at the end of a server."""

import json
import signal
import socket as sockets
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, text
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from data.database import migrate, transaction
from data.live import outbox as live
from tests.integration.cluster import own_cluster
from tests.integration.databases import Connects, Database
from tests.integration.livestream import (
    Api,
    Picture,
    Stream,
    change,
    closed_with,
    events,
    listen,
    listen_for,
    poll,
    served,
)
from tests.integration.processes import wait_for

NOWHERE = "postgresql+psycopg:///none?host=/nowhere"


def age(api: Api) -> timedelta:
    """How old the knowledge is that it answers with."""
    checked = datetime.fromisoformat(api.changes().headers["nigemichi-checked-at"])
    return datetime.now(UTC) - checked


def test_the_stream_survives_a_killed_database_and_says_its_age(
    tmp_path: Path, connects: Connects
) -> None:
    with own_cluster() as cluster:
        engine = connects(cluster.url)
        migrate(engine)
        change(engine, "E1", {"persons": 1})
        with served(cluster.url, tmp_path) as api, api.socket() as socket:
            seen = Picture()
            listen(socket, seen, lambda: seen.states)
            cluster.kill()
            wait_for("an old figure", lambda: age(api) > timedelta(seconds=3))
            assert api.changes().json()["snapshot"][0]["state"] == {"persons": 1}
            cluster.start()
            wait_for("a new look", lambda: age(api) < timedelta(seconds=3))
            engine.dispose()
            change(engine, "E1", {"persons": 2})
            listen(socket, seen, lambda: seen.states == {"E1": {"persons": 2}})
            assert seen.snapshots == 1
            assert api.process.poll() is None


def test_a_server_starts_without_the_database_with_the_last_good_stream(
    database: Database, engine: Engine, tmp_path: Path
) -> None:
    change(engine, "E1", {"persons": 1})
    seen = Picture()
    with served(database.url, tmp_path) as api, api.socket() as socket:
        listen(socket, seen, lambda: seen.states)
        change(engine, "E1", {"persons": 2})
        listen(socket, seen, lambda: seen.offset == 2)
        kept = tmp_path / "live.json"
        wait_for("it is kept", lambda: json.loads(kept.read_bytes())["offset"] == 2)
    assert kept.stat().st_mode & 0o777 == 0o600
    stopped = datetime.now(UTC)
    with served(NOWHERE, tmp_path, "away") as api:
        with api.socket(f"?since={seen.since}") as socket:
            heartbeat = json.loads(socket.recv(5))
        again = Picture()
        poll(api, again)
        assert again.since == seen.since
        assert again.states == {"E1": {"persons": 2}}
    checked = datetime.fromisoformat(heartbeat["checked_at"])
    assert stopped - timedelta(seconds=10) < checked < stopped


def test_a_restored_database_gives_everybody_a_new_snapshot(stream: Stream) -> None:
    engine, api = stream
    for number in range(3):
        change(engine, f"E{number}", {"persons": number})
    with api.socket() as socket:
        seen = Picture()
        listen(socket, seen, lambda: seen.offset == 3)
        with transaction(engine) as connection:
            connection.execute(text("DELETE FROM live_state WHERE key <> 'E1'"))
        with transaction(engine, latest=True) as connection:
            live.begin_epoch(connection)
        listen(socket, seen, lambda: seen.snapshots == 2)
        assert seen.states == {"E1": {"persons": 1}}
        change(engine, "E2", {"persons": 9})
        listen_for(socket, seen, "E2", {"persons": 9})


def test_a_database_that_fell_back_begins_another_epoch(stream: Stream) -> None:
    engine, api = stream
    for number in range(3):
        change(engine, f"E{number}", {"persons": number})
    with api.socket() as socket:
        seen = Picture()
        listen(socket, seen, lambda: seen.offset == 3)
        with transaction(engine) as connection:
            connection.execute(text("DELETE FROM live_state WHERE number > 1"))
        listen(socket, seen, lambda: seen.snapshots == 2)
        assert seen.states == {"E0": {"persons": 0}}
        assert change(engine, "E1", {"persons": 7}) == 2
        listen_for(socket, seen, "E1", {"persons": 7})


def test_a_server_told_to_end_lets_everybody_go_at_once(
    database: Database, engine: Engine, tmp_path: Path
) -> None:
    change(engine, "E1", {"persons": 1})
    with served(database.url, tmp_path) as api, api.socket() as socket:
        deaf = stalled(api)
        with api.http.stream("GET", "/api/v1/live/events") as answer:
            lines = answer.iter_lines()
            next(lines)
            began = time.monotonic()
            api.process.send_signal(signal.SIGTERM)
            assert closed_with(socket) == 1012
            list(lines)
        assert api.process.wait(10) == -signal.SIGTERM
        assert time.monotonic() - began < 10
        deaf.close()
        assert "Cancel" not in api.log.read_text()


def stalled(api: Api, query: str = "") -> sockets.socket:
    """A socket whose owner shakes hands and never reads again."""
    deaf = sockets.socket()
    deaf.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
    deaf.connect(("127.0.0.1", api.port))
    deaf.sendall(
        f"GET /api/v1/live{query} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
    )
    return deaf


def test_who_never_reads_is_cut_off_and_delays_nobody(stream: Stream) -> None:
    engine, api = stream
    much = {"note": "満" * 20_000}
    with api.socket() as socket:
        deaf = stalled(api)
        seen = Picture()
        listen(socket, seen, lambda: seen.epoch)
        for number in range(120):
            change(engine, f"E{number % 8}", much | {"number": number})
        listen(socket, seen, lambda: seen.offset == 120)
        assert seen.states["E7"]["number"] == 119
        cut = wait_for("the cut", lambda: is_gone(api, deaf), 60)
        assert cut > 5
        change(engine, "E1", {"persons": 1})
        listen(socket, seen, lambda: seen.states["E1"] == {"persons": 1})
        deaf.close()


def is_gone(api: Api, deaf: sockets.socket) -> bool:
    """Whether the server holds that connection no more."""
    here = deaf.getsockname()[1]
    rows = Path("/proc/net/tcp").read_text().splitlines()[1:]
    ends = [row.split()[1:4] for row in rows]
    mine = (f"0100007F:{api.port:04X}", f"0100007F:{here:04X}")
    return not any((local, remote) == mine for local, remote, _ in ends)


def test_who_talks_too_much_is_let_go(stream: Stream) -> None:
    _, api = stream

    def code(api: Api, *messages: str) -> int | None:
        with api.socket(max_size=None) as socket:
            say(socket, *messages)
            return closed_with(socket)

    # The rest of it is unread: the kernel may cut the connection before our farewell is read.
    assert code(api, "x" * 10_000_000) in (1009, 1006)
    assert code(api, "x" * 2000) == 1009
    assert code(api, *["x"] * 10) == 1008
    with api.socket() as socket:
        say(socket, "x")
        assert json.loads(socket.recv(5))["snapshot"] == []
        assert [json.loads(socket.recv(20)).keys() >= {"heartbeat"} for _ in "ab"] == [True] * 2
    assert "Traceback" not in api.log.read_text()


def say(socket: ClientConnection, *messages: str) -> None:
    """Send, even if the server hangs up meanwhile."""
    try:
        for one in messages:
            socket.send(one)
    except ConnectionClosed:
        return


def test_event_streams_go_on_where_they_were(stream: Stream) -> None:
    engine, api = stream
    seen = Picture()
    for number in range(3):
        change(engine, "E1", {"persons": number})
        query = f"?since={seen.since}" if seen.epoch else ""
        events(api, query, seen, lambda: seen.states.get("E1") == {"persons": number})  # noqa: B023
    assert seen.snapshots == 1
