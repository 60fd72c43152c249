"""安否 is kept for no longer than a night's families look for each other."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine

from city.staff import SYSTEM
from data import safewords
from data.database import transaction
from data.people import audit

KEPT_FOR: Final = timedelta(days=30)
"""Policy, as for slips of the phone desk."""


def erase_old(engine: Engine, now: datetime) -> int:
    """Erase who said it longer ago; returns how many."""
    with transaction(engine, latest=True) as connection:
        count = safewords.erase(connection, now - KEPT_FOR)
        if count:
            audit.record(connection, SYSTEM, "safe.erased", count=count)
        return count
