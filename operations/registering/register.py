"""Registering, and changing what was registered: nothing counts before its address is verified."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Engine

from alerts.kinds import AlertKind, ChannelKind, Language, Status
from alerts.registration import AccessNeed, Standing, Wishes
from data import inforce, recipients
from data import recipientchecks as checks
from data.database import transaction
from data.errors import NotThere
from data.rows import current_load
from data.sealing import Sealer
from operations.people.signing import hash_of, new_secret
from operations.registering.asking import ask
from operations.registering.errors import DeadLink, NoWay
from operations.registering.standing import Given, standing_of
from operations.registering.verifying import verify


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wishes; `where` is None where it stays. `addresses` are normalised."""

    where: Given | None
    categories: frozenset[AlertKind]
    language: Language
    needs: frozenset[AccessNeed]
    addresses: Mapping[ChannelKind, str] = field(default_factory=dict, repr=False)


def register(engine: Engine, sealer: Sealer, asked: Asked, now: datetime) -> str:
    """Begin a registration; returns the token by which its page is opened, known to nobody else.

    The same for an address that is registered and for one that is not. Raises `NoWay`, and what
    `standing_of` raises.
    """
    if not asked.addresses or asked.where is None:
        raise NoWay
    token = new_secret()
    with transaction(engine, latest=True) as connection:
        inforce.wait_for_load(connection)
        load = current_load(connection)
        where = standing_of(connection, load, asked.where)
        wishes = Wishes(where, asked.categories, asked.language, asked.needs)
        status, hashed = Status.ACTUAL, hash_of(token)
        number = recipients.add(connection, load.code, status, wishes, hashed, now)
        _ask_all(connection, sealer, number, status, asked, now)
    return token


def change(engine: Engine, sealer: Sealer, token: str, asked: Asked, now: datetime) -> str:
    """Change what was registered, by the token of its page or by a link of LINE, which is used up.

    Returns the token of the page from now on. New addresses count once they are verified. Raises
    `DeadLink`, `NotThere` where no place was ever chosen, and what `standing_of` raises.
    """
    with transaction(engine, latest=True) as connection:
        inforce.wait_for_load(connection)
        recipients.hold_keys(connection)
        link = checks.find(connection, hash_of(token), now, locked=True)
        mine = recipients.find_by_token(connection, hash_of(token))
        if link is not None and link.channel is ChannelKind.LINE:
            mine = recipients.find(connection, link.recipient)
        if mine is None:
            raise DeadLink
        where = mine.wishes.where
        if asked.where is not None:
            where = standing_of(connection, current_load(connection), asked.where)
        if where == Standing():
            raise NotThere("町か場所を選んでください（choose where you are）")
        wishes = Wishes(where, asked.categories, asked.language, asked.needs)
        recipients.set_wishes(connection, mine.id, wishes)
        number = mine.id
        if link is not None:
            token = new_secret()
            recipients.set_token(connection, number, hash_of(token))
            number = verify(connection, link, now)
        _ask_all(connection, sealer, number, mine.status, asked, now)
    return token


def _ask_all(
    connection: Connection,
    sealer: Sealer,
    number: int,
    status: Status,
    asked: Asked,
    now: datetime,
) -> None:
    for channel, address in sorted(asked.addresses.items()):
        ask(connection, sealer, number, status, channel, address, now)
