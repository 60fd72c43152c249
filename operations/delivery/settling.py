"""What is stored after a call: what became of each letter, and of the carrier."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from alerts.channels.port import Fate, Handed
from alerts.delivery import DeliveryState, shut_after, wait_after
from data.delivery import carriers, chunks, rows
from data.delivery.chunks import Chunk, Row
from data.delivery.nextways import advance, hurry
from data.delivery.rows import Settled
from data.errors import NoDatabase
from operations.delivery.slot import Again, Slot, quick

STUBBORN_S: Final = 0.2
STUBBORN_TIMES: Final = 150
"""Half a minute: a database that is restarted is back by then."""
MOST_TRIES: Final = 40
"""Of one row: with a minute between tries more than half an hour, until its text is old."""
_SETTLES: Final = {
    Fate.ACCEPTED: DeliveryState.ACCEPTED,
    Fate.REFUSED: DeliveryState.REFUSED,
    Fate.NOT_TAKEN: DeliveryState.QUEUED,
    Fate.UNKNOWN: DeliveryState.QUEUED,
}
_FAILED: Final = frozenset({DeliveryState.REFUSED, DeliveryState.GIVEN_UP})


def settle_stubbornly(
    slot: Slot, chunk: Chunk, window: Sequence[Row], handed: Sequence[Handed], *, ends: bool
) -> Again | None:
    """Store it also when the database comes back only after a while: what nobody knows is sent
    again. Returns when the rest is to be tried again; where nothing is and the window `ends` the
    chunk, that is stored with it.
    """
    for _ in range(STUBBORN_TIMES):
        try:
            return _settle(slot, chunk, window, handed, ends=ends)
        except NoDatabase:
            slot.sleep(STUBBORN_S)
    return _settle(slot, chunk, window, handed, ends=ends)


def is_of_the_carrier(handed: Sequence[Handed]) -> bool:
    """Whether it is the carrier that takes nothing now, and not some of the letters."""
    return any(one.for_all or one.throttled for one in handed) or all(
        one.fate in {Fate.NOT_TAKEN, Fate.UNKNOWN} for one in handed
    )


def settle_unsent(
    connection: Connection, chunk: Chunk, recipients: Sequence[int], why: str, now: datetime
) -> None:
    """Nothing can be handed over to these: their next way is due."""
    if recipients:
        rows.settle_all(connection, chunk, recipients, DeliveryState.REFUSED, now, why)
        advance(connection, chunk.revision, chunk.stage, recipients, now)


def _settle(
    slot: Slot, chunk: Chunk, window: Sequence[Row], handed: Sequence[Handed], *, ends: bool
) -> Again | None:
    now, credential = slot.clock(), slot.carrier.credential
    settled = [
        _settled(row, one, remembers=bool(slot.carrier.remembers_s))
        for row, one in zip(window, handed, strict=True)
    ]
    left = [one for row, one in zip(settled, handed, strict=True) if row.state < 2]
    with quick(slot.engine) as connection:
        rows.settle(connection, chunk, settled, credential, now)
        failed = [row.recipient for row in settled if row.state in _FAILED]
        advance(connection, chunk.revision, chunk.stage, failed, now)
        if ends and not left:
            chunks.finish(connection, chunk, slot.worker, now)
        _note(connection, slot, handed, now)
    if not left:
        return None
    least_s = max(one.wait_s for one in left)
    wait = wait_after(chunk.tries, random.random(), least_s)  # noqa: S311 - jitter
    return Again(now + wait, left[0].why)


def _note(connection: Connection, slot: Slot, handed: Sequence[Handed], now: datetime) -> None:
    """What the carrier's answers say of itself. One that says "too fast" works, unless it sends us
    away for long.
    """
    credential = slot.carrier.credential
    throttled = [timedelta(seconds=one.wait_s) for one in handed if one.throttled]
    if throttled and max(throttled) <= carriers.LONG:
        carriers.slow_down(connection, credential, now + max(throttled))
    elif is_of_the_carrier(handed):
        _note_failed(connection, slot, handed[-1], now)
        return
    if not throttled or any(one.fate is Fate.ACCEPTED for one in handed):
        carriers.note_accepted(connection, credential, now)


def _note_failed(connection: Connection, slot: Slot, last: Handed, now: datetime) -> None:
    credential, channel = slot.carrier.credential, slot.carrier.kind
    times = carriers.note_failed(connection, credential, last.why, now)
    wait = shut_after(times, random.random()) or timedelta(0)  # noqa: S311 - jitter
    wait = max(wait, timedelta(seconds=last.wait_s))
    carriers.let_be(connection, credential, now + wait if wait else None)
    if channel in carriers.channels_down(connection, now, slot.status):
        hurry(connection, channel, slot.status, now)


def _settled(row: Row, handed: Handed, *, remembers: bool) -> Settled:
    state = _SETTLES[handed.fate]
    if state is DeliveryState.QUEUED and row.tries >= MOST_TRIES and not handed.throttled:
        state = DeliveryState.GIVEN_UP
    perhaps = handed.fate is Fate.UNKNOWN and not remembers
    return Settled(row.recipient, state, perhaps, handed.why or None, handed.reference)
