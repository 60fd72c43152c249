"""安否: rows of who said that they are safe, and keyed hashes of names that are never found.

Name and place are only sealed here; whoever writes them calls `data.recipients.hold_keys` first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from city.safeword import Visible, plain_code, plain_name
from data import tables
from data.sealing import CannotOpen, Sealed, Sealer
from data.sealingkeys import BrokenKeys

PURPOSE: Final = "safe word"
"""For which they are sealed."""
_WORD, _BLOCKED = tables.safe_word, tables.safe_blocked
_STANDS: Final = _WORD.c.ended_at.is_(None)


@dataclass(frozen=True, slots=True)
class SafeWord:
    """Somebody who is safe: as they are called, where they say they are, and since when."""

    name: str = field(repr=False)
    place: str = field(repr=False)
    said_at: datetime


def name_lookup(sealer: Sealer, name: str) -> bytes:
    """The keyed hash by which a name is found among those that are blocked."""
    return sealer.derive("safe name", plain_name(name).encode())


def lookup(sealer: Sealer, name: str, code: str) -> bytes:
    """The keyed hash by which somebody is found who knows the family's word."""
    return sealer.derive("safe word", f"{plain_name(name)}\0{plain_code(code)}".encode())


def sealed_values(
    sealer: Sealer, visible: Visible, name: str, place: str, code: str
) -> dict[str, Any]:
    """The columns of what somebody said; of whoever is shown to nobody, nothing at all."""
    if visible is Visible.NOBODY:
        return {}
    sealed = sealer.seal_text(orjson.dumps([name, place]).decode(), PURPOSE)
    found = lookup(sealer, name, code) if visible is Visible.CODE else None
    return {
        "sealed": sealed.value,
        "key_number": sealed.key_number,
        "name_lookup": name_lookup(sealer, name),
        "lookup": found,
    }


def add(connection: Connection, number: UUID, **values: Any) -> bool:
    """Keep a word; False where that id was there already."""
    query = insert(_WORD).values(id=number, **values).on_conflict_do_nothing(index_elements=["id"])
    return connection.execute(query.returning(_WORD.c.id)).first() is not None


def is_there(connection: Connection, number: UUID) -> bool:
    """Whether a word of that id was ever kept."""
    return connection.execute(select(_WORD.c.id).where(_WORD.c.id == number)).first() is not None


def lock_link(connection: Connection, link_hash: str) -> None:
    """Let nobody else speak for that slip before this transaction ends."""
    key = func.hashtextextended(link_hash, 0)
    connection.execute(select(func.pg_advisory_xact_lock(key)))


def end_of_link(connection: Connection, link_hash: str, now: datetime) -> bool:
    """What a slip's household said is over, and erased; False where nothing stood."""
    query = update(_WORD).where(_WORD.c.link_hash == link_hash, _STANDS)
    return bool(connection.execute(query.values(ended_at=now, **_EMPTY)).rowcount)


def of_link(connection: Connection, link_hash: str) -> tuple[Visible, datetime] | None:
    """Who may see what a slip's household said, and when it did; None where nothing stands."""
    query = select(_WORD.c.visible, _WORD.c.said_at).where(_WORD.c.link_hash == link_hash, _STANDS)
    row = connection.execute(query).first()
    return (Visible(row.visible), row.said_at) if row else None


def find(
    connection: Connection, sealer: Sealer, code: str, found: bytes, named: bytes
) -> list[SafeWord]:
    """Who is found by name and word, the newest first; nobody of a name that is blocked.

    Both queries are made whatever the first says, so that neither answer nor work tells who is
    blocked from who is not there.
    """
    query = select(_WORD).where(
        _WORD.c.city_code == code, _WORD.c.lookup == found, _WORD.c.visible == Visible.CODE, _STANDS
    )
    rows = connection.execute(query.order_by(_WORD.c.said_at.desc()).limit(5)).all()
    blocked = connection.execute(_blocked(named)).scalar_one()
    return [] if blocked else [_opened(sealer, row) for row in rows]


def for_headquarters(
    connection: Connection, sealer: Sealer, code: str, most: int
) -> list[SafeWord]:
    """Those who said it to headquarters, the newest first; without whoever is blocked."""
    blocked = select(_BLOCKED.c.name_lookup)
    query = select(_WORD).where(
        _WORD.c.city_code == code, _WORD.c.visible == Visible.HEADQUARTERS, _STANDS
    )
    query = query.where(_WORD.c.name_lookup.not_in(blocked)).order_by(_WORD.c.said_at.desc())
    return [_opened(sealer, row) for row in connection.execute(query.limit(most))]


def counts(connection: Connection, code: str) -> dict[str, int]:
    """How many said it, by who may see it: blocked ones among them."""
    persons = func.count().label("persons")
    query = select(_WORD.c.visible, persons).where(_WORD.c.city_code == code, _STANDS)
    found = {
        row.visible: int(row.persons) for row in connection.execute(query.group_by(_WORD.c.visible))
    }
    return {str(visible): found.get(visible, 0) for visible in Visible}


def block(connection: Connection, named: Sequence[bytes], by: str, now: datetime) -> int:
    """Let these names never be found; returns how many were not blocked before."""
    rows = [{"name_lookup": one, "said_by": by, "begun_at": now} for one in named]
    query = insert(_BLOCKED).on_conflict_do_nothing().returning(_BLOCKED.c.begun_at)
    return len(connection.execute(query, rows).all()) if rows else 0


def unblock(connection: Connection, named: Sequence[bytes]) -> int:
    """Let these names be found again; returns how many were blocked."""
    query = delete(_BLOCKED).where(_BLOCKED.c.name_lookup.in_(named))
    return connection.execute(query).rowcount


def count_blocked(connection: Connection) -> int:
    """How many spellings of names are never found."""
    return int(connection.execute(select(func.count()).select_from(_BLOCKED)).scalar_one())


def erase(connection: Connection, said_before: datetime) -> int:
    """Erase whoever said it before then; returns how many."""
    return connection.execute(delete(_WORD).where(_WORD.c.said_at < said_before)).rowcount


def reseal_some(connection: Connection, sealer: Sealer, most: int) -> int:
    """Seal some by the newest key that another one sealed; returns how many."""
    query = select(_WORD.c.id, _WORD.c.sealed, _WORD.c.key_number)
    query = query.where(_WORD.c.key_number != sealer.newest).limit(most).with_for_update()
    rows = connection.execute(query).all()
    for row in rows:
        text = sealer.open_text(Sealed(row.key_number, row.sealed), PURPOSE)
        anew = sealer.seal_text(text, PURPOSE)
        values = {"sealed": anew.value, "key_number": anew.key_number}
        connection.execute(update(_WORD).where(_WORD.c.id == row.id).values(**values))
    return len(rows)


def forget_unreachable(connection: Connection, numbers: Sequence[int]) -> None:
    """Erase whoever no key of these numbers opens: they must say it again."""
    connection.execute(delete(_WORD).where(_WORD.c.key_number.not_in(numbers)))


_EMPTY: Final = dict.fromkeys(("sealed", "key_number", "name_lookup", "lookup"))


def _blocked(named: bytes) -> Any:
    return select(select(_BLOCKED.c.name_lookup).where(_BLOCKED.c.name_lookup == named).exists())


def _opened(sealer: Sealer, row: Any) -> SafeWord:
    """A row's name and place; raises `BrokenKeys` where this machine lacks its key."""
    try:
        text = sealer.open_text(Sealed(row.key_number, row.sealed), PURPOSE)
    except CannotOpen as error:
        raise BrokenKeys(str(error)) from None
    name, place = orjson.loads(text)
    return SafeWord(name, place, row.said_at)
