"""One computation of the state for all who ask at the same time.

Whoever asks gets what was read after they asked: a page that has just changed something sees it.
"""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Together(Generic[T]):
    """Shares the results of `make` among threads; one runs at a time."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._turn = threading.Condition()
        self._begun = self._done = self.waiting = 0
        self._running = False
        self._made: T | Exception | None = None

    def get(self) -> T:
        """What was made since it was asked for; raises what making it raised."""
        with self._turn:
            wanted = self._begun + 1
            while self._running:
                self.waiting += 1
                self._turn.wait()
                self.waiting -= 1
                if self._done >= wanted:
                    return self._result()
            self._running, self._begun = True, self._begun + 1
        try:
            made: T | Exception = self._make()
        except Exception as error:  # all who wait hear of it: none of them tries it anew
            made = error
        with self._turn:
            self._running, self._made, self._done = False, made, self._begun
            self._turn.notify_all()
            return self._result()

    def _result(self) -> T:
        if isinstance(self._made, Exception):
            raise self._made
        return self._made  # type: ignore[return-value]
