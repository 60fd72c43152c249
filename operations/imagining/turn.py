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
NOT_YOUR_TURN: Final = (
    "ほかの人の採用を行っているところです。何もしていません。数秒待ってもう一度"
    "（somebody else is adopting, nothing was done: try again in seconds）"
)


@contextmanager
def alone(engine: Engine) -> Iterator[None]:
    """Let nobody else adopt anything meanwhile, on whatever server; raises `Refused` where others
    take longer than `TURN_S`.
    """
    with transaction(engine, latest=True) as connection:
        until, pause = time.monotonic() + TURN_S, threading.Event()
        while not connection.scalar(select(func.pg_try_advisory_xact_lock(ADOPTION_LOCK))):
            if time.monotonic() >= until:
                raise Refused(NOT_YOUR_TURN)
            pause.wait(EACH_S)
        yield


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
