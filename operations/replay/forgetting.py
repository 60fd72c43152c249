"""Which nights leave: the oldest first, whole, never the one that is under way."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import Engine

from data.database import transaction
from data.replayforget import bytes_by_day, forget_until
from data.rows import card_of, current_load
from operations.replay.nights import day_of
from operations.replay.settings import KeptFor


def forget(engine: Engine, kept: KeptFor, now: datetime) -> int:
    """Let old nights go; returns how many rows went. Raises `NoCity`, `NoDatabase`."""
    with transaction(engine, latest=True) as connection:
        zone = card_of(current_load(connection)).timezone
        last = last_to_go(bytes_by_day(connection, zone), kept, day_of(now, zone))
        return 0 if last is None else forget_until(connection, zone, last)


def last_to_go(sizes: Mapping[date, int], kept: KeptFor, today: date) -> date | None:
    """The newest day that leaves, with all before it; None where all may stay."""
    left, last = sum(sizes.values()), None
    for day in sorted(sizes):
        if day >= today or (left <= kept.size_bytes and today - day <= kept.age):
            break
        left, last = left - sizes[day], day
    return last
