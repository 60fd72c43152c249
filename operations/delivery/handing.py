"""One slot: claims a chunk, hands it to its carrier, settles every row by what the carrier said.

LINE notices a repeated key, so its chunk is simply handed over again. Where a carrier would not
notice, rows are marked "in flight" first, a window at a time: only those can be sent twice, and
they are recorded as "perhaps sent".
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from alerts.channels.port import Batch, Letter
from alerts.kinds import ChannelKind
from data.database import transaction
from data.delivery import carriers, chunks, rows
from data.delivery.chunks import Chunk, Row
from data.sealing import CannotOpen
from operations.delivery.claiming import SOON, Claimed, claim_next, letters_at_once, take_turn
from operations.delivery.opening import KeysMissing
from operations.delivery.settling import is_of_the_carrier, settle_stubbornly, settle_unsent
from operations.delivery.slot import Again, Slot, quick

RESTS_S: Final = 1.0
ASKS_AGAIN_S: Final = 0.2
"""After a longer wait it is asked again whether the chunk may go."""
KEYS_COME: Final = timedelta(seconds=5)
"""A chunk whose key is not here is left so long to workers that have it."""


def hand_over_next(slot: Slot) -> bool:
    """Claim one chunk and hand over what is left of it; False where nothing was due.

    While the carrier's rate is used up for longer than `SOON` it only rests.
    """
    now, carrier = slot.clock(), slot.carrier
    with quick(slot.engine) as connection:
        free_in = carriers.free_in(connection, carrier.credential, now)
        if free_in is None:
            return False
        claimed = claim_next(connection, slot, now) if free_in <= SOON else None
    if free_in > SOON:
        slot.sleep(min((free_in - SOON).total_seconds(), RESTS_S))
        return True
    if claimed is None:
        return False
    if not claimed.left:
        return True
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


def _hand_over(slot: Slot, claimed: Claimed) -> Again | None:
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
    ends = False
    opened = [row for row in claimed.left if row.recipient in letters]
    windows = list(_windows(opened, letters_at_once(slot)))
    for place, window in enumerate(windows):
        ready = _begin(slot, chunk, window, turn if place == 0 else None)
        if isinstance(ready, Again):
            return ready
        if not ready:
            continue
        to = tuple(letters[row.recipient] for row in ready)
        batch = Batch(chunk.key, claimed.message, to, chunk.expires_at)
        handed = slot.carrier.hand_over(batch)
        ends = window is windows[-1] and again is None
        later = settle_stubbornly(slot, chunk, ready, handed, ends=ends)
        if later is not None:
            again = later
            if is_of_the_carrier(handed):
                return again
    if again is None and not ends:
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


def _begin(
    slot: Slot, chunk: Chunk, window: Sequence[Row], turn: datetime | None
) -> Again | Sequence[Row]:
    """Wait for a turn of the carrier's rate (None: it is still to be taken), then ask whether the
    chunk may still go: who of the window is to be handed over now. They are marked where a
    repetition would not be noticed; who was moved to an earlier chunk meanwhile is not among them.
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
        return window
    now = slot.clock()
    with transaction(slot.engine, latest=True) as connection:
        if not chunks.renew_lease(connection, chunk, slot.worker, now):
            return _not_ours(now, tried=tried)
        if slot.carrier.remembers_s:
            return window
        marked = rows.mark_in_flight(connection, chunk, [row.recipient for row in window], now)
    return [row for row in window if row.recipient in marked]


def _next_turn(slot: Slot, chunk: Chunk, window: Sequence[Row]) -> datetime | Again:
    """The turn of a later window; keeps the chunk."""
    now = slot.clock()
    with quick(slot.engine) as connection:
        if not chunks.renew_lease(connection, chunk, slot.worker, now):
            return _not_ours(now, tried=True)
        return take_turn(connection, slot, len(window), now, tried=True)


def _finish(slot: Slot, chunk: Chunk) -> None:
    with quick(slot.engine) as connection:
        chunks.finish(connection, chunk, slot.worker, slot.clock())


def _not_ours(now: datetime, *, tried: bool) -> Again:
    return Again(now, "stopped, over, or another worker has it", tried=tried)


def _windows(left: Sequence[Row], size: int) -> Iterator[list[Row]]:
    remaining = iter(left)
    while window := list(islice(remaining, size)):
        yield window
