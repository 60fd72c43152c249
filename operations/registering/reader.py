"""The reader's own link: what they were told, and that they say they have read it.

Looking records nothing: carriers, mail scanners and previews open links too.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row

from alerts.kinds import Language
from alerts.registration import Wishes
from alerts.told import ToldAlert, Words
from data import recipients
from data.alerts import revisions, told
from data.database import transaction
from data.recipients import Recipient
from data.rows import card_of, current_load
from data.sealing import Sealer
from operations.delivery.confirming import How, confirm
from operations.delivery.opening import LINK
from routing.ground import CityCard


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose link it is, in their city, and what they were told, newest first."""

    card: CityCard
    wishes: Wishes = field(repr=False)
    told: tuple[ToldAlert, ...]


def look(engine: Engine, sealer: Sealer, stamp: str, now: datetime) -> Reader | None:
    """What a link opens; None for one that never was, and for one of who left.

    Raises `NoDatabase`, `NoCity`.
    """
    number = sealer.stamped(LINK, stamp)
    if number is None:
        return None
    with transaction(engine) as connection:
        found = _who(connection, number)
        if found is None:
            return None
        card, who = card_of(current_load(connection)), told.numbers_of(connection, number)
        rows = told.list_told(connection, found.city_code, found.status, who, now)
        alerts = tuple(_told(row, card.name) for row in rows)
        return Reader(card, found.wishes, alerts)


def say_seen(
    engine: Engine, sealer: Sealer, stamp: str, shown: Collection[tuple[int, int]], now: datetime
) -> bool:
    """Record that they have read what the page showed, (alert, revision) of each, if that is not
    over and nothing newer was sent to them since.

    What was sent to who they were before they were merged, too. False for a link that opens
    nothing; twice is as good as once. Raises `NoDatabase`.
    """
    number = sealer.stamped(LINK, stamp)
    if number is None:
        return False
    with transaction(engine, latest=True) as connection:
        if _who(connection, number) is None:
            return False
        for one in told.numbers_of(connection, number):
            recipients.find(connection, one, locked=True)  # a load numbers homes anew
            confirm(connection, one, How.TAP, now, shown=shown)
        return True


def _who(connection: Connection, number: int) -> Recipient | None:
    return recipients.find(connection, recipients.who_now(connection, number))


def _told(row: Row[Any], city: str) -> ToldAlert:
    return ToldAlert(
        alert=revisions.record_of(row, city),
        words=_words(row.web or {}),
        stopped_at=row.stopped_at,
        order_stands=row.stands,
        lifted_at=None if row.stands else row.ended_at,
        theirs=row.theirs,
        confirmed_at=row.confirmed_at,
        waits=row.lasts and row.confirmed_at is None,
    )


def _words(web: Mapping[str, Any]) -> dict[Language, Words]:
    return {
        language: Words(language, web[language]["title"], tuple(web[language]["paragraphs"]))
        for language in Language
        if language in web
    }
