"""A person looks at a copy that is held: it is shown, or it is not; with a reason, in the log."""

from datetime import datetime

from sqlalchemy import Engine

from city.staff import Caller
from data import infosources
from data.database import transaction
from data.infosources import State
from data.people import audit
from data.rows import current_load
from hazards.information import Way, older
from operations.errors import Refused
from operations.information.registering import said_reason

CHANGED = "ほかの人が先に決めたか、新しい内容が届きました。開き直して、もう一度見てください"


def accept(
    engine: Engine, by: Caller, number: int, reason: str, now: datetime, *, digest: str
) -> None:
    """Show the held copy, which is the good one from now on. Raises `NotThere`, `Refused`.

    `digest` is that of the copy that was looked at: no other one is accepted.
    """
    _decide(engine, by, number, reason, now, digest, State.GOOD)


def refuse(
    engine: Engine, by: Caller, number: int, reason: str, now: datetime, *, digest: str
) -> None:
    """Keep the held copy back; the last good one stays, with its age. Raises as `accept`."""
    _decide(engine, by, number, reason, now, digest, State.REFUSED)


def _decide(
    engine: Engine,
    by: Caller,
    number: int,
    reason: str,
    now: datetime,
    digest: str,
    state: State,
) -> None:
    why = said_reason(reason)
    with transaction(engine, latest=True) as connection:
        row = infosources.find(connection, current_load(connection).code, number, lock=True)
        held = infosources.find_copy(connection, number, State.HELD)
        if held is None or held.digest != digest:
            raise Refused(CHANGED)
        infosources.decide(connection, number, state, by.actor, why, now)
        if state is State.GOOD:
            tags = {"etag": held.etag, "modified": held.modified}
            at = older(held.came_at, held.said_at) or held.came_at
            infosources.heard(connection, number, at, **tags)
        elif row.way == Way.DROP:
            # The file was wrong, not the source: the one before counts as it did.
            infosources.say(connection, number, failing_since=None, failure="")
        action = "source.accepted" if state is State.GOOD else "source.kept_back"
        items = held.counted | {"items": len(held.content)}
        audit.record(connection, by, action, str(row.id), reason=why, **items)
