"""Telegrams of the JMA from a feed, a folder or a hand: each goes the way of all bulletins.

What people are shown is what stands for the city by all telegrams together, whoever brought them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from city.staff import Caller
from data.database import transaction
from data.errors import BrokenSource
from data.readers.informationatom import Entry, entries_of, said_by
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
from operations.information.folders import Listed, read_file
from operations.information.pinned import Deadline

MOST_AT_ONCE: Final = 30
"""Telegrams of a feed in one turn; the others come in the next."""
MOST_SEEN: Final = 2_000
UNUSABLE: Final = "使えない電文が"
"""So a failure begins that lasts until the next good telegram."""
MOST_LOST: Final = 3
"""So many that cannot be fetched are passed over in a turn."""


@dataclass(frozen=True, slots=True)
class Telegram:
    """A telegram as it came, under the name by which it is known; `body` is None where it cannot be
    read.
    """

    id: str
    body: bytes | None


@dataclass(frozen=True, slots=True)
class Came:
    """New telegrams, the oldest first; the ids of those that are there and came before; whether
    there are more that did not; and the moment that a feed gives itself.
    """

    telegrams: Iterable[Telegram]
    seen: list[str]
    more: bool = False
    said_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Took:
    """Telegrams that were read: their ids; why some of them are of no use, in words; and how many
    others could not be taken in for a reason of our own, and are tried again.
    """

    seen: list[str]
    useless: list[str]
    again: list[str]

    @property
    def words(self) -> str:
        """What is wrong, "" where nothing is."""
        said = [*self.useless, *self.again]
        return f"{UNUSABLE} {len(said)}通あります：{said[0]}" if said else ""


def from_feed(fetcher: Fetcher, name: str, body: bytes, only: str, seen: Iterable[str]) -> Came:
    """The new telegrams that a feed links to, or the one that `body` is.

    Raises `NotFetched`, `BrokenSource`.
    """
    entries = entries_of(Path(name), body)
    if entries is None:
        return Came([Telegram(name, body)], [])
    known, words = frozenset(seen), wanted(only)
    meant = [one for one in reversed(entries) if is_meant(one.words, words)]
    new = [one for one in meant if _id(one) not in known]
    came = _fetched(fetcher, new[:MOST_AT_ONCE])
    here = [_id(one) for one in meant if _id(one) in known]
    return Came(came, here, len(came) < len(new), said_by(Path(name), body))


def from_folder(
    folder: Path, files: Sequence[Listed], seen: Iterable[str], deadline: Deadline | None
) -> Came:
    """The new telegrams of a folder: each is read when its turn comes, as long as there is time."""
    known = frozenset(seen)
    new = [one for one in files if one.id not in known]
    return Came(_read(folder, new, deadline), [one.id for one in files if one.id in known])


def _read(folder: Path, files: Sequence[Listed], deadline: Deadline | None) -> Iterator[Telegram]:
    for one in files:
        if deadline is not None and deadline.is_over:
            return
        try:
            read = read_file(folder, one.name)
        except NotFetched:
            read = None
        yield Telegram(one.id, read.body if read else None)


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
    engine: Engine, by: Caller, telegrams: Iterable[Telegram], now: datetime
) -> Took:
    """Take all of them in: one that is broken keeps no other out, and is not read again."""
    took = Took([], [], [])
    for one in telegrams:
        try:
            if one.body is None:
                took.useless.append("読めないか、大きすぎます")
            else:
                take_in(engine, by, one.body, name=Path(one.id).name or "電文", now=now)
        except BrokenSource as error:
            took.useless.append(error.what)
        except Refused as error:
            took.useless.append(str(error))
        except HazardError as error:
            # The city's own table: the telegram is as good as before once that is mended.
            took.again.append(str(error))
            continue
        took.seen.append(one.id)
    return took


def standing_copy(engine: Engine, now: datetime, said_at: datetime | None) -> Copy:
    """What stands for the city now, as others' information is kept; `said_at` is a feed's own."""
    with transaction(engine) as connection:
        load = current_load(connection)
        place = place_of(connection, load)
        found = standing_now(connection, load.code, place, now)
    items = [_item(one) for one in found if one.bulletin.is_real and one.items_in_force()]
    return Copy(tuple(items), said_at, read=len(items))


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
