"""The keys of sealed addresses: where the environment says they are, renewed and dropped."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from city.staff import CONSOLE
from data import resealing
from data.database import transaction
from data.people import audit
from data.sealing import Sealer
from data.sealingkeys import Keys, locked, replace_keys, with_another
from operations.errors import Refused

KEYS: Final = "NIGEMICHI_KEYS"


@dataclass(frozen=True, slots=True)
class Rotated:
    """`number` seals from now on; not `added`: an earlier rotation was finished."""

    number: int
    added: bool
    rows: int


def keys_path() -> Path:
    """Where the file of keys is, or will be; raises `Refused` where nobody said."""
    path = os.environ.get(KEYS)
    if not path:
        raise Refused(f"{KEYS} is not set: it names the file of keys, outside the database")
    return Path(path)


def find_sealer(identity: str | None = None) -> Sealer | None:
    """What seals by the keys of the environment; None where nobody said where they are.

    Raises `BrokenKeys`, also where they are not those of this identity.
    """
    return Sealer(keys_path(), identity) if os.environ.get(KEYS) else None


def rotate(engine: Engine, path: Path, progress: Callable[[int], None]) -> Rotated:
    """Add a key and seal all rows by it, or go on where a rotation was killed.

    Raises `BrokenKeys`, and `Refused` where rows need a key that the file has not: an older copy of
    it must not give the same number to another key.
    """
    with locked(path) as keys:
        with transaction(engine) as connection:
            used = resealing.keys_in_use(connection)
        _all_there(path, keys, list(used))
        added = set(used) <= {keys.newest}
        if added:
            replace_keys(path, with_another(keys))
    sealer = Sealer(path)
    rows = resealing.reseal(engine, sealer, progress)
    number = sealer.newest
    with transaction(engine, latest=True) as connection:
        audit.record(connection, CONSOLE, "keys.rotated", f"key:{number}", rows=rows)
    return Rotated(number, added, rows)


def drop_old(engine: Engine, path: Path) -> Sequence[int]:
    """Drop the keys that no row needs, but never the newest; returns their numbers.

    Addresses in older backups of the database open no more: keep a copy of the file as long as
    those. Raises `BrokenKeys`, and `Refused` where rows need a key that the file has not.
    """
    dropped: list[int] = []

    def drop(used: Sequence[int]) -> None:
        with locked(path) as keys:
            _all_there(path, keys, used)
            kept = {n: key for n, key in keys.seal.items() if n in used or n == keys.newest}
            dropped.extend(sorted(keys.seal.keys() - kept.keys()))
            if dropped:
                replace_keys(path, Keys(keys.lookup, kept))

    resealing.drop_unused(engine, drop)
    if dropped:
        with transaction(engine, latest=True) as connection:
            audit.record(connection, CONSOLE, "keys.dropped", numbers=dropped)
    return dropped


def _all_there(path: Path, keys: Keys, used: Sequence[int]) -> None:
    lost = sorted(set(used) - keys.seal.keys())
    if lost:
        numbers = ", ".join(map(str, lost))
        raise Refused(f"rows need key {numbers}, which {path} has not: bring back its newest copy")
