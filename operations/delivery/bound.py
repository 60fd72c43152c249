"""A message centre tells what became of messages only on a connection that stands: it is kept."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from alerts.channels.smpp import SmppCarrier

AGAIN: Final = timedelta(seconds=30)
"""After a refusal: a vendor may lock out who asks more often."""


@dataclass(slots=True)
class StaysBound:
    """For a worker's `aside`: also a worker that has nothing to send hears of receipts."""

    carrier: SmppCarrier
    _not_before: datetime = field(default=datetime.min.replace(tzinfo=UTC), init=False)

    def __call__(self, now: datetime) -> bool:
        if now >= self._not_before:
            try:
                self.carrier.connect()
            except OSError:
                self._not_before = now + AGAIN
        return False
