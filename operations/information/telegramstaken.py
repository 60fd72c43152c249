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
from data.rows import current_load
from hazards.errors import HazardError
from hazards.information import Item
from hazards.informationcopy import Copy
from operations.bulletins.nowstanding import Standing, standing_now
from operations.bulletins.surroundings import place_of
from operations.bulletins.take_in import take_in
from operations.errors import Refused

UNUSABLE: Final = "使えない電文が"
LOST: Final = "取りに行けない電文が"
"""So failures begin that last until the next good telegram."""


@dataclass(frozen=True, slots=True)
class Telegram:
    """A telegram as it came, under the name by which it is known; `body` is None where it cannot be
    read.
    """

    id: str
    body: bytes | None


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
        return counted(UNUSABLE, [*self.useless, *self.again])


def take_telegrams(
    engine: Engine, by: Caller, telegrams: Iterable[Telegram], now: datetime
) -> Took:
    """Take all of them in: one that is broken keeps no other out, and is not read again.

    Older ones may come later: what was withdrawn before does not stand then (`take_in`).
    """
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


def counted(what: str, said: Sequence[str]) -> str:
    """So many, and what is said of the first; "" where there are none."""
    return f"{what} {len(said)}通あります：{said[0]}" if said else ""
