"""Several servers of one stream: woken by NOTIFY, or by Redis where there are several machines."""

import json
import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine

from data.live.feed import Feed
from data.live.outbox import LIVE_CHANNEL, Topic
from data.live.wake import connected
from operations.live.hub import LiveHub
from tests.integration.databases import Database
from tests.integration.livestream import Picture, change, listen, served, whole
from tests.integration.processes import free_port, kill, started, wait_for

NEVER_S = 600.0
"""A hub that looks by itself so seldom hears only what wakes it."""


@contextmanager
def redis_server(folder: Path, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """A Redis of the test's own, on loopback."""
    words = f"--bind 127.0.0.1 --port {port} --save  --appendonly no".split(" ")
    log = (folder / f"redis-{port}.log").open("wb")
    process = subprocess.Popen(["redis-server", *words], cwd=folder, stdout=log, stderr=log)
    try:
        wait_for("Redis", lambda: answers(port))
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(10)
        log.close()


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def redis_port(monkeypatch: pytest.MonkeyPatch) -> int:
    """The port of the Redis that servers of this test are told of."""
    port = free_port()
    monkeypatch.setitem(os.environ, "NIGEMICHI_REDIS_URL", f"redis://127.0.0.1:{port}/0")
    return port


def both_follow(database: Database, engine: Engine, folder: Path) -> None:
    """Two servers, a follower each, and changes: both end with what the database holds."""
    with (
        served(database.url, folder / "a") as one,
        served(database.url, folder / "b") as two,
        one.socket() as first,
        two.socket() as second,
    ):
        pictures = Picture(), Picture()
        for number in range(30):
            change(engine, f"E{number % 7}", {"persons": number})
        for follower, seen in zip((first, second), pictures, strict=True):
            listen(follower, seen, lambda: seen.offset == 30)  # noqa: B023
            assert seen.states == whole(engine)


@contextmanager
def woken_hub(engine: Engine, folder: Path, redis_url: str | None = None) -> Iterator[LiveHub]:
    """A hub that has read the stream once, and never looks by itself."""
    hub = LiveHub(folder / "hub", engine, redis_url, look_s=NEVER_S)
    thread = hub.follow(lambda: None)
    try:
        wait_for("the first look", lambda: hub.now.epoch)
        yield hub
    finally:
        hub.close()
        change(engine, "E0", None)
        thread.join(20)


def hears(hub: LiveHub, engine: Engine) -> None:
    """Each of several changes wakes it."""
    for number in range(5):
        last = change(engine, "E1", {"persons": number})
        wait_for("the change", lambda: hub.now.offset == last)  # noqa: B023
        assert hub.states(Topic.SITES)["E1"] == {"persons": number}


def test_nothing_piles_up_where_nobody_waits_for_postgresql(engine: Engine) -> None:
    feed = Feed(engine)
    for number in range(100):
        last = change(engine, "E1", {"persons": number})
        assert feed.read("", 0).last == last
    assert not feed._driver._notifies_backlog
    feed.close()


def test_notify_wakes_a_hub(database: Database, engine: Engine, tmp_path: Path) -> None:
    with woken_hub(engine, tmp_path) as hub:
        hears(hub, engine)


def test_redis_and_its_relay_wake_a_hub(
    database: Database, engine: Engine, tmp_path: Path, redis_port: int
) -> None:
    url = os.environ["NIGEMICHI_REDIS_URL"]
    with (
        redis_server(tmp_path, redis_port),
        started(database.url, tmp_path, "relay", log=tmp_path / "relay.log"),
    ):
        client = connected(url)
        # As long as nobody relays, nobody would be woken.
        told = client.pubsub(ignore_subscribe_messages=True)
        told.subscribe(LIVE_CHANNEL)
        wait_for("the relay", lambda: told.get_message(timeout=0.5))
        with woken_hub(engine, tmp_path, url) as hub:
            wait_for("it listens", lambda: client.pubsub_numsub(LIVE_CHANNEL)[0][1] == 2)
            hears(hub, engine)
        told.close()
        client.close()


def test_two_servers_follow_by_notify_alone(
    database: Database, engine: Engine, tmp_path: Path
) -> None:
    both_follow(database, engine, tmp_path)


def test_two_servers_follow_by_redis_and_its_relay(
    database: Database, engine: Engine, tmp_path: Path, redis_port: int
) -> None:
    with (
        redis_server(tmp_path, redis_port),
        started(database.url, tmp_path, "relay", log=tmp_path / "relay.log"),
    ):
        client = connected(os.environ["NIGEMICHI_REDIS_URL"])
        channel = client.pubsub(ignore_subscribe_messages=True)
        channel.subscribe(LIVE_CHANNEL)
        both_follow(database, engine, tmp_path)
        told: list[int] = []

        def last_told() -> bool:
            message = channel.get_message(timeout=0.5)
            if message:
                told.append(json.loads(message["data"]))
            return 30 in told

        wait_for("the offsets, and nothing else", last_told)
        assert told == sorted(told)
        channel.close()
        client.close()


def test_without_redis_the_servers_look_for_themselves(
    database: Database, engine: Engine, tmp_path: Path, redis_port: int
) -> None:
    with redis_server(tmp_path, redis_port) as redis, served(database.url, tmp_path) as api:
        seen = Picture()
        with api.socket() as follower:
            change(engine, "E1", {"persons": 1})
            listen(follower, seen, lambda: "E1" in seen.states)
            kill(redis)
            change(engine, "E1", {"persons": 2})
            listen(follower, seen, lambda: seen.states["E1"] == {"persons": 2})
    assert seen.snapshots == 1
