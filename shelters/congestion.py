"""How full a place is in one of four words, and what the public sees of it, not too often."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from shelters.place import Opening
from shelters.settings import CrowdRules


class Band(StrEnum):
    """混雑度, from the emptiest to the fullest; whoever comes to a full place is not refused."""

    ROOM = "room"
    SOME = "some"
    CROWDED = "crowded"
    FULL = "full"


BAND_WORDS: Final[Mapping[Band, str]] = {
    Band.ROOM: "空いています",
    Band.SOME: "やや混雑",
    Band.CROWDED: "混雑",
    Band.FULL: "満",
}
UNKNOWN_WORD: Final = "不明"
ASKED_AFTER: Final = frozenset({Opening.OPEN, Opening.FULL, Opening.ENDANGERED})
"""Places in which people are, of which a figure is wanted."""
_BANDS: Final = tuple(Band)
_WENT_BACK: Final = timedelta(minutes=2)
"""What was shown this much after now was shown by a clock that went back since. Whatever was shown
less far ahead was published while somebody who came before it waited."""


def band_of(ratio: float, before: Band | None, rules: CrowdRules) -> Band:
    """The word for persons ÷ capacity; `before` stays until the ratio is well below its threshold.

    `ratio` is 0 or more.
    """
    from_ratio = (0.0, rules.some, rules.crowded, rules.full)
    plain = max(rank for rank, least in enumerate(from_ratio) if ratio >= least)
    kept = _BANDS.index(before) if before else 0
    while kept > plain and ratio < from_ratio[kept] - rules.hysteresis:
        kept -= 1
    return _BANDS[max(plain, kept)]


def find_band(
    persons: int | None, capacity: int | None, before: Band | None, rules: CrowdRules
) -> Band | None:
    """The word for a figure, None where it or what the place holds is not known."""
    if persons is None or not capacity:
        return None
    return band_of(persons / capacity, before, rules)


@dataclass(frozen=True, slots=True)
class Counted:
    """What is known now: persons inside, persons the place holds, and when who counted."""

    persons: int | None = None
    capacity: int | None = None
    counted_at: datetime | None = None
    counted_by: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """What the public saw last of how full a place is, and since when.

    Persons and band are None where the place reads 不明; `counted_at` then says when somebody knew.
    """

    band: Band | None = None
    persons: int | None = None
    capacity: int | None = None
    counted_at: datetime | None = None
    since: datetime | None = None
    counted_by: str | None = None


def next_shown(
    before: Shown, counted: Counted, now: datetime, rules: CrowdRules
) -> tuple[Shown, datetime | None]:
    """What the public sees now, and the moment at which that must be looked at again.

    It changes at most once in `public_every`; only that a figure is too old is said at once.
    """
    ends = counted.counted_at + rules.known_for if counted.counted_at else None
    old = ends is not None and now >= ends
    wanted = _wanted(before, counted, old, rules)
    if wanted == before:
        return before, None if old else ends
    next_at = _next_change(before, now, rules)
    if next_at > now and not (old and before.persons is not None):
        return before, min(next_at, ends) if ends and not old else next_at
    return replace(wanted, since=now), None if old else ends


def _next_change(before: Shown, now: datetime, rules: CrowdRules) -> datetime:
    """The first figure of all waits for nothing, nor does anything for a clock that went back."""
    if before.since is None or before.counted_at is None or before.since - now > _WENT_BACK:
        return now
    return before.since + rules.public_every


def _wanted(before: Shown, counted: Counted, old: bool, rules: CrowdRules) -> Shown:
    persons = None if old else counted.persons
    band = find_band(persons, counted.capacity, before.band, rules)
    return Shown(
        band, persons, counted.capacity, counted.counted_at, before.since, counted.counted_by
    )


def call_at(
    opening: Opening, since: datetime | None, counted_at: datetime | None, rules: CrowdRules
) -> datetime | None:
    """From when on somebody should call a place and ask; None where nobody is expected inside.

    A place that was opened a moment ago has the time of one figure to send its first.
    """
    known = [at for at in (since, counted_at) if at is not None]
    if opening not in ASKED_AFTER or not known:
        return None
    return max(known) + rules.known_for
