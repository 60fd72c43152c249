"""How long a carrier may still try: never beyond the moment from which nothing is sent any more."""

from datetime import UTC, datetime
from typing import Final

from alerts.channels.port import Batch, Fate, Handed

LEAST_S: Final = 1
OVER: Final = Handed(Fate.REFUSED, why="期限が過ぎました (over)")
"""Refused and not "not taken": what is over is never claimed again, and says nothing of the
carrier."""


def utc_now() -> datetime:
    """The clock of carriers."""
    return datetime.now(UTC)


def valid_s(batch: Batch, most_s: int, now: datetime) -> int | None:
    """So many whole seconds, at most `most_s`; None: it is over, and must not be handed over."""
    most_s = max(most_s, LEAST_S)
    if batch.expires_at is None:
        return most_s
    left_s = int((batch.expires_at - now).total_seconds())
    return min(most_s, left_s) if left_s >= LEAST_S else None
