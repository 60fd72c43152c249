"""What somebody does in LINE: they follow, block us, write, tap that they have read, or report."""

import logging
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Engine

from alerts.channels.line_webhook import Followed, LineEvent, Tapped, Unfollowed, Wrote
from alerts.kinds import AlertKind, ChannelKind, Language, Status
from alerts.registration import Standing, Wishes
from alerts.wording.seen import seen_of
from data import recipients, recipientways, webhookevents
from data.database import transaction
from data.rows import current_load
from data.sealing import Sealer
from operations.delivery.confirming import How, confirm
from operations.people.signing import hash_of, new_secret
from operations.registering.asking import ask
from operations.residents import talking

log = logging.getLogger("nigemichi.line")

LINE: Final = ChannelKind.LINE
SOURCE: Final = "line"
NOT_CHOSEN: Final = Wishes(Standing(), frozenset(AlertKind), Language.JAPANESE, frozenset())
"""Of somebody who has not opened the page yet: nothing is sent to them."""


def hear(engine: Engine, sealer: Sealer, event: LineEvent, now: datetime) -> bool:
    """Do what an event means; False for one that was heard before.

    Whoever follows or writes gets a link to the page, bound to their LINE: there they choose their
    町丁目, or change it. Whoever blocked us keeps their other ways. Who sends a picture or a place
    reports a danger.
    """
    reported = None
    with transaction(engine, latest=True) as connection:
        if not webhookevents.is_new(connection, SOURCE, event.event_id, now):
            return False
        if isinstance(event, Unfollowed):
            _block(connection, sealer, event)
        elif talking.concerns(event):
            who = _whose(connection, sealer, event, Status.ACTUAL)
            reported = talking.hear(connection, sealer, event, who, now)
        elif isinstance(event, Tapped):
            _confirm(connection, sealer, event, now)
        elif isinstance(event, Wrote) and talking.hear_words(connection, sealer, event, now):
            log.info("words of LINE were added to a report")
        else:
            _greet(connection, sealer, event, now)
    if reported is not None:
        talking.finish(engine, reported, now)
    return True


def _block(connection: Connection, sealer: Sealer, event: LineEvent) -> None:
    for status in Status:
        number = _whose(connection, sealer, event, status)
        if number is not None:
            recipientways.block(connection, number, LINE, "unfollow", event.at)


def _confirm(connection: Connection, sealer: Sealer, event: Tapped, now: datetime) -> None:
    """A drill's button confirms the drill: a LINE may be registered for both.

    That of an older card says nothing: whoever read of level 3 has not read of level 5.
    """
    seen = seen_of(event.data)
    if seen is None:
        log.warning("a tap in LINE says nothing that is known here")
        return
    for status in Status:
        number = _whose(connection, sealer, event, status)
        if number is not None:
            recipients.find(connection, number, locked=True)  # a load numbers homes anew
            confirm(connection, number, How.TAP, now, shown=[seen])


def _greet(connection: Connection, sealer: Sealer, event: LineEvent, now: datetime) -> None:
    number = _whose(connection, sealer, event, Status.ACTUAL)
    if number is not None and isinstance(event, Followed):
        recipientways.unblock(connection, number, LINE, event.at)
    if number is None:
        load = current_load(connection)
        hashed = hash_of(new_secret())
        number = recipients.add(connection, load.code, Status.ACTUAL, NOT_CHOSEN, hashed, now)
    ask(connection, sealer, number, Status.ACTUAL, LINE, event.user, now)


def _whose(connection: Connection, sealer: Sealer, event: LineEvent, status: Status) -> int | None:
    lookup = sealer.lookup(event.user, LINE, status)
    return recipientways.find_by_lookup(connection, LINE, lookup)
