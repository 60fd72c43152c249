"""A turn of a source of telegrams: the new ones taken in, and what stands for the city kept."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from city.staff import Caller
from data import infosources
from data.database import transaction
from data.infosources import Found, State
from hazards.information import Shape, Way
from operations.information.fetching import Fetcher, Known
from operations.information.folders import listing
from operations.information.taking import Became, Taken, hear, note_failure
from operations.information.telegrams import (
    Came,
    from_feed,
    from_folder,
    goes_on,
    left_over,
)
from operations.information.telegramstaken import LOST, UNUSABLE, standing_copy, take_telegrams


def ask_telegrams(engine: Engine, row: Found, fetcher: Fetcher, now: datetime, by: Caller) -> str:
    """Ask a feed or a folder; what became of it, in words. Raises `NotFetched`, `BrokenSource`.

    While telegrams are left that were not read, it is of when it was before (`safety.md` 19).
    """
    tags, heard_at = Known(), now
    if row.way == Way.FOLDER:
        files = listing(Path(row.location), Shape.JMA)
        heard_at = min(files[-1].at, now)
        came = from_folder(Path(row.location), files, row.seen, fetcher.turn)
    else:
        found = fetcher.fetch(row.location, Shape.JMA, Known(row.etag, row.modified))
        came = Came([], list(row.seen))
        if found.body is not None:
            came = from_feed(fetcher, row.name, found.body, row.only_words, row.seen)
        tags = found.known
    took = take_telegrams(engine, by, came.telegrams, now)
    _, left = left_over(came, took)
    if took.again or left:
        # Else a feed of which some did not come in this turn would not be read again.
        tags = Known()
    if left:
        heard_at = row.heard_at or heard_at
    with transaction(engine, latest=True) as connection:
        # All that are there: one that is cut would be new again.
        at_once = {"next_at": now} if goes_on(row.seen, came, took) else {}
        infosources.say(connection, row.id, seen=[*came.seen, *took.seen], **at_once)
    good = len(took.seen) - len(took.useless)
    why = "。".join(filter(None, (took.words, left)))
    if not good and not _is_broken(why):
        # What was of no use may have lifted or raised something: so until a good one comes.
        why = row.failure if _is_broken(row.failure) else why
    stand(engine, row.id, now, tags, heard_at=heard_at, said_at=came.said_at, why=why)
    bad = len(took.useless) + len(took.again)
    said = f"電文 {good}通" + (f"（使えないもの {bad}通）" if bad else "")
    return f"{said}。{left}" if left else said


def stand(
    engine: Engine,
    number: int,
    now: datetime,
    tags: Known | None = None,
    *,
    heard_at: datetime | None = None,
    said_at: datetime | None = None,
    why: str = "",
) -> Taken:
    """What stands is measured by no copy before: telegrams say themselves what they lift.

    With `why` something of it failed; a person is asked at once about what cannot be had.
    """
    with transaction(engine) as connection:
        before = infosources.find_copy(connection, number, State.GOOD)
    copy = standing_copy(engine, now, said_at or (before.said_at if before else None))
    with transaction(engine, latest=True) as connection:
        infosources.keep(connection, number, State.GOOD, copy, now)
        hear(connection, number, heard_at or now, tags or Known(), well=not why)
    if why:
        note_failure(engine, number, why, now, broken=_is_broken(why))
    return Taken(Became.SHOWN, len(copy.items))


def _is_broken(why: str) -> bool:
    """Whether telegrams cannot be had or read: those that only wait come in the next turn."""
    return why.startswith((UNUSABLE, LOST))
