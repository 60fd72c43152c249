"""What is known of people for no longer than it is needed."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine

from data import recipientchecks as checks
from data import recipients, webhookevents
from data.database import transaction

UNCONFIRMED: Final = timedelta(hours=48)
"""Until when somebody may still confirm: a mail's link lasts a day, and may be asked for again."""
EVENTS: Final = timedelta(days=7)
"""LINE tells an event again within hours."""


def erase_old(engine: Engine, now: datetime) -> int:
    """Erase who was never confirmed, codes, and the ids of events; returns how many people."""
    with transaction(engine, latest=True) as connection:
        erased = recipients.erase_unconfirmed(connection, now - UNCONFIRMED)
        checks.erase(connection, now - UNCONFIRMED)
        webhookevents.erase(connection, now - EVENTS)
    return erased
