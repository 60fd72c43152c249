"""A canary per carrier: every few minutes a message to an address of the city's own.

An untested channel is red, not green. What is sent says that it is a test of the line, and nothing
that could be taken for an alert or a drill.
"""

import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

from alerts.channels.errors import NoAnswer
from alerts.channels.port import Batch, Carrier, Fate, Letter, Metered
from alerts.kinds import ChannelKind
from data.database import transaction
from data.delivery import carriers

EVERY: Final = timedelta(minutes=3)
WAITS: Final = timedelta(seconds=10)
"""Not longer for its turn: it is asked again soon."""
WORDS: Final = (
    "【回線の確認】これは動作の確認です。何もしなくてかまいません。（line test, no action）"
)
_MESSAGES: Final[Mapping[ChannelKind, Mapping[str, Any]]] = {
    ChannelKind.LINE: {"messages": [{"type": "text", "text": WORDS}]},
    ChannelKind.SMS: {"text": WORDS},
    ChannelKind.MAIL: {"subject": "【回線の確認】", "text": WORDS},
}


def sing_if_due(
    engine: Engine,
    carrier: Carrier,
    address: str,
    clock: Callable[[], datetime],
    sleep: Callable[[float], None] = time.sleep,
) -> bool | None:
    """Send one where the last is `EVERY` ago, whichever worker sent it; None where none was due, or
    the carrier is let be.

    The carrier's rate is kept: a canary is a call like any other, and takes a turn.
    """
    now = clock()
    with transaction(engine, latest=True) as connection:
        turn = _turn_if_due(connection, carrier, now)
    if turn is None:
        return None
    wait_s = (turn - clock()).total_seconds()
    if wait_s > 0:
        sleep(wait_s)
    began = time.perf_counter()
    batch = Batch(uuid4(), _MESSAGES[carrier.kind], (Letter(0, address),))
    (handed,) = carrier.hand_over(batch)
    passed, ms = handed.fate is Fate.ACCEPTED, 1000 * (time.perf_counter() - began)
    why, left = "" if passed else handed.why or str(handed.fate), _left(carrier)
    with transaction(engine, latest=True) as connection:
        carriers.note_test(
            connection, carrier.credential, passed=passed, why=why, ms=ms, left=left, now=clock()
        )
        if passed:
            carriers.note_accepted(connection, carrier.credential, clock())
    return passed


def _left(carrier: Carrier) -> int | None:
    """How many letters it still takes; None where there is no limit, or no answer."""
    try:
        return carrier.left() if isinstance(carrier, Metered) else None
    except NoAnswer:
        return None


def _turn_if_due(connection: Connection, carrier: Carrier, now: datetime) -> datetime | None:
    bound = {"now": now, "credential": carrier.credential, "before": now - EVERY}
    due = connection.execute(
        sql(
            "SELECT 1 FROM carrier_state WHERE credential = :credential"
            " AND (tested_at IS NULL OR tested_at <= :before) FOR UPDATE"
        ),
        bound,
    ).first()
    if due is None:
        return None
    cost = carriers.cost_of(carrier.rate, carrier.letters_rate, 1)
    turn = carriers.take_turn(connection, carrier.credential, cost, now, within=WAITS)
    if turn is not None:
        connection.execute(
            sql("UPDATE carrier_state SET tested_at = :now WHERE credential = :credential"), bound
        )
    return turn
