"""Whether the file of keys here is the database's: a lost one is never replaced in silence."""

import logging
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine

from city.staff import CONSOLE
from data import linereports, recipients, safewords, sealingidentity
from data.database import transaction
from data.people import audit
from data.sealing import Sealer
from data.sealingkeys import BrokenKeys, create_keys, read_keys
from operations.errors import Refused

LOST: Final = (
    "鍵がありません：登録者 %s 人に送れません。"
    "鍵のファイル（%s）を控えから戻してください（bring the copy of the keys back）"
)
GIVE_UP: Final = "--lose-addresses"

log = logging.getLogger("nigemichi.keys")


def identity_here(engine: Engine, path: Path) -> str | None:
    """The identity of the database's file of keys; one that opens what is there is taken for it.

    None where nothing was ever sealed and there is no file either.
    """
    with transaction(engine, latest=True) as connection:
        known = sealingidentity.find(connection)
        if known is not None:
            return known
        try:
            sealer = Sealer(path)
        except BrokenKeys:
            return sealingidentity.UNKNOWN if sealingidentity.holds_addresses(connection) else None
        if not sealingidentity.opens(connection, sealer):
            return sealingidentity.UNKNOWN
        sealingidentity.put(connection, read_keys(path).identity)
    return read_keys(path).identity


def numbers_here(connection: Connection) -> Sequence[int] | None:
    """The numbers of the keys here that open addresses; None where this machine has no keys.

    None of them where the file is lost, or is not the database's.
    """
    path = os.environ.get("NIGEMICHI_KEYS")
    if not path:
        return None
    try:
        keys = read_keys(Path(path))
    except BrokenKeys:
        return []
    known = sealingidentity.find(connection)
    return list(keys.seal) if known in (None, keys.identity) else []


def count_lost(connection: Connection) -> int:
    """How many people no key here reaches; 0 on a machine that has no keys to say it by."""
    numbers = numbers_here(connection)
    return 0 if numbers is None else sealingidentity.count_unreachable(connection, numbers)


def say_lost(engine: Engine) -> None:
    """Log once, at start, that people cannot be told."""
    with transaction(engine) as connection:
        count = count_lost(connection)
    if count:
        log.error(LOST, count, os.environ["NIGEMICHI_KEYS"])


def make_ready(engine: Engine, path: Path) -> bool:
    """Make the file of keys where none is and none is missed; whether it was made.

    Raises `BrokenKeys`, and `Refused` where addresses need another file.
    """
    known = identity_here(engine, path)
    if path.exists():
        if known is not None and read_keys(path).identity != known:
            raise Refused(_missed(path, "are not those of the addresses in the database"))
        _all_numbers(engine, path)
        return False
    if known is not None:
        raise Refused(_missed(path, "are lost, and addresses in the database need them"))
    create_keys(path)
    identity_here(engine, path)
    return True


def give_up(engine: Engine, path: Path, now: datetime) -> int:
    """Make new keys though addresses need lost ones: whose address does not open has left.

    Returns how many people that were. Those must register anew. Raises `BrokenKeys`, and `Refused`
    where nothing is lost.
    """
    known = identity_here(engine, path)
    if not path.exists():
        create_keys(path)
    keys = read_keys(path)
    kept = list(keys.seal) if known == keys.identity else []
    with transaction(engine, latest=True) as connection:
        gone = sealingidentity.unreachable(connection, kept)
        if known == keys.identity and not gone:
            raise Refused(f"no address needs a key that {path} has not: nothing was changed")
        for number in gone:
            recipients.leave(connection, number, now)
        safewords.forget_unreachable(connection, kept)
        linereports.forget_unreachable(connection, kept)
        sealingidentity.put(connection, keys.identity)
        audit.record(connection, CONSOLE, "keys.given_up", people=len(gone))
    return len(gone)


def _all_numbers(engine: Engine, path: Path) -> None:
    with transaction(engine) as connection:
        count = sealingidentity.count_unreachable(connection, list(read_keys(path).seal))
    if count:
        raise Refused(_missed(path, f"are an older copy: {count} people have addresses by a newer"))


def _missed(path: Path, why: str) -> str:
    return (
        f"the keys of {path} {why}: bring the copy of the file back. If there is none any more:"
        f" nigemichi keys new {GIVE_UP} makes new keys, and all these people must register again"
    )
