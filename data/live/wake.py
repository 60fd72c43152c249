"""Who wakes a server when the live stream went on: PostgreSQL, or Redis on several machines.

Only the offset travels; states are read from PostgreSQL. Whoever waits also looks every second, so
that a wake-up which is lost delays, and loses nothing.
"""

import logging
import threading
import time
from contextlib import suppress
from random import uniform
from typing import Any, Final, Protocol

import psycopg
import redis
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from data.live.feed import GLANCE_S, Feed
from data.live.outbox import LIVE_CHANNEL

LOOK_S: Final = 1.0
"""Seconds after which a lost wake-up is caught."""
LONGEST_PAUSE_S: Final = 5.0

log = logging.getLogger("nigemichi.live")


class Waker(Protocol):
    """Waits until the stream may have gone on."""

    def wait(self, feed: Feed, timeout_s: float, stop: threading.Event) -> None:
        """Return when woken or told to stop, and at the latest after `timeout_s`."""

    def close(self) -> None:
        """End what it holds."""


class Notified:
    """Woken by PostgreSQL's NOTIFY, on the connection that reads."""

    def wait(self, feed: Feed, timeout_s: float, stop: threading.Event) -> None:
        """Raises where the connection is lost."""
        feed.wait(timeout_s, stop)

    def close(self) -> None:
        """The connection is its owner's."""


class RedisWaker:
    """Woken by a Redis channel; without Redis it looks every second, and tries again."""

    def __init__(self, url: str) -> None:
        self._client: Any = connected(url)
        self._channel: Any = None

    def wait(self, feed: Feed, timeout_s: float, stop: threading.Event) -> None:
        """Never raises: Redis may go and come."""
        until = time.monotonic() + timeout_s
        try:
            if self._channel is None:
                channel = self._client.pubsub(ignore_subscribe_messages=True)
                channel.subscribe(LIVE_CHANNEL)
                self._channel = channel
                return  # what was published before is looked for now
            while not stop.is_set() and (left := until - time.monotonic()) > 0:
                if self._channel.get_message(timeout=min(left, GLANCE_S)) is not None:
                    return
        except (redis.RedisError, OSError) as error:
            log.warning("Redis does not wake us: %s", type(error).__name__)
            self.close()
            stop.wait(max(0.0, until - time.monotonic()))

    def close(self) -> None:
        """Leave the channel."""
        if self._channel is not None:
            with suppress(redis.RedisError, OSError):
                self._channel.close()
        self._channel = None


def waker(redis_url: str | None) -> Waker:
    """Redis where it is named, PostgreSQL otherwise."""
    return RedisWaker(redis_url) if redis_url else Notified()


def connected(redis_url: str) -> redis.Redis:
    """A client that gives up on a silent Redis after seconds."""
    limits = {"socket_timeout": 5, "socket_connect_timeout": 2}
    return redis.Redis.from_url(redis_url, **limits)


def relay(engine: Engine, redis_url: str, stop: threading.Event) -> None:
    """Publish in Redis whatever PostgreSQL notifies, until told to stop; both may go and come."""
    client, failures = connected(redis_url), 0
    while not stop.is_set():
        try:
            feed = Feed(engine)
            try:
                _relay(feed, client, stop)
            finally:
                feed.close()
            failures = 0
        except (DBAPIError, psycopg.Error, redis.RedisError, OSError) as error:
            log.warning("the relay waits: %s", type(error).__name__)
            failures += 1
            stop.wait(pause_s(failures))
    client.close()


def _relay(feed: Feed, client: redis.Redis, stop: threading.Event) -> None:
    feed.listen()
    client.publish(LIVE_CHANNEL, feed.last())
    while not stop.is_set():
        told = feed.wait(LOOK_S, stop)
        if told is not None:
            client.publish(LIVE_CHANNEL, told)


def pause_s(failures: int) -> float:
    """Seconds before the next attempt after so many failures: full jitter, at most a few."""
    return uniform(0, min(LONGEST_PAUSE_S, 0.25 * 2 ** min(failures, 10)))  # noqa: S311
