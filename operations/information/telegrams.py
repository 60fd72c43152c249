"""Telegrams of the JMA that a feed or a folder has and that were not read yet: the newest first."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from data.readers.informationatom import Entry, entries_of, said_by
from data.readers.informationrow import is_meant, wanted
from hazards.information import Shape
from operations.information.fetching import Fetcher, NotFetched
from operations.information.folders import Listed, Unfinished, read_file
from operations.information.pinned import Deadline
from operations.information.telegramstaken import LOST, Telegram, Took, counted

MOST_AT_ONCE: Final = 30
"""Telegrams in one turn, the newest; the others come in the next, which follows at once."""
MOST_ON_END: Final = 10 * MOST_AT_ONCE
"""About so many are read in turns that follow at once; then the next comes when it is due."""


@dataclass(frozen=True, slots=True)
class Came:
    """The newest of the new telegrams, the oldest first; the ids of those that are there and came
    before; how many new ones there are; why some of them could not be fetched, in words; and the
    moment that a feed gives itself.
    """

    telegrams: Iterable[Telegram]
    seen: list[str]
    new: int = 0
    lost: Sequence[str] = ()
    said_at: datetime | None = None


def from_feed(fetcher: Fetcher, name: str, body: bytes, only: str, seen: Iterable[str]) -> Came:
    """The new telegrams that a feed links to, or the one that `body` is.

    Raises `NotFetched`, `BrokenSource`.
    """
    entries = entries_of(Path(name), body)
    if entries is None:
        return Came([Telegram(name, body)], [], new=1)
    known, words = frozenset(seen), wanted(only)
    meant = [one for one in reversed(entries) if is_meant(one.words, words)]
    new = [one for one in meant if _id(one) not in known]
    came, lost = _fetched(fetcher, new[-MOST_AT_ONCE:])
    here = [_id(one) for one in meant if _id(one) in known]
    return Came(came, here, len(new), lost, said_by(Path(name), body))


def from_folder(
    folder: Path, files: Sequence[Listed], seen: Iterable[str], deadline: Deadline | None
) -> Came:
    """The new telegrams of a folder: each is read when its turn comes, as long as there is time."""
    known = frozenset(seen)
    new = [one for one in files if one.id not in known]
    here = [one.id for one in files if one.id in known]
    return Came(_read(folder, new[-MOST_AT_ONCE:], deadline), here, len(new))


def _read(folder: Path, files: Sequence[Listed], deadline: Deadline | None) -> Iterator[Telegram]:
    for one in files:
        if deadline is not None and deadline.is_over:
            return
        try:
            read = read_file(folder, one.name)
        except Unfinished:
            continue
        except NotFetched:
            read = None
        yield Telegram(one.id, read.body if read else None)


def _fetched(fetcher: Fetcher, entries: Sequence[Entry]) -> tuple[list[Telegram], list[str]]:
    """The newest is asked for first, as long as there is time; why some did not come, in words.

    One that is gone keeps no other out, and is asked for again.
    """
    came: list[Telegram] = []
    lost: list[str] = []
    for one in reversed(entries):
        if (came or lost) and fetcher.turn is not None and fetcher.turn.is_over:
            break
        try:
            came.append(Telegram(_id(one), fetcher.fetch(one.link, Shape.JMA).body or b""))
        except NotFetched as error:
            lost.append(str(error))
    return came[::-1], lost


def left_over(came: Came, took: Took) -> tuple[int, str]:
    """How many telegrams are there and were not read, and what of others is not known, in words;
    "" where nothing is left.
    """
    unread = max(came.new - len(came.lost) - len(took.seen) - len(took.again), 0)
    waiting = f"まだ読んでいない電文が {unread}通あります" if unread else ""
    return unread, "。".join(filter(None, (counted(LOST, came.lost), waiting)))


def goes_on(before: Sequence[str], came: Came, took: Took) -> bool:
    """Whether the next turn follows at once: telegrams are left, and some were read.

    So it ends: those that are there and were read must be more than `before`, which they are not
    where ids are made anew each time; and after each `MOST_ON_END` the next turn waits.
    """
    unread, _ = left_over(came, took)
    was, now = len(before), len(came.seen) + len(took.seen)
    return unread > 0 and now > was and now // MOST_ON_END == was // MOST_ON_END


def _id(entry: Entry) -> str:
    return entry.id[:200]
