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

log = logging.getLogger("nigemichi.delivery")


class Receiving:
    """Keeps receipts that nobody could take, and tries them again."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._early: deque[tuple[datetime, str, Receipt]] = deque(maxlen=MOST)
        self._lock = threading.Lock()

    def take(self, credential: str, receipt: Receipt) -> None:
        """Called by a carrier's own thread: it must not wait, so the receipt is only put aside."""
        with self._lock:
            self._early.append((datetime.now(UTC), credential, receipt))

    def try_again(self, now: datetime) -> None:
        """Store all that can be stored; what is too old is dropped, its message stays "taken"."""
        with self._lock:
            waiting, self._early = list(self._early), deque(maxlen=MOST)
        if not waiting:
            return
        left = waiting
        try:
            left = self._store(waiting, now)
        except NoDatabase as error:
            log.warning("receipts wait: %s", error)
        with self._lock:
            self._early.extend(one for one in left if now - one[0] < WAITS)

    def _store(
        self, waiting: list[tuple[datetime, str, Receipt]], now: datetime
    ) -> list[tuple[datetime, str, Receipt]]:
        with transaction(self._engine, latest=True) as connection:
            return [one for one in waiting if not take_receipt(connection, one[1], one[2], now)]
