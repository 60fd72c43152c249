"""Head counts are taken: each once, in any order, also hours later."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import Engine

from city.staff import Caller
from data.database import transaction
from data.errors import NotThere
from operations.errors import Refused
from operations.places.countgroup import GROUPS, CountRequest, CountsTaken
from operations.places.onesite import check_speaks_for, meant
from operations.places.placestate import no_such
from operations.places.taking import GivenCount, Status, Taken
from operations.refusals import refusals

MOST: Final = 500
"""Counts in one request."""
INT32: Final = range(-(2**31), 2**31)

__all__ = [
    "CountsTaken",
    "GivenCount",
    "Status",
    "Taken",
    "record_counts",
    "take_counts",
]


def record_counts(
    engine: Engine,
    by: Caller,
    site_id: str,
    counts: Sequence[GivenCount],
    *,
    sent_at: datetime,
    now: datetime,
) -> CountsTaken:
    """Take the counts of a place that a device sent at `sent_at` by its own clock.

    What was sent before is known and changes nothing.
    Raises `NotAllowed` for a tablet of another place, `Refused`, `NotThere`.
    """
    with refusals(engine, by, "counts", site_id), transaction(engine) as connection:
        site_id = meant(connection, by, site_id)
        _check(counts)
    request = CountRequest(by, site_id, tuple(counts), sent_at, now)
    return _there(GROUPS.of(engine).write(engine, request).result(), site_id)


async def take_counts(
    engine: Engine,
    by: Caller,
    site_id: str,
    counts: Sequence[GivenCount],
    *,
    sent_at: datetime,
    now: datetime,
) -> CountsTaken:
    """The same as `record_counts`, for an event loop: hundreds may wait, and no thread does."""
    try:
        check_speaks_for(by, site_id)
        _check(counts)
    except Refused:
        # Finds the place by the id that it had before, or refuses it and writes that down.
        record = partial(record_counts, engine, by, site_id, counts, sent_at=sent_at, now=now)
        return await asyncio.to_thread(record)
    request = CountRequest(by, site_id, tuple(counts), sent_at, now)
    return _there(await asyncio.wrap_future(GROUPS.of(engine).write(engine, request)), site_id)


def _there(found: CountsTaken | None, site_id: str) -> CountsTaken:
    if found is None:
        raise NotThere(no_such(site_id))
    return found


def _check(counts: Sequence[GivenCount]) -> None:
    if len(counts) > MOST:
        raise Refused(f"一度に送れるのは {MOST} 件までです（at most {MOST} counts at once）")
    if any(one.persons not in INT32 for one in counts):
        raise Refused("人数が大きすぎます（persons must fit into 32 bits）")
