"""When a copy of a source is doubted: it lies, or shrinks to nothing, and a person looks at it."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from hazards.information import Item, Shape, plain

FEWEST: Final = 4
"""From so many items on a copy of less than half of them is doubted; of fewer one without any."""
LATELY: Final = timedelta(hours=24)
"""A copy is measured by the fullest good one of so long: little by little is as much."""
STABLE: Final = frozenset({Shape.GEOJSON, Shape.CSV, Shape.GSI_SITES})
"""Formats whose items stay the same from copy to copy; those of a feed come and go."""
MOST_WRONG: Final = 0.1
"""Share of items with an impossible place or time from which the whole copy is doubted."""
MOST_FAR: Final = 0.5
"""The same of items that lie far outside the city."""
AHEAD: Final = timedelta(hours=1)
"""So much later than our clock the moment of something that has happened may be."""
LONGEST_AHEAD: Final = timedelta(days=400)
"""So far ahead something announced may lie, such as works on a road."""
EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Copy:
    """What a source said at once. `said_at` is the moment that it gives itself.

    `wrong` counts items that were left out for an impossible place or time, `far` those that lie
    far outside the city; `read` all that were read.
    """

    items: tuple[Item, ...]
    said_at: datetime | None = None
    read: int = 0
    wrong: int = 0
    far: int = 0

    @property
    def digest(self) -> str:
        """SHA-256 of what it says, whenever it says it."""
        rows = sorted(json.dumps(plain(one), sort_keys=True) for one in self.items)
        return hashlib.sha256(f"{self.wrong} {self.far} {rows}".encode()).hexdigest()

    def in_force(self, now: datetime) -> int:
        """How many items have not ended by their own word."""
        return sum(not one.is_over(now) for one in self.items)


@dataclass(frozen=True, slots=True)
class Known:
    """What the next copy is measured by: how many items that have not ended were in force in the
    fullest good copy of late; those of the last one, where they should be there again; and how many
    of the last one name no end.
    """

    in_force: int
    said_at: datetime | None
    items: tuple[Item, ...] = ()
    endless: int = 0


def doubts(copy: Copy, known: Known | None, now: datetime) -> list[str]:
    """Why a person must look at a copy before anybody else sees it; empty where nobody must."""
    found = []
    read = max(copy.read, 1)
    if copy.wrong and copy.wrong > MOST_WRONG * read:
        found.append(f"ありえない場所や時刻が {copy.wrong}件あります（全部で {copy.read}件）")
    if copy.far > MOST_FAR * read:
        found.append(f"市から遠く離れたものが {copy.far}件あります（全部で {copy.read}件）")
    if copy.said_at and not EARLIEST <= copy.said_at <= now + AHEAD:
        found.append("発表の時刻が、ありえません")
    if known is None:
        return found
    if known.said_at and copy.said_at and copy.said_at < known.said_at:
        found.append("前に届いたものより、古い時刻の内容です")
    left = copy.in_force(now)
    before = max(known.in_force, known.endless)
    if (before >= FEWEST and 2 * left < before) or (known.endless and not left):
        found.append(f"{before}件あったものが {left}件に減りました")
        return found
    gone = missing(known.items, copy.items)
    if len(known.items) >= FEWEST and 2 * gone > len(known.items):
        found.append(f"前にあった {len(known.items)}件のうち {gone}件がなくなりました")
    return found


def missing(before: Sequence[Item], after: Sequence[Item]) -> int:
    """How many are not there any more: neither their id, nor anything so called at their place."""
    ids, called = {one.id for one in after}, {(one.title, one.point) for one in after}
    return sum(one.id not in ids and (one.title, one.point) not in called for one in before)


def is_possible(lon: float, lat: float) -> bool:
    """Whether a point is on the earth, and not where programs write "unknown"."""
    return -180 <= lon <= 180 and -90 <= lat <= 90 and not (abs(lon) < 1 and abs(lat) < 1)


def is_possible_time(at: datetime | None, now: datetime) -> bool:
    """Whether something can have been said then; None is possible."""
    return at is None or EARLIEST <= at <= now + AHEAD


def changed(before: Sequence[Item], after: Sequence[Item]) -> tuple[list[Item], list[Item]]:
    """What came and what went, by their ids."""
    old, new = {one.id for one in before}, {one.id for one in after}
    came = [one for one in after if one.id not in old]
    return came, [one for one in before if one.id not in new]
