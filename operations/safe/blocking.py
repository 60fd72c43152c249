"""閲覧制限: names that no search ever finds, kept as keyed hashes by the welfare role alone.

Every spelling that somebody is known by is a name of its own. Nobody can read the list back.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Engine

from alerts.errors import NotYours
from city.safeword import LONGEST, plain_name
from city.staff import Caller, Role
from data import safewords
from data.database import transaction
from data.people import audit
from data.sealing import Sealer
from operations.errors import Refused
from operations.refusals import refusals
from operations.wording import line

MOST: Final = 50
"""Spellings at once."""


def block(
    engine: Engine, sealer: Sealer, by: Caller, names: Sequence[str], now: datetime
) -> tuple[int, int]:
    """Block these names; returns how many were new, and how many are blocked in all."""
    with refusals(engine, by, "safe"), transaction(engine, latest=True) as connection:
        hashed = _hashed(by, sealer, names)
        new = safewords.block(connection, hashed, by.actor, now)
        audit.record(connection, by, "safe.blocked", count=new)
        return new, safewords.count_blocked(connection)


def unblock(engine: Engine, sealer: Sealer, by: Caller, names: Sequence[str]) -> tuple[int, int]:
    """Let these names be found again; returns how many were blocked, and how many still are."""
    with refusals(engine, by, "safe"), transaction(engine, latest=True) as connection:
        count = safewords.unblock(connection, _hashed(by, sealer, names))
        audit.record(connection, by, "safe.unblocked", count=count)
        return count, safewords.count_blocked(connection)


def _hashed(by: Caller, sealer: Sealer, names: Sequence[str]) -> list[bytes]:
    if Role.WELFARE not in by.roles:
        raise NotYours("閲覧制限を扱えるのは福祉の役割だけです（the welfare role alone）")
    plain = [line(name, "名前", longest=LONGEST, needed=True) for name in names]
    if not all(map(plain_name, plain)):
        raise Refused("名前を文字で書いてください（write a name in letters）")
    return sorted({safewords.name_lookup(sealer, name) for name in plain})
