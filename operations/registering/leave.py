"""Leaving: one tap, by a link that only who was written to has; twice is as good as once."""

from datetime import datetime

from sqlalchemy import Engine

from data import recipients
from data.database import transaction
from data.sealing import Sealer
from operations.delivery.opening import LINK
from operations.people.signing import hash_of
from operations.registering.errors import DeadLink


def leave(engine: Engine, sealer: Sealer, stamp: str, now: datetime) -> None:
    """Leave by the link of a message, also of one sent to who they were before they were merged.

    Raises `DeadLink` for a link that is none of ours.
    """
    number = who_leaves(sealer, stamp)
    if number is None:
        raise DeadLink
    with transaction(engine, latest=True) as connection:
        recipients.leave(connection, recipients.who_now(connection, number), now)


def leave_by_token(engine: Engine, token: str, now: datetime) -> None:
    """Leave by the token of the registration's page; raises `DeadLink` for one of nobody."""
    with transaction(engine, latest=True) as connection:
        mine = recipients.find_by_token(connection, hash_of(token))
        if mine is None:
            raise DeadLink
        recipients.leave(connection, mine.id, now)


def who_leaves(sealer: Sealer, stamp: str) -> int | None:
    """Whose own link it is, by what stands in it; None for none of ours."""
    return sealer.stamped(LINK, stamp)
