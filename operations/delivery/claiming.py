"""What a slot does when it claims a chunk: who still needs it, and when its first letters may go.

No turn of the carrier's rate is taken long before it comes: whoever claims then finds what is most
urgent then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from alerts.delivery import DeliveryState
from data.delivery import carriers, chunks, rows
from data.delivery.chunks import Chunk, Row
from data.delivery.underfive import under_level_five
from operations.delivery.settling import settle_unsent
from operations.delivery.slot import Again, Slot

IN_FLIGHT: Final = 50
"""Letters at once where no repetition is noticed: so many may be sent twice by a killed worker."""
SOON: Final = timedelta(seconds=1)
"""No turn is taken longer before it comes."""
LET_BE: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A chunk with whoever is left of it, and when its first window may go."""

    chunk: Chunk
    message: Any
    left: Sequence[Row]
    turn: datetime | Again


def claim_next(connection: Connection, slot: Slot, now: datetime) -> Claimed | None:
    """The next chunk, with the turn of its first letters: both are stored at once."""
    chunk = chunks.claim(connection, slot.carrier.kind, slot.status, slot.worker, now)
    if chunk is None:
        return None
    left = chunks.unsettled(connection, chunk)
    message = chunks.message(connection, chunk.message)
    left = _without_unneeded(connection, slot, chunk, left, now)
    if not left:
        chunks.finish(connection, chunk, slot.worker, now)
        return Claimed(chunk, message, [], now)
    first = min(len(left), letters_at_once(slot))
    return Claimed(chunk, message, left, take_turn(connection, slot, first, now, tried=False))


def _without_unneeded(
    connection: Connection, slot: Slot, chunk: Chunk, left: Sequence[Row], now: datetime
) -> list[Row]:
    """Settle those who need no message: they answered, left, or can never be reached by it.

    Where a repeated key is noticed, all stay in who did not leave: the first try may have reached
    them.
    """
    if chunk.beside_five:
        left = _without_under_five(connection, chunk, left, now)
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


def _without_under_five(
    connection: Connection, chunk: Chunk, left: Sequence[Row], now: datetime
) -> list[Row]:
    """Nobody under level 5 is told to leave by what was approved before it (`safety.md` 4)."""
    under = under_level_five(connection, [row.recipient for row in left])
    needless = DeliveryState.NOT_NEEDED
    if under:
        rows.settle_all(connection, chunk, sorted(under), needless, now, "level 5")
    return [row for row in left if row.recipient not in under]


def take_turn(
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


def letters_at_once(slot: Slot) -> int:
    """How many letters are handed over at once."""
    carrier = slot.carrier
    return carrier.at_once if carrier.remembers_s else min(carrier.at_once, IN_FLIGHT)
