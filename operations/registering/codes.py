"""Sending codes and links: a small outbox of its own, claimed by whichever worker comes first."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import Engine

from alerts.channels.port import Batch, Carrier, Fate, Handed, Letter
from alerts.kinds import ChannelKind
from data import recipientchecks as checks
from data.database import transaction
from data.recipientchecks import Check
from data.rows import card_of, find_load
from data.sealing import CannotOpen, Sealer
from operations.registering.letters import Secret, letter
from operations.registering.salted import code_of, link_token
from routing.ground import CityCard

log = logging.getLogger("nigemichi.codes")

PAGE: Final = "/register"
AGAIN: Final = timedelta(seconds=5)
"""Before a carrier that did not take a code is asked again, unless it says when."""


@dataclass(frozen=True, slots=True)
class _Post:
    """What codes are sent with; `site` is where the city's pages are."""

    engine: Engine
    sealer: Sealer
    card: CityCard
    site: str


def send_codes(
    engine: Engine,
    sealer: Sealer,
    carriers: Mapping[ChannelKind, Carrier],
    now: datetime,
    limit: int,
    *,
    site: str,
) -> int:
    """Hand over up to so many codes and links that wait; returns how many were taken.

    What a carrier may have taken is not sent again: whoever got nothing asks for another. What it
    certainly did not take is, until the code is over. Killed between, a code is sent once more.
    """
    with transaction(engine, latest=True) as connection:
        load = find_load(connection)
        if load is None:
            return 0
        claimed = checks.claim(connection, list(carriers), now, limit)
        post = _Post(engine, sealer, card_of(load), site.rstrip("/"))
    taken, let_be = 0, dict[ChannelKind, Handed]()
    for check in claimed:
        handed = let_be.get(check.channel) or _hand_over(post, carriers[check.channel], check)
        if handed.for_all and handed.fate is Fate.NOT_TAKEN:
            let_be[check.channel] = handed
        remembers = bool(carriers[check.channel].remembers_s)
        _settle(engine, check, handed, now, remembers=remembers)
        taken += handed.fate is Fate.ACCEPTED
    return taken


def _hand_over(post: _Post, carrier: Carrier, check: Check) -> Handed:
    try:
        address = post.sealer.open(check.sealed, check.channel, check.status)
    except CannotOpen as error:
        log.warning("a code cannot be sent: %s", error)
        return Handed(Fate.REFUSED)
    token = link_token(post.sealer, check.salt)
    secret = Secret(code_of(post.sealer, check.salt), f"{post.site}{PAGE}/{token}")
    message = letter(post.card, check.channel, check.language, secret)
    # The same at each try: LINE notices it.
    key = uuid5(NAMESPACE_URL, check.token_hash)
    (handed,) = carrier.hand_over(Batch(key, message, (Letter(check.recipient, address),)))
    return handed


def _settle(
    engine: Engine, check: Check, handed: Handed, now: datetime, *, remembers: bool
) -> None:
    again = handed.fate is Fate.NOT_TAKEN or (handed.fate is Fate.UNKNOWN and remembers)
    with transaction(engine, latest=True) as connection:
        if again:
            wait = max(AGAIN, timedelta(seconds=handed.wait_s))
            checks.put_back(connection, check, now + wait)
        else:
            checks.sent(connection, check, now)
