"""Requests that arrive together are written together: one transaction, one wait for the disk.

Alone a request is written at once. While one transaction is under way others gather, and the next
one takes them all: the more arrive, the less each costs.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from data.errors import DataError

Asked = TypeVar("Asked")
Told = TypeVar("Told")
TOGETHER: Final = 400
"""Requests in one transaction."""


@dataclass(frozen=True, slots=True)
class _Waiting(Generic[Asked, Told]):
    """A request that somebody waits for."""

    request: Asked
    told: "Future[Told]"


class Together(Generic[Asked, Told]):
    """The requests of one server process on one database, and the thread that writes them.

    `write` takes several in one transaction and returns what each is told. `weighs` says how much
    a request brings, `most` how much one transaction takes beyond its first.
    """

    def __init__(
        self,
        name: str,
        write: Callable[[Engine, Sequence[Asked]], Sequence[Told]],
        *,
        weighs: Callable[[Asked], int] = lambda _: 1,
        most: int = TOGETHER,
    ) -> None:
        self._write, self._weighs, self._most = write, weighs, most
        self._queue: deque[_Waiting[Asked, Told]] = deque()
        self._writer = ThreadPoolExecutor(1, name)

    def write(self, engine: Engine, request: Asked) -> "Future[Told]":
        """Write a request: it is told when it is committed; raises what writing it raises."""
        waiting: _Waiting[Asked, Told] = _Waiting(request, Future())
        self._queue.append(waiting)
        self._writer.submit(self._write_together, engine)
        return waiting.told

    def _write_together(self, engine: Engine) -> None:
        """Whoever waits; a failure that is not the database's is that of one request."""
        batch = [one for one in self._taken() if one.told.set_running_or_notify_cancel()]
        if not batch:
            return
        try:
            self._tell(engine, batch)
        except DataError as error:
            _fail(batch, error)
        except Exception as error:
            if len(batch) == 1:
                _fail(batch, error)
            for one in batch if len(batch) > 1 else []:
                self._write_alone(engine, one)

    def _taken(self) -> Iterator[_Waiting[Asked, Told]]:
        """Those who waited longest, with no more than one transaction takes."""
        weight = 0
        for _ in range(min(len(self._queue), TOGETHER)):
            mine = self._weighs(self._queue[0].request)
            weight += mine
            if weight > self._most and weight > mine:
                # Each request was announced once: what is left is written by its own turn.
                return
            yield self._queue.popleft()

    def _write_alone(self, engine: Engine, one: _Waiting[Asked, Told]) -> None:
        try:
            self._tell(engine, [one])
        except Exception as error:
            _fail([one], error)

    def _tell(self, engine: Engine, batch: Sequence[_Waiting[Asked, Told]]) -> None:
        found = self._write(engine, [one.request for one in batch])
        for waiting, one in zip(batch, found, strict=True):
            waiting.told.set_result(one)


class Groups(Generic[Asked, Told]):
    """One group for each engine."""

    def __init__(self, make: Callable[[], Together[Asked, Told]]) -> None:
        self._make = make
        self._groups: WeakKeyDictionary[Engine, Together[Asked, Told]] = WeakKeyDictionary()
        self._finding = threading.Lock()

    def of(self, engine: Engine) -> Together[Asked, Told]:
        """The one group of an engine."""
        with self._finding:
            found = self._groups.get(engine)
            if found is None:
                found = self._groups[engine] = self._make()
            return found


def _fail(batch: Sequence[_Waiting[Asked, Told]], error: Exception) -> None:
    for waiting in batch:
        waiting.told.set_exception(error)
