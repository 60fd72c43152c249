"""Imagining inside a server: one computation at a time; of each person the newest counts."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final, TypeVar

from sqlalchemy import Engine

from operations.errors import Refused
from operations.imagining.effect import Effect, effect_of
from operations.imagining.imagined import Imagined, check
from operations.imagining.today import Today, evening_of, look, warm
from operations.planning.basis import Basis, open_basis
from operations.planning.methods import HIERARCHY
from operations.serving import CurrentVersion
from routing.losing import Lost, streets_lost
from routing.version import PlanVersion

ANOTHER_LOAD: Final = (
    "市のデータが入れ替わりました。画面を開き直してください（another load of the city）"
)


LOOKS_S: Final = 0.2
"""How often whoever waits looks whether the answer is still wanted."""
MOST_WAIT: Final = 8
"""Threads of a server that may wait here at once: the public is answered by the same forty."""
MANY_WAIT: Final = (
    "ほかの計算をいくつも行っているところです。何もしていません。数秒待ってもう一度"
    "（many answers are being computed: try again in seconds）"
)
Kept = TypeVar("Kept")


class Superseded(Refused):
    """The same person has asked for something else meanwhile."""


class Imagining:
    """Keeps the basis of the load that answers, and what was computed of its newest version."""

    def __init__(self, current: CurrentVersion) -> None:
        self._current = current
        self._basis: tuple[str, Basis] | None = None
        self._today: Today | None = None
        self._lost: tuple[Today, Lost, datetime] | None = None
        self._one = threading.Lock()
        self._waiting = threading.BoundedSemaphore(MOST_WAIT)
        self._turns: dict[str, int] = {}
        self._counting = threading.Lock()

    @property
    def change(self) -> int:
        """The number of the last change that the newest version holds; raises `NoCity`."""
        return self._current.version.picture.change

    def answering(self) -> tuple[PlanVersion, str]:
        """The version that answers and its load, of one moment; raises `NoCity`."""
        while True:
            load, version = self._current.load, self._current.version
            if load == self._current.load:
                return version, load

    def imagine(
        self, engine: Engine, actor: str | None, imagined: Imagined, now: datetime
    ) -> Effect:
        """What a change would do, on the newest version with this evening's figures.

        Raises `Superseded` where `actor` has asked for something else meanwhile (None: nobody ends
        it), `NoCity` before the first version, `Refused` where another load answers or too many
        wait, and what `imagined.check` raises.
        """
        still_wanted = self._turn(actor) if actor else lambda: None
        with self._mine(still_wanted, adopts=actor is None):
            today = self._look(now)
            if imagined.load and imagined.load != today.load:
                raise Refused(ANOTHER_LOAD)
            check(today.version, imagined)
            still_wanted()
            return effect_of(today, evening_of(engine, today, now), imagined, now, still_wanted)

    def today(self, now: datetime) -> Today:
        """The newest version with who walks where; while another answer is computed, the last one
        that was looked at, so that no thread of the server waits. Raises `NoCity`, `Refused`.
        """
        with self._unless_busy(self._today) as last:
            return last or self._look(now)

    def streets(self, now: datetime) -> tuple[Today, Lost, datetime]:
        """Every street of the newest version lost in turn, and when that was computed; while
        another answer is computed, what was found last. Raises `NoCity`, `Refused`.
        """
        with self._unless_busy(self._lost) as last:
            return last or self._losing(now)

    def _losing(self, now: datetime) -> tuple[Today, Lost, datetime]:
        today = self._look(now)
        if self._lost is None or self._lost[0] is not today:
            lost = streets_lost(today.version, today.basis.looked, night=today.night)
            self._lost = today, lost, now
        return self._lost

    @contextmanager
    def _unless_busy(self, last: Kept | None) -> Iterator[Kept | None]:
        """Compute alone, with None; what was computed `last` where somebody computes, if any.

        Raises `Refused` where so many wait for the first one already that another would take the
        threads by which the public is answered.
        """
        if self._one.acquire(blocking=False):
            try:
                yield None
            finally:
                self._one.release()
        elif last is not None:
            yield last
        else:
            with self._mine(lambda: None):
                yield None

    @contextmanager
    def _mine(self, still_wanted: Callable[[], None], *, adopts: bool = False) -> Iterator[None]:
        """Compute alone; whoever waits leaves as soon as the answer is not wanted any more, and
        whoever `adopts`, one at a time, waits however many others do.
        """
        if not (adopts or self._waiting.acquire(blocking=False)):
            raise Refused(MANY_WAIT)
        try:
            while not self._one.acquire(timeout=LOOKS_S):
                still_wanted()
        finally:
            if not adopts:
                self._waiting.release()
        try:
            still_wanted()
            yield
        finally:
            self._one.release()

    def _turn(self, actor: str) -> Callable[[], None]:
        with self._counting:
            mine = self._turns[actor] = self._turns.get(actor, 0) + 1

        def still_wanted() -> None:
            if self._turns[actor] != mine:
                raise Superseded("新しい仮定を計算しています（superseded by a newer question）")

        return still_wanted

    def _look(self, now: datetime) -> Today:
        version, load = self.answering()
        if self._basis is None or self._basis[0] != load:
            self._basis = load, open_basis(self._current.ground_folder, HIERARCHY)
            self._today = look(version, self._basis[1], now, load)
            warm(self._today)
        if self._today is None or self._today.version is not version:
            self._today = look(version, self._basis[1], now, load)
        return self._today
