"""What a slot of a delivery worker works with."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

from alerts.channels.port import Carrier
from alerts.kinds import ChannelKind, Status
from data.database import transaction


class Opens(Protocol):
    """Whoever has the keys of sealed addresses."""

    def address(self, sealed: bytes, key_number: int, channel: ChannelKind, status: Status) -> str:
        """The address; raises `CannotOpen` for what no key opens, `KeysMissing` without its key."""
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


@dataclass(frozen=True, slots=True)
class Again:
    """When a chunk is tried again, and why; not `tried`: nothing of it was handed over."""

    at: datetime
    why: str
    tried: bool = True


@contextmanager
def quick(engine: Engine) -> Iterator[Connection]:
    """A transaction that waits for no disk. What a crash of PostgreSQL takes back of it is done
    again: LINE notices it by its key, other rows are marked in flight by one that does wait.
    """
    with transaction(engine, latest=True) as connection:
        connection.execute(sql("SET LOCAL synchronous_commit TO off"))
        yield connection
