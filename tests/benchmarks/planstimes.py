"""Runs of one thing, timed, that hand over what they found."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def timed(run: Callable[[], T], laps: int) -> tuple[list[float], T]:
    """Seconds of each lap, and what the last one found."""
    seconds = []
    for _ in range(laps):
        began = time.perf_counter()
        found = run()
        seconds.append(time.perf_counter() - began)
    return seconds, found
