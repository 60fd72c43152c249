"""Those who registered, and their ways: only what was verified stands here.

An address is written sealed and found by its keyed hash; nothing here reads one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, func, select, update

from alerts.kinds import AlertKind, Language, Status
from alerts.registration import AccessNeed, Standing, Wishes
from city.position import Position
from data import tables

KEYS_LOCK: Final = 7_310_007
"""Advisory lock: shared by whoever seals until it commits, so that no key is dropped meanwhile."""
LEFT: Final = "left"
"""What stands in place of a token's hash: no token has it."""
_RECIPIENT: Final = tables.recipient
_ADDRESS: Final = tables.recipient_address


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who registered; not confirmed before an address of theirs was verified."""

    id: int
    city_code: str
    status: Status
    wishes: Wishes
    confirmed_at: datetime | None


def hold_keys(connection: Connection) -> None:
    """Let no key be dropped before this transaction ends; comes before whatever seals."""
    connection.execute(select(func.pg_advisory_xact_lock_shared(KEYS_LOCK)))


def lock_address(connection: Connection, lookup: bytes) -> None:
    """Let nobody else ask for or verify an address before this transaction ends."""
    key = func.hashtextextended(lookup.hex(), 0)
    connection.execute(select(func.pg_advisory_xact_lock(key)))


def add(
    connection: Connection,
    code: str,
    status: Status,
    wishes: Wishes,
    token_hash: str,
    now: datetime,
) -> int:
    """Add somebody who is not confirmed; returns their number."""
    values = {"city_code": code, "status": status, "token_hash": token_hash, "made_at": now}
    query = _RECIPIENT.insert().values(**values, **_columns(wishes))
    return int(connection.execute(query.returning(_RECIPIENT.c.id)).scalar_one())


def find(connection: Connection, number: int, *, locked: bool = False) -> Recipient | None:
    """Somebody by number, unless they left; `locked` lets nobody else change them."""
    query = _there().where(_RECIPIENT.c.id == number)
    row = connection.execute(query.with_for_update() if locked else query).first()
    return _recipient(row) if row else None


def find_by_token(connection: Connection, token_hash: str) -> Recipient | None:
    """Whose token it is, unless they left."""
    row = connection.execute(_there().where(_RECIPIENT.c.token_hash == token_hash)).first()
    return _recipient(row) if row else None


def set_wishes(connection: Connection, number: int, wishes: Wishes) -> None:
    """What somebody wishes from now on; a worker looks what is in force where they are now."""
    query = update(_RECIPIENT).where(_RECIPIENT.c.id == number)
    connection.execute(query.values(late_since=func.now(), **_columns(wishes)))


def set_late(connection: Connection, number: int) -> None:
    """From now on somebody is reached who was not: a worker tells them of what is in force."""
    query = update(_RECIPIENT).where(_RECIPIENT.c.id == number)
    connection.execute(query.values(late_since=func.now()))


def set_token(connection: Connection, number: int, token_hash: str) -> None:
    """By which token somebody is let in from now on; the one before lets nobody in."""
    query = update(_RECIPIENT).where(_RECIPIENT.c.id == number)
    connection.execute(query.values(token_hash=token_hash))


def take_over(connection: Connection, new: Recipient, old: int) -> None:
    """`new`, who is not confirmed, turns out to be `old`: who keeps the number, with new wishes."""
    mine = _RECIPIENT.c.id == new.id
    token = connection.execute(select(_RECIPIENT.c.token_hash).where(mine)).scalar_one()
    set_token(connection, new.id, f"{LEFT}:{new.id}")
    set_token(connection, old, token)
    set_wishes(connection, old, new.wishes)
    checks = tables.address_check
    given = update(checks).where(checks.c.recipient_id == new.id)
    connection.execute(given.values(recipient_id=old))
    connection.execute(delete(_RECIPIENT).where(mine))


def confirm(connection: Connection, number: int, now: datetime) -> None:
    """Somebody has a verified address."""
    query = update(_RECIPIENT).where(_RECIPIENT.c.id == number)
    query = query.where(_RECIPIENT.c.confirmed_at.is_(None))
    connection.execute(query.values(confirmed_at=now, late_since=func.now()))


def leave(
    connection: Connection, number: int, now: datetime, *, merged_into: int | None = None
) -> bool:
    """Erase all that is known of somebody but that they were there; False where they had left.

    The row stays, for the ledger counts it. Whoever was never confirmed is erased wholly.
    `merged_into`: who they are now.
    """
    checks, mine = tables.address_check, _RECIPIENT.c.id == number
    for table in (checks, _ADDRESS):
        connection.execute(delete(table).where(table.c.recipient_id == number))
    unconfirmed = delete(_RECIPIENT).where(mine, _RECIPIENT.c.confirmed_at.is_(None))
    if connection.execute(unconfirmed).rowcount:
        return True
    empty: dict[str, Any] = {
        "household": None,
        "area_name": None,
        "geom": None,
        "categories": [],
        "needs": [],
    }
    query = update(_RECIPIENT).where(mine, _RECIPIENT.c.left_at.is_(None))
    gone = {"token_hash": f"{LEFT}:{number}", "left_at": now, "merged_into": merged_into}
    return bool(connection.execute(query.values(**empty, **gone)).rowcount)


def who_now(connection: Connection, number: int) -> int:
    """The number of who somebody was merged into, and they into another; else their own."""
    query = select(_RECIPIENT.c.merged_into).where(_RECIPIENT.c.id == number)
    after: int | None = connection.execute(query).scalar()
    return number if after is None else who_now(connection, after)


def erase_unconfirmed(connection: Connection, before: datetime) -> int:
    """Erase whoever registered before then and was never confirmed; returns how many."""
    old = select(_RECIPIENT.c.id).where(
        _RECIPIENT.c.confirmed_at.is_(None), _RECIPIENT.c.made_at < before
    )
    numbers: Sequence[int] = (
        connection.execute(old.with_for_update(skip_locked=True)).scalars().all()
    )
    if numbers:
        theirs = func.any(list(numbers))
        for table in (tables.address_check, _ADDRESS):
            connection.execute(delete(table).where(table.c.recipient_id == theirs))
        connection.execute(delete(_RECIPIENT).where(_RECIPIENT.c.id == theirs))
    return len(numbers)


def _there() -> Any:
    point = func.ST_Y(_RECIPIENT.c.geom).label("lat"), func.ST_X(_RECIPIENT.c.geom).label("lon")
    return select(_RECIPIENT, *point).where(_RECIPIENT.c.left_at.is_(None))


def _columns(wishes: Wishes) -> dict[str, Any]:
    where, at = wishes.where, wishes.where.position
    return {
        "household": where.household,
        "area_name": where.area_name,
        "geom": f"SRID=4326;POINT({at.lon} {at.lat})" if at else None,
        "categories": sorted(wishes.categories),
        "language": wishes.language,
        "needs": sorted(wishes.needs),
    }


def _recipient(row: Row[Any]) -> Recipient:
    at = Position(row.lat, row.lon) if row.lat is not None else None
    wishes = Wishes(
        Standing(row.household, row.area_name, at),
        frozenset(AlertKind(one) for one in row.categories),
        Language(row.language),
        frozenset(AccessNeed(one) for one in row.needs),
    )
    return Recipient(row.id, row.city_code, Status(row.status), wishes, row.confirmed_at)
