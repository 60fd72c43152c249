"""One slot: claims a chunk, hands it to its carrier, settles every row by what the carrier said.

LINE notices a repeated key, so its chunk is simply handed over again. Where a carrier would not
notice, rows are marked "in flight" first, a window at a time: only those can be sent twice, and
they are recorded as "perhaps sent".

No turn of the carrier's rate is taken long before it comes: whoever claims then finds what is most
urgent then.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection

from alerts.channels.port import Batch, Letter
from alerts.delivery import DeliveryState
from alerts.kinds import ChannelKind
from data.database import transaction
from data.delivery import carriers, chunks, rows
from data.delivery.chunks import Chunk, Row
from data.sealing import CannotOpen
from operations.delivery.opening import KeysMissing
from operations.delivery.settling import is_of_the_carrier, settle_stubbornly, settle_unsent
from operations.delivery.slot import Again, Slot, quick

IN_FLIGHT: Final = 50
"""Letters at once where no repetition is noticed: so many may be sent twice by a killed worker."""
SOON: Final = timedelta(seconds=1)
"""No turn is taken longer before it comes."""
RESTS_S: Final = 1.0
ASKS_AGAIN_S: Final = 0.2
"""After a longer wait it is asked again whether the chunk may go."""
LET_BE: Final = timedelta(seconds=1)
KEYS_COME: Final = timedelta(seconds=5)
"""A chunk whose key is not here is left so long to workers that have it."""


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A chunk with whoever is left of it, and when its first window may go."""

    chunk: Chunk
    message: Any
    left: Sequence[Row]
    turn: datetime | Again


def hand_over_next(slot: Slot) -> bool:
    """Claim one chunk and hand over what is left of it; False where nothing was due.

    While the carrier's rate is used up for longer than `SOON` it only rests.
    """
    now, carrier = slot.clock(), slot.carrier
    with quick(slot.engine) as connection:
        free_in = carriers.free_in(connection, carrier.credential, now)
        if free_in is None:
            return False
        claimed = _claim(connection, slot, now) if free_in <= SOON else None
    if free_in > SOON:
        slot.sleep(min((free_in - SOON).total_seconds(), RESTS_S))
        return True
    if claimed is None:
        return False
    slot.held.add(claimed.chunk.id)
    try:
        again = _hand_over(slot, claimed)
        if again is not None:
            with quick(slot.engine) as connection:
                chunks.put_back(
                    connection, claimed.chunk, slot.worker, again.at, again.why, tried=again.tried
                )
    finally:
        slot.held.discard(claimed.chunk.id)
    return True


def _claim(connection: Connection, slot: Slot, now: datetime) -> _Claimed | None:
    """The next chunk, with the turn of its first letters: both are stored at once."""
    chunk = chunks.claim(connection, slot.carrier.kind, slot.status, slot.worker, now)
    if chunk is None:
        return None
    left = chunks.unsettled(connection, chunk)
    message = chunks.message(connection, chunk.message)
    left = _without_unneeded(connection, slot, chunk, left, now)
    if not left:
        chunks.finish(connection, chunk, slot.worker, now)
        return _Claimed(chunk, message, [], now)
    first = min(len(left), _window(slot))
    return _Claimed(chunk, message, left, _take_turn(connection, slot, first, now, tried=False))


def _without_unneeded(
    connection: Connection, slot: Slot, chunk: Chunk, left: Sequence[Row], now: datetime
) -> list[Row]:
    """Settle those who need no message: they answered, left, or can never be reached by it.

    Where a repeated key is noticed, all stay in who did not leave: the first try may have reached
    them.
    """
    if chunk.tries > 1 and slot.carrier.remembers_s:
        gone = [row.recipient for row in left if row.sealed is None]
        settle_unsent(connection, chunk, gone, "left", now)
        return [row for row in left if row.sealed is not None]
    answered = [row.recipient for row in left if row.confirmed and chunk.stage > 0]
    gone = [row.recipient for row in left if row.sealed is None or row.blocked]
    if answered:
        needless = DeliveryState.NOT_NEEDED
        rows.settle_all(connection, chunk, answered, needless, now, "confirmed")
    settle_unsent(connection, chunk, gone, "left or blocked", now)
    dropped = {*answered, *gone}
    return [row for row in left if row.recipient not in dropped]


def _hand_over(slot: Slot, claimed: _Claimed) -> Again | None:
    """All of them, a window at a time; what is to be tried again. None where nothing is: then the
    chunk is finished.
    """
    chunk, turn = claimed.chunk, claimed.turn
    if isinstance(turn, Again):
        return turn
    try:
        letters = _open(slot, chunk, claimed.left)
    except KeysMissing as error:
        slot.sleep(RESTS_S)
        return Again(slot.clock() + KEYS_COME, str(error), tried=False)
    again: Again | None = None
    opened = [row for row in claimed.left if row.recipient in letters]
    windows = list(_windows(opened, _window(slot)))
    for place, window in enumerate(windows):
        let = _begin(slot, chunk, window, turn if place == 0 else None)
        if let is not None:
            return let
        batch = Batch(chunk.key, claimed.message, tuple(letters[row.recipient] for row in window))
        handed = slot.carrier.hand_over(batch)
        ends = window is windows[-1] and again is None
        later = settle_stubbornly(slot, chunk, window, handed, ends=ends)
        if later is not None:
            again = later
            if is_of_the_carrier(handed):
                return again
    if not windows:
        _finish(slot, chunk)
    return again


def _open(slot: Slot, chunk: Chunk, left: Sequence[Row]) -> dict[int, Letter]:
    """The letters by recipient; whose address no key opens is settled. Raises `KeysMissing`."""
    opens, kind = slot.opens, slot.carrier.kind
    letters: dict[int, Letter] = {}
    closed: list[int] = []
    for row in left:
        try:
            address = opens.address(row.sealed or b"", row.key_number, kind, slot.status)
        except CannotOpen:
            closed.append(row.recipient)
            continue
        link = "" if kind is ChannelKind.LINE else opens.link(row.recipient)
        letters[row.recipient] = Letter(row.recipient, address, link)
    if closed:
        with transaction(slot.engine, latest=True) as connection:
            settle_unsent(connection, chunk, closed, "cannot open", slot.clock())
    return letters


def _begin(slot: Slot, chunk: Chunk, window: Sequence[Row], turn: datetime | None) -> Again | None:
    """Wait for a turn of the carrier's rate (None: it is still to be taken), then ask whether the
    chunk may still go: None where it may. Marks what is handed over where a repetition would not
    be noticed.
    """
    tried = turn is None
    if turn is None:
        taken = _next_turn(slot, chunk, window)
        if isinstance(taken, Again):
            return taken
        turn = taken
    wait_s = (turn - slot.clock()).total_seconds()
    if wait_s > 0:
        slot.sleep(wait_s)
    if slot.carrier.remembers_s and wait_s <= ASKS_AGAIN_S:
        return None
    now = slot.clock()
    with transaction(slot.engine, latest=True) as connection:
        if not chunks.renew_lease(connection, chunk, slot.worker, now):
            return _not_ours(now, tried=tried)
        if not slot.carrier.remembers_s:
            rows.mark_in_flight(connection, chunk, [row.recipient for row in window], now)
    return None


def _next_turn(slot: Slot, chunk: Chunk, window: Sequence[Row]) -> datetime | Again:
    """The turn of a later window; keeps the chunk."""
    now = slot.clock()
    with quick(slot.engine) as connection:
        if not chunks.renew_lease(connection, chunk, slot.worker, now):
            return _not_ours(now, tried=True)
        return _take_turn(connection, slot, len(window), now, tried=True)


def _take_turn(
    connection: Connection, slot: Slot, letters: int, now: datetime, *, tried: bool
) -> datetime | Again:
    """When the call may be made by the carrier's rate of calls and of letters."""
    carrier = slot.carrier
    cost = carriers.cost_of(carrier.rate, carrier.letters_rate, letters)
    turn = carriers.take_turn(connection, carrier.credential, cost, now, within=SOON)
    if turn is not None:
        return turn
    if carriers.free_in(connection, carrier.credential, now) is None:
        return Again(now + LET_BE, "carrier is let be", tried=tried)
    return Again(now, "its turn is not soon", tried=tried)


def _finish(slot: Slot, chunk: Chunk) -> None:
    with quick(slot.engine) as connection:
        chunks.finish(connection, chunk, slot.worker, slot.clock())


def _not_ours(now: datetime, *, tried: bool) -> Again:
    return Again(now, "stopped, over, or another worker has it", tried=tried)


def _window(slot: Slot) -> int:
    """How many letters are handed over at once."""
    carrier = slot.carrier
    return carrier.at_once if carrier.remembers_s else min(carrier.at_once, IN_FLIGHT)


def _windows(left: Sequence[Row], size: int) -> Iterator[list[Row]]:
    remaining = iter(left)
    while window := list(islice(remaining, size)):
        yield window
