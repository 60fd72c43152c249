"""One writer of a state folder at a time: a standby beside the planner leaves it alone."""

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

LOCK: Final = "writer"


@contextmanager
def writing(state: Path, stop: threading.Event) -> Iterator[None]:
    """Be the writer; waits while another one is, for the moment that a standby takes."""
    while True:
        with trying_to_write(state) as mine:
            if mine:
                yield
                return
        if stop.wait(0.1):
            yield
            return


@contextmanager
def trying_to_write(state: Path) -> Iterator[bool]:
    """Be the writer if nobody else is; the kernel lets go of it when the process ends."""
    state.mkdir(parents=True, exist_ok=True)
    with (state / LOCK).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
