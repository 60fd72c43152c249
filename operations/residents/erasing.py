"""Who reported by LINE is known for no longer than a case may take to close."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine

from data import linereports
from data.database import transaction

KEPT_FOR: Final = timedelta(days=14)
"""Policy: afterwards nobody is told any more; reports stay, without whoever sent them."""


def erase_old(engine: Engine, now: datetime) -> int:
    """Erase who reported longer ago; returns how many."""
    with transaction(engine, latest=True) as connection:
        return linereports.erase(connection, now - KEPT_FOR)
