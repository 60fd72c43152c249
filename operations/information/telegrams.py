"""Telegrams of the JMA from a feed, a folder or a hand: each goes the way of all bulletins.

What people are shown is what stands for the city by all telegrams together, whoever brought them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from city.staff import Caller
from data.database import transaction
from data.errors import BrokenSource
from data.readers.informationatom import Entry, entries_of
from data.readers.informationrow import is_meant, wanted
from data.rows import current_load
from hazards.errors import HazardError
from hazards.information import Item, Shape
from hazards.informationcopy import Copy
from operations.bulletins.nowstanding import Standing, standing_now
from operations.bulletins.surroundings import place_of
from operations.bulletins.take_in import take_in
from operations.errors import Refused
from operations.information.fetching import Fetcher, NotFetched

MOST_AT_ONCE: Final = 30
"""Telegrams of a feed in one turn; the others come in the next."""
MOST_SEEN: Final = 2_000
MOST_LOST: Final = 3
"""So many that cannot be fetched are passed over in a turn."""


@dataclass(frozen=True, slots=True)
class Telegram:
    """A telegram as it came, under the name by which it is known."""

    id: str
    body: bytes


def from_feed(
    fetcher: Fetcher, name: str, body: bytes, only: str, seen: Iterable[str]
) -> tuple[list[Telegram], list[str], bool]:
    """The new telegrams that a feed links to, the oldest first, or the one that `body` is; the ids
    of the feed that came by now; and whether it has more that did not.

    Raises `NotFetched`, `BrokenSource`.
    """
    entries = entries_of(Path(name), body)
    if entries is None:
        return [Telegram(name, body)], [], False
    known, words = frozenset(seen), wanted(only)
    meant = [one for one in reversed(entries) if is_meant(one.words, words)]
    new = [one for one in meant if _id(one) not in known]
    came = _fetched(fetcher, new[:MOST_AT_ONCE])
    here = [_id(one) for one in meant if _id(one) in known]
    return came, [*here, *(one.id for one in came)][-MOST_SEEN:], len(came) < len(new)


def _fetched(fetcher: Fetcher, entries: Sequence[Entry]) -> list[Telegram]:
    """One that is gone keeps no other out, and is asked for again; raises `NotFetched` after
    `MOST_LOST`, and where none came.
    """
    came: list[Telegram] = []
    lost: list[NotFetched] = []
    for one in entries:
        try:
            came.append(Telegram(_id(one), fetcher.fetch(one.link, Shape.JMA).body or b""))
        except NotFetched as error:
            lost.append(error)
            if len(lost) > MOST_LOST:
                break
    if lost and not came:
        raise lost[0]
    return came


def take_telegrams(
    engine: Engine, by: Caller, telegrams: Sequence[Telegram], now: datetime
) -> list[str]:
    """Take all of them in; why some could not be, in words. Raises `BrokenSource` if none could."""
    said = []
    for one in telegrams:
        try:
            take_in(engine, by, one.body, name=Path(one.id).name or "電文", now=now)
        except (BrokenSource, Refused, HazardError) as error:
            said.append(error.what if isinstance(error, BrokenSource) else str(error))
    if said and len(said) == len(telegrams):
        raise BrokenSource(Path("電文"), said[0])
    return said


def standing_copy(engine: Engine, now: datetime) -> Copy:
    """What stands for the city now, as others' information is kept."""
    with transaction(engine) as connection:
        load = current_load(connection)
        place = place_of(connection, load)
        found = standing_now(connection, load.code, place, now)
    items = [_item(one) for one in found if one.bulletin.is_real and one.items_in_force()]
    return Copy(tuple(items), read=len(items))


def _item(one: Standing) -> Item:
    names = dict.fromkeys(item.name for item in one.items_in_force())
    return Item(
        id=one.bulletin.series,
        title=f"{'・'.join(names)}（{one.bulletin.office}）",
        text=one.bulletin.shown_headline,
        at=one.bulletin.reported_at,
        until=one.bulletin.ends_at,
    )


def _id(entry: Entry) -> str:
    return entry.id[:200]
