"""What is refused goes into the audit log too, in a transaction of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Engine

from alerts.errors import AlertError
from city.staff import Caller
from data.database import transaction
from data.people import audit
from hazards.errors import HazardError
from operations.errors import Refused
from shelters.errors import ShelterError

LONGEST: Final = 100
"""Letters of an id; a stranger may send any."""


@contextmanager
def refusals(engine: Engine, by: Caller, what: str, subject: str = "") -> Iterator[None]:
    """Write an entry "`what`.refused" with the kind of the refusal, never its words."""
    subject = subject[:LONGEST] if subject.isprintable() else ""
    try:
        yield
    except (AlertError, HazardError, Refused, ShelterError) as refusal:
        with transaction(engine, latest=True) as connection:
            why = type(refusal).__name__
            audit.record(connection, by, f"{what}.refused", subject, why=why)
        raise
