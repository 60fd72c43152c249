"""What was adopted, as it is kept: the same key again finds it and does nothing more."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Engine, func, select

from city.staff import Caller
from data import tables
from data.database import transaction
from data.people import audit
from operations.imagining.effect import Effect

ACTION = "imagined.adopted"


@dataclass(slots=True)
class Adopted:
    """What was `done` (kinds of change) and what was `refused`, with the reason for people, and
    whether the move by it `waits` for another person.
    """

    done: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    waits: bool = False


@contextmanager
def alone(engine: Engine, key: str) -> Iterator[None]:
    """Let nobody else go on with this key meanwhile, on whatever server."""
    number = int.from_bytes(hashlib.sha256(f"{ACTION} {key}".encode()).digest()[:8], signed=True)
    with transaction(engine, latest=True) as connection:
        connection.execute(select(func.pg_advisory_xact_lock(number)))
        yield


def earlier(engine: Engine, by: Caller, key: str) -> Adopted | None:
    """What this person adopted with this key."""
    entry = tables.audit_entry.c
    mine = (entry.action == ACTION, entry.actor == by.actor, entry.details["key"].astext == key)
    with transaction(engine) as connection:
        details = connection.scalars(select(entry.details).where(*mine).limit(1)).first()
    if details is None:
        return None
    refused = [(what, why) for what, why in details["refused"]]
    return Adopted(details["done"], refused, details["waits"])


def record(engine: Engine, by: Caller, effect: Effect, key: str, adopted: Adopted) -> None:
    """Keep what was done and what was refused."""
    imagined = effect.imagined
    counts = {"closed": len(imagined.closed), "opened": len(imagined.opened)}
    counts |= {"shut": len(imagined.shut), "lost": len(imagined.lost), "more": imagined.more}
    said = {"key": key, "done": adopted.done, "refused": adopted.refused, "waits": adopted.waits}
    with transaction(engine, latest=True) as connection:
        audit.record(connection, by, ACTION, str(effect.version.number), **counts, **said)
