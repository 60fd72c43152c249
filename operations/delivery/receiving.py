"""Receipts that come on a carrier's own connection, also those that come before we know of what."""

import logging
import threading
from collections import deque
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Engine

from alerts.channels.receipt import Receipt
from data.database import transaction
from data.errors import NoDatabase
from operations.delivery.receipts import take_receipt

WAITS: Final = timedelta(minutes=5)
"""So long a receipt is kept whose message is not stored yet, or while the database is away."""
MOST: Final = 100_000
AT_ONCE: Final = 500
"""Receipts in one transaction: so many rows are locked against those who settle."""

_Came = tuple[datetime, str, Receipt]
log = logging.getLogger("nigemichi.delivery")


class Receiving:
    """Keeps receipts that nobody could take, and tries them again: in one thread alone."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: deque[_Came] = deque(maxlen=MOST)
        self._lock = threading.Lock()
        self._untried = 0

    def take(self, credential: str, receipt: Receipt) -> None:
        """Called by a carrier's own thread: it must not wait, so the receipt is only put aside."""
        with self._lock:
            self._waiting.append((datetime.now(UTC), credential, receipt))

    def try_again(self, now: datetime) -> bool:
        """Store what can be stored of the next `AT_ONCE`; True until all that wait were tried.

        What is too old is dropped, its message stays "taken".
        """
        tried = self._next()
        if not tried:
            return False
        left = tried
        try:
            left = self._store(tried, now)
        except NoDatabase as error:
            log.warning("receipts wait: %s", error)
            self._untried = 0
        with self._lock:
            self._waiting.extend(one for one in left if now - one[0] < WAITS)
        return self._untried > 0

    def _next(self) -> list[_Came]:
        """Off the front; what is put back or comes in meanwhile has its turn in the next round."""
        with self._lock:
            self._untried = self._untried or len(self._waiting)
            many = min(AT_ONCE, self._untried, len(self._waiting))
            self._untried -= many
            return [self._waiting.popleft() for _ in range(many)]

    def _store(self, tried: list[_Came], now: datetime) -> list[_Came]:
        with transaction(self._engine, latest=True) as connection:
            return [one for one in tried if not take_receipt(connection, one[1], one[2], now)]
