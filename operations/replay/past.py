"""What headquarters saw is of the past: of what is still to come nothing was recorded."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from data.errors import NotThere
from operations.replay.looking import NOTHING, seen_at


def seen_until(connection: Connection, moment: datetime, now: datetime) -> dict[str, Any]:
    """As `seen_at`; raises `NotThere` also for a moment that has not come, unless a frame is so new
    that it stands for it: clocks of screens differ by seconds.
    """
    seen = seen_at(connection, moment)
    if moment > now and seen["frame"]["gap"]:
        raise NotThere(NOTHING)
    return seen
