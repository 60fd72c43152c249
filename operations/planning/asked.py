"""What the database says at one moment: what a version must hold."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from data import inforce, mapped, plans
from data.live import outbox as live
from data.observing import closures
from data.rows import current_load
from operations.planning.expecting import counts_mark


@dataclass(frozen=True, slots=True)
class Asked:
    """The current load, the last change and its number, the stream's epoch, the mark of counts, the
    newest version's number; closures by reports of which nobody knows yet how many they move.
    """

    at: datetime
    load: Any
    change: int
    origin: mapped.Origin
    epoch: str
    counts: str
    newest: int
    unjudged: tuple[int, ...] = ()


def ask(connection: Connection, at: datetime) -> Asked:
    """Ask at that moment; raises `NoCity` before the first load."""
    load = current_load(connection)
    change, token = inforce.last_change(connection)
    origin = mapped.Origin(str(load.token), token)
    counts = counts_mark(connection, load.code, at)
    newest = plans.newest_number(connection)
    unjudged = tuple(closures.unjudged(connection, load.code))
    return Asked(at, load, change, origin, live.epoch(connection), counts, newest, unjudged)
