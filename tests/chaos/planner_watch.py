"""Looks all the time at what two machines serve: published versions alone, ever newer ones."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psycopg

from data import mapped
from tests.integration.databases import Database, plain

LOOK_S: Final = 0.002


def number_of(state: Path) -> int:
    """The number of the version that a server on that state folder would map, 0 without one."""
    name = mapped.current_name(mapped.home(state))
    return int(name.split("-")[1]) if name else 0


@contextmanager
def watching(database: Database, states: Sequence[Path]) -> Iterator[list[str]]:
    """Watch while the block runs; what is wrong is in the list that is given."""
    wrong, stop = list[str](), threading.Event()
    thread = threading.Thread(target=_watch, args=(database, states, wrong, stop), name="watching")
    thread.start()
    try:
        yield wrong
    finally:
        stop.set()
        thread.join(20)


def _watch(
    database: Database, states: Sequence[Path], wrong: list[str], stop: threading.Event
) -> None:
    seen = dict.fromkeys(states, 0)
    query = "SELECT count(*) FROM plan_version WHERE number = %s AND published_at IS NOT NULL"
    with psycopg.connect(plain(database.url), autocommit=True) as connection:
        while not stop.wait(LOOK_S):
            for state in states:
                number = number_of(state)
                if number == seen[state]:
                    continue
                row = connection.execute(query, (number,)).fetchone()
                if row != (1,):
                    wrong.append(f"version {number} was served before it was published")
                if number < seen[state]:
                    wrong.append(f"version {number} was served after version {seen[state]}")
                seen[state] = number
