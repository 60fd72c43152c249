"""A file that somebody hands over: taken in, and in the audit log with its name's ending alone."""

from datetime import datetime
from pathlib import PurePath

from city.staff import Caller
from data.database import transaction
from data.people import audit
from operations.information.taking import Taken
from operations.information.turns import Turns


def hand_over(
    turns: Turns, number: int, name: str, body: bytes, now: datetime, by: Caller
) -> Taken:
    """Take it in; raises as `Turns.drop`. A name may say whose file it is: it is not kept."""
    taken = turns.drop(number, PurePath(name).name[:100] or "file", body, now, by)
    with transaction(turns.engine) as connection:
        about = {"became": taken.became, "items": taken.items, "bytes": len(body)}
        audit.record(connection, by, "source.dropped", str(number), **about)
    return taken
