"""An address was verified: whose it is from now on, and who is one person with whom."""

from datetime import datetime

from sqlalchemy import Connection

from data import recipientchecks as checks
from data import recipients, recipientways
from data.recipientchecks import Check
from data.recipients import Recipient
from operations.registering.errors import DeadLink


def verify(connection: Connection, check: Check, now: datetime) -> int:
    """Give an address to whoever showed that they get what is sent to it; returns their number.

    What is in force where they are is sent to them after the commit, by a worker.

    `check` is locked, and `recipients.hold_keys` comes before it. Raises `DeadLink` where its
    recipient left meanwhile.
    """
    recipients.lock_address(connection, check.lookup)
    mine = recipients.find(connection, check.recipient, locked=True)
    if mine is None:
        raise DeadLink
    checks.use(connection, check, now)
    number = mine.id
    holder = recipientways.find_by_lookup(connection, check.channel, check.lookup)
    if holder is not None and holder != number:
        number = _one_of(connection, mine, holder, check, now)
    recipientways.put_address(connection, number, check.channel, check.sealed, check.lookup, now)
    recipients.confirm(connection, number, now)
    return number


def _one_of(
    connection: Connection, mine: Recipient, holder: int, check: Check, now: datetime
) -> int:
    """Which of two recipients has the address from now on.

    Who registers anew by their only address stays who they were, with what they wish now. Who had
    more than that one keeps the others: a number may have gone to somebody else, who must not get
    hold of them.
    """
    theirs = [way.channel for way in recipientways.ways(connection, holder)]
    if mine.confirmed_at is None and theirs == [check.channel]:
        recipients.take_over(connection, mine, holder)
        return holder
    recipientways.take_address(connection, holder, check.channel)
    if theirs == [check.channel]:
        recipients.leave(connection, holder, now, merged_into=mine.id)
    return mine.id
