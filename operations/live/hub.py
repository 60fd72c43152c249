"""The hub of one server: follows the live stream in a thread, and wakes who listens.

Whatever happens to PostgreSQL, `now` is the last good stream, and `freshness` says how old it is.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from data.errors import NoDatabase
from data.live import file as livefile
from data.live.feed import Feed, Found, begin_epoch
from data.live.outbox import Topic
from data.live.wake import LOOK_S, Waker, pause_s, waker
from operations.live.now import LiveNow
from operations.serving import STALE_AFTER, Freshness, utc_now

KEEP_EVERY_S: Final = 1.0
AWAY: Final = (SQLAlchemyError, psycopg.Error, NoDatabase, OSError)

log = logging.getLogger("nigemichi.live")


class LiveHub:
    """`now` is read without a lock, and is always whole; without an engine it follows the file.

    Every `look_s` seconds it looks by itself, whether or not anybody woke it.
    """

    def __init__(
        self,
        state: Path,
        engine: Engine | None,
        redis_url: str | None = None,
        *,
        look_s: float = LOOK_S,
    ) -> None:
        self.now = LiveNow()
        self.checked_at: datetime | None = None
        self._state, self._engine, self._redis_url = state, engine, redis_url
        self._look_s = look_s
        self._told: Callable[[], None] = lambda: None
        self._stop = threading.Event()
        self._kept, self._kept_at, self._read_at = "", 0.0, 0
        self._complaint = ""
        self._failures = 0

    @property
    def since(self) -> str:
        """Where the stream stands: "epoch:offset"; what a page shows, its script follows on."""
        return self.now.since

    def states(self, topic: Topic) -> Mapping[str, Mapping[str, Any]]:
        """The newest state of each thing of a topic, by its key; what is gone is left out."""
        return self.now.states(topic)

    def freshness(self, now: datetime) -> Freshness | None:
        """When PostgreSQL last said that nothing is newer; None where nothing is known at all."""
        at = self.checked_at
        return Freshness(at, abs(now - at) > STALE_AFTER) if at and self.now.epoch else None

    def follow(self, told: Callable[[], None]) -> threading.Thread:
        """Follow in a thread of its own, until `close`; `told` is called there after each swap."""
        self._told = told
        self._restore()
        work = self._follow if self._engine else self._follow_file
        thread = threading.Thread(target=work, name="live-hub", daemon=True)
        thread.start()
        return thread

    def close(self) -> None:
        """End the thread, at once where the database answers."""
        self._stop.set()

    def _follow(self) -> None:
        wakes = waker(self._redis_url)
        while not self._stop.is_set():
            try:
                self._stay(wakes)
            except Exception as error:  # the last good stream must go on, whatever it was
                self._lost(error)
                self._stop.wait(pause_s(self._failures))
            self._keep()
        wakes.close()
        self._keep(last=True)

    def _stay(self, wakes: Waker) -> None:
        """Follow on one connection, until told to stop or it is lost."""
        assert self._engine is not None  # noqa: S101
        feed = Feed(self._engine)
        try:
            while not self._stop.is_set():
                asked_at = utc_now()
                self._take(feed.read(self.now.epoch, self.now.offset), asked_at)
                self._keep()
                wakes.wait(feed, self._look_s, self._stop)
                self._failures, self._complaint = 0, ""
        finally:
            feed.close()

    def _take(self, found: Found, asked_at: datetime) -> None:
        """Swap in what was found, and tell."""
        assert self._engine is not None  # noqa: S101
        if found.epoch == self.now.epoch and found.last < self.now.offset:
            log.warning("the database fell back behind what was told: another epoch begins")
            begin_epoch(self._engine, self.now.epoch, self.now.offset)
            return
        before = LiveNow(found.epoch) if found.whole else self.now
        after = before.grown(found.states)
        self.checked_at = asked_at
        if after is not self.now:
            self.now = after
            self._told()

    def _lost(self, error: Exception) -> None:
        """Say once why the stream stands still."""
        self._failures += 1
        words = f"{type(error).__name__}: {next(iter(str(error).splitlines()), '')}"
        if words == self._complaint:
            return
        self._complaint = words
        if isinstance(error, AWAY):
            log.warning("the live stream waits for PostgreSQL: %s", words[:200])
        else:
            log.error("the live stream failed", exc_info=error)

    def _follow_file(self) -> None:
        while not self._stop.wait(self._look_s):
            self._restore()

    def _restore(self) -> None:
        """Take what was kept on this machine, if it is other than what is known."""
        written = livefile.kept_at(self._state)
        kept = livefile.restore(self._state) if written else None
        if kept is None:
            return
        self.checked_at = kept.checked_at
        if written != self._read_at:
            self._read_at = written
            self.now = LiveNow(kept.epoch, kept.offset).grown(kept.states)
            self._kept = self.now.since
            self._told()

    def _keep(self, *, last: bool = False) -> None:
        """Write down what is known, at most once a second; a full disk stops nothing."""
        now, at = self.now, self.checked_at
        moment = time.monotonic()
        if not now.epoch or at is None or not (last or moment - self._kept_at >= KEEP_EVERY_S):
            return
        self._kept_at = moment
        try:
            if now.since != self._kept:
                states = tuple(one.state for one in now.things.values())
                livefile.keep(self._state, livefile.Kept(now.epoch, now.offset, at, states))
                self._kept = now.since
            livefile.keep_checked(self._state, now.epoch, now.offset, at)
        except OSError as error:
            log.warning("the live stream was not kept: %s", error.strerror)
