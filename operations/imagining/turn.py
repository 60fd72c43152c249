"""Whose turn it is to adopt: one at a time on all servers, on a plan that holds every change."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Engine, func, select

from data import inforce
from data.database import transaction
from operations.errors import Refused
from operations.imagining.imagining import Imagining

ADOPTION_LOCK: Final = 7_310_041
"""Advisory lock of whoever adopts, from looking whether the effect still holds until it is done."""
PATIENCE_S: Final = 3.0
"""For the planner to publish what was recorded a moment ago."""
TURN_S: Final = 10.0
"""For others who adopt: each waits for the planner, computes, and does it."""
EACH_S: Final = 0.1
AT_ONCE_S: Final = 1.0
"""How long what may not wait waits for its turn all the same."""
NOT_YOUR_TURN: Final = (
    "採用を行っているところです。数秒待ってもう一度押してください。同じ採用が二度行われることはありません"
    "（an adoption is under way: try again in seconds, the same one is never done twice）"
)


class UnderWay(Refused):
    """Somebody adopts; it may be the very same."""


@contextmanager
def alone(engine: Engine, *, at_once: bool = False) -> Iterator[bool]:
    """Let nobody else adopt anything meanwhile, on whatever server: True.

    Others may take longer than `TURN_S`: raises `UnderWay`; what is to be done `at_once` goes on
    without its turn, with False.
    """
    with transaction(engine, latest=True) as connection:
        until, pause = time.monotonic() + (AT_ONCE_S if at_once else TURN_S), threading.Event()
        turn = select(func.pg_try_advisory_xact_lock(ADOPTION_LOCK))
        while not (is_mine := bool(connection.scalar(turn))):
            if time.monotonic() >= until:
                if at_once:
                    break
                raise UnderWay(NOT_YOUR_TURN)
            pause.wait(EACH_S)
        yield is_mine


def published(imagining: Imagining, engine: Engine, patience_s: float = PATIENCE_S) -> bool:
    """Wait until what answers holds every recorded change; False where it does not in time."""
    until, pause = time.monotonic() + patience_s, threading.Event()
    while True:
        with transaction(engine) as connection:
            newest = inforce.last_change(connection)[0]
        if imagining.change >= newest:
            return True
        if time.monotonic() >= until:
            return False
        pause.wait(EACH_S)
