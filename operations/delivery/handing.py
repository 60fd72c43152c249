"""One slot: claims a chunk, hands it to its carrier, settles every row by what the carrier said.

LINE notices a repeated key, so its chunk is simply handed over again. Where a carrier would not
notice, rows are marked "in flight" first, a window at a time: only those can be sent twice, and
they are recorded as "perhaps sent".
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any, Final, Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

from alerts.channels.port import Batch, Carrier, Fate, Handed, Letter
from alerts.delivery import PATIENCE, DeliveryState, shut_after, wait_after
from alerts.kinds import ChannelKind, Status
from data.database import transaction
from data.delivery import carriers, chunks, rows
from data.delivery.chunks import Chunk, Row
from data.delivery.nextways import advance, hurry
from data.delivery.rows import Settled
from data.errors import NoDatabase

IN_FLIGHT: Final = 50
"""Letters at once where no repetition is noticed: so many may be sent twice by a killed worker."""
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


class Opens(Protocol):
    """Whoever has the keys of sealed addresses."""

    def address(self, sealed: bytes, key_number: int, channel: ChannelKind, status: Status) -> str:
        """The address; raises where it cannot be opened."""
        ...

    def link(self, recipient: int) -> str:
        """The recipient's own link, "" where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Slot:
    """What a slot works with; `clock` gives the time, aware.

    `held` are the numbers of the chunks that its worker's slots have at the moment: the worker
    renews their leases. What a slot drops, whatever went wrong, is claimed again.
    """

    engine: Engine
    carrier: Carrier
    opens: Opens
    status: Status
    worker: str
    clock: Callable[[], datetime]
    sleep: Callable[[float], None] = time.sleep
    held: set[int] = field(default_factory=set)


def hand_over_next(slot: Slot) -> bool:
    """Claim one chunk and hand over what is left of it; False where nothing was due."""
    now, carrier = slot.clock(), slot.carrier
    with _quick(slot.engine) as connection:
        if not carriers.is_open(connection, carrier.credential, now):
            return False
        chunk = chunks.claim(connection, carrier.kind, slot.status, slot.worker, now)
        if chunk is None:
            return False
        left = chunks.unsettled(connection, chunk)
        message = chunks.message(connection, chunk.message)
        left = _without_unneeded(connection, slot, chunk, left, now)
    slot.held.add(chunk.id)
    try:
        again = _hand_over(slot, chunk, message, left)
        with _quick(slot.engine) as connection:
            if again is None:
                chunks.finish(connection, chunk, slot.worker, slot.clock())
            else:
                chunks.put_back(connection, chunk, slot.worker, again.at, again.why)
    finally:
        slot.held.discard(chunk.id)
    return True


@contextmanager
def _quick(engine: Engine) -> Iterator[Connection]:
    """A transaction that waits for no disk. What a crash of PostgreSQL takes back of it is done
    again: LINE notices it by its key, other rows are marked in flight by one that does wait.
    """
    with transaction(engine, latest=True) as connection:
        connection.execute(sql("SET LOCAL synchronous_commit TO off"))
        yield connection


@dataclass(frozen=True, slots=True)
class _Again:
    at: datetime
    why: str


def _without_unneeded(
    connection: Connection, slot: Slot, chunk: Chunk, left: Sequence[Row], now: datetime
) -> list[Row]:
    """Settle those who need no message: they answered, left, or can never be reached by it.

    Where a repeated key is noticed, all stay in: the first try may have reached them.
    """
    if chunk.tries > 1 and slot.carrier.remembers_s:
        return [row for row in left if row.sealed is not None]
    answered = [row.recipient for row in left if row.confirmed and chunk.stage > 0]
    gone = [row.recipient for row in left if row.sealed is None or row.blocked]
    if answered:
        needless = DeliveryState.NOT_NEEDED
        rows.settle_all(connection, chunk, answered, needless, now, "confirmed")
    if gone:
        rows.settle_all(connection, chunk, gone, DeliveryState.REFUSED, now, "left or blocked")
        advance(connection, chunk, gone, now)
    dropped = {*answered, *gone}
    return [row for row in left if row.recipient not in dropped]


def _hand_over(slot: Slot, chunk: Chunk, message: Any, left: Sequence[Row]) -> _Again | None:
    """All of them, a window at a time; what is to be tried again, None where nothing is."""
    again: _Again | None = None
    remembers = bool(slot.carrier.remembers_s)
    at_once = slot.carrier.at_once
    for window in _windows(left, at_once if remembers else min(at_once, IN_FLIGHT)):
        turn = _begin(slot, chunk, window)
        if isinstance(turn, _Again):
            return turn
        waited = (turn - slot.clock()).total_seconds()
        if waited > 0:
            slot.sleep(waited)
        handed = slot.carrier.hand_over(_batch(slot, chunk, message, window))
        later = _settle_stubbornly(slot, chunk, window, handed)
        if later is not None:
            again = later
            if _has_failed(handed):
                return again
    return again


def _begin(slot: Slot, chunk: Chunk, window: Sequence[Row]) -> datetime | _Again:
    """When the call may be made by the carrier's rate of calls and of letters.

    Keeps the chunk, and marks what is handed over where a repetition would not be noticed.
    """
    carrier, now = slot.carrier, slot.clock()
    cost_s = 1 / carrier.rate if carrier.rate else 0.0
    if carrier.letters_rate:
        cost_s = max(cost_s, len(window) / carrier.letters_rate)
    begin = _quick if carrier.remembers_s else partial(transaction, latest=True)
    with begin(slot.engine) as connection:
        if not chunks.renew_lease(connection, chunk, slot.worker, now):
            return _Again(now, "stopped, or another worker has it")
        turn = carriers.take_turn(connection, carrier.credential, timedelta(seconds=cost_s), now)
        if turn is None:
            return _Again(now + timedelta(seconds=1), "carrier is let be")
        if not carrier.remembers_s:
            rows.mark_in_flight(connection, chunk, [row.recipient for row in window], now)
        return turn


def _batch(slot: Slot, chunk: Chunk, message: Any, window: Sequence[Row]) -> Batch:
    opens, kind = slot.opens, slot.carrier.kind
    letters = tuple(
        Letter(
            row.recipient,
            opens.address(row.sealed or b"", row.key_number, kind, slot.status),
            "" if kind is ChannelKind.LINE else opens.link(row.recipient),
        )
        for row in window
    )
    return Batch(chunk.key, message, letters)


def _settle_stubbornly(
    slot: Slot, chunk: Chunk, window: Sequence[Row], handed: Sequence[Handed]
) -> _Again | None:
    """Store it also when the database comes back only after a while: what nobody knows is sent
    again.
    """
    for _ in range(STUBBORN_TIMES):
        try:
            return _settle(slot, chunk, window, handed)
        except NoDatabase:
            slot.sleep(STUBBORN_S)
    return _settle(slot, chunk, window, handed)


def _settle(
    slot: Slot, chunk: Chunk, window: Sequence[Row], handed: Sequence[Handed]
) -> _Again | None:
    """Store what became of each, and of the carrier; when the rest is to be tried again."""
    now, credential = slot.clock(), slot.carrier.credential
    settled = [
        _settled(row, one, remembers=bool(slot.carrier.remembers_s))
        for row, one in zip(window, handed, strict=True)
    ]
    with _quick(slot.engine) as connection:
        rows.settle(connection, chunk, settled, credential, now)
        failed = [row.recipient for row in settled if row.state in _FAILED]
        advance(connection, chunk, failed, now)
        if _has_failed(handed):
            _note_failed(connection, credential, handed[-1], now)
        else:
            carriers.note_accepted(connection, credential, now)
    left = [one for row, one in zip(settled, handed, strict=True) if row.state < 2]
    if not left:
        return None
    least_s = max(one.wait_s for one in left)
    wait = wait_after(chunk.tries, random.random(), least_s)  # noqa: S311 - jitter
    return _Again(now + wait, left[0].why)


def _has_failed(handed: Sequence[Handed]) -> bool:
    """Whether it is the carrier that fails, and not some of the letters."""
    return any(one.for_all for one in handed) or all(
        one.fate in {Fate.NOT_TAKEN, Fate.UNKNOWN} for one in handed
    )


def _note_failed(connection: Connection, credential: str, last: Handed, now: datetime) -> None:
    times = carriers.failures(connection, credential) + 1
    wait = shut_after(times, random.random()) or timedelta(0)  # noqa: S311 - jitter
    wait = max(wait, timedelta(seconds=last.wait_s))
    carriers.note_failed(connection, credential, last.why, now + wait if wait else None, now)
    if times == PATIENCE:
        hurry(connection, now)


def _settled(row: Row, handed: Handed, *, remembers: bool) -> Settled:
    state = _SETTLES[handed.fate]
    if state is DeliveryState.QUEUED and row.tries >= MOST_TRIES:
        state = DeliveryState.GIVEN_UP
    perhaps = handed.fate is Fate.UNKNOWN and not remembers
    return Settled(row.recipient, state, perhaps, handed.why or None, handed.reference)


def _windows(left: Sequence[Row], size: int) -> Iterator[list[Row]]:
    remaining = iter(left)
    while window := list(islice(remaining, size)):
        yield window
