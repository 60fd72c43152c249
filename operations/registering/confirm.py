"""The second step: a code that was sent, or a link in a mail, shows whose address it is."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection, Engine

from alerts.kinds import ChannelKind
from data import recipientchecks as checks
from data import recipients
from data.database import transaction
from data.recipientchecks import Check
from data.sealing import Sealer
from operations.people.signing import hash_of
from operations.registering.asking import ask
from operations.registering.errors import DeadLink
from operations.registering.salted import is_code
from operations.registering.verifying import verify

MOST_TRIES: Final = 5
"""Of one code; with three codes an hour a guess meets once in 67,000 hours."""


class Outcome(StrEnum):
    """What became of a code that was entered; `OVER`: it is too old, or was tried too often."""

    DONE = "done"
    WRONG = "wrong"
    OVER = "over"


def confirm_code(engine: Engine, sealer: Sealer, token: str, typed: str, now: datetime) -> Outcome:
    """Enter the code of the number that waits, by the token of the registration's page.

    Raises `DeadLink` for a token of nobody.
    """
    with transaction(engine, latest=True) as connection:
        recipients.hold_keys(connection)
        check = _of_number(connection, token, now)
        if check is None or check.tries >= MOST_TRIES:
            return Outcome.OVER
        right = is_code(sealer, check.salt, typed)
        if check.kept_back or not right:
            checks.count_try(connection, check)
            return Outcome.OVER if check.tries + 1 >= MOST_TRIES else Outcome.WRONG
        verify(connection, check, now)
        return Outcome.DONE


def use_link(engine: Engine, token: str, now: datetime) -> None:
    """Confirm a mail address by the link that was sent to it; raises `DeadLink`."""
    with transaction(engine, latest=True) as connection:
        recipients.hold_keys(connection)
        check = checks.find(connection, hash_of(token), now, locked=True)
        if check is None or check.channel is not ChannelKind.MAIL:
            raise DeadLink
        verify(connection, check, now)


def is_mail_link(engine: Engine, token: str, now: datetime) -> bool:
    """Whether a link would confirm a mail address; looking uses nothing up."""
    with transaction(engine) as connection:
        check = checks.find(connection, hash_of(token), now)
        return check is not None and check.channel is ChannelKind.MAIL


def send_again(engine: Engine, sealer: Sealer, token: str, now: datetime) -> None:
    """Ask for new codes for all that waits; the ones before are of no use any more.

    Raises `DeadLink` for a token of nobody.
    """
    with transaction(engine, latest=True) as connection:
        recipients.hold_keys(connection)
        mine = recipients.find_by_token(connection, hash_of(token))
        if mine is None:
            raise DeadLink
        for check in checks.asked_last(connection, mine.id):
            address = sealer.open(check.sealed, check.channel, check.status)
            ask(connection, sealer, mine.id, check.status, check.channel, address, now)


def _of_number(connection: Connection, token: str, now: datetime) -> Check | None:
    mine = recipients.find_by_token(connection, hash_of(token))
    if mine is None:
        raise DeadLink
    waiting = checks.waiting(connection, mine.id, now, locked=True)
    return next((one for one in waiting if one.channel is ChannelKind.SMS), None)
