"""Reports by LINE: conversations, and their pictures that are to be fetched.

Users stand here sealed and are found by a keyed hash; whoever writes one calls
`data.recipients.hold_keys` first. Transactions are `latest`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, and_, case, delete, func, insert, or_, select, update

from data import tables
from data.sealing import Sealed, Sealer

PURPOSE: Final = "line report"
"""For which users are sealed."""
LEASE: Final = timedelta(seconds=60)
MOST_TRIES: Final = 10
"""Of fetching a picture."""
_TALK: Final = tables.line_report


def lookup(sealer: Sealer, user: str) -> bytes:
    """The keyed hash by which a user's conversations are found."""
    return sealer.derive("line report", user.encode())


def lock_user(connection: Connection, found: bytes) -> None:
    """Let nobody else speak for that user before this transaction ends."""
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(found.hex(), 1))))


def latest(connection: Connection, found: bytes, since: datetime) -> Row[Any] | None:
    """The conversation in which a user was heard last, unless that was before then."""
    query = select(_TALK).where(_TALK.c.lookup == found, _TALK.c.heard_at > since)
    return connection.execute(query.order_by(_TALK.c.heard_at.desc()).limit(1)).first()


def find(connection: Connection, number: UUID, *, held: bool = False) -> Row[Any] | None:
    """A conversation by its id; `held` lets nobody else change it."""
    query = select(_TALK).where(_TALK.c.id == number)
    return connection.execute(query.with_for_update() if held else query).first()


def begun_since(connection: Connection, found: bytes, since: datetime) -> int:
    """How many conversations a user began since then."""
    query = select(func.count()).where(_TALK.c.lookup == found, _TALK.c.begun_at > since)
    return int(connection.execute(query).scalar_one())


def add(connection: Connection, **values: Any) -> None:
    """Begin a conversation."""
    connection.execute(insert(_TALK).values(**values))


def change(connection: Connection, number: UUID, **values: Any) -> None:
    """Keep what was said, or done."""
    connection.execute(update(_TALK).where(_TALK.c.id == number).values(**values))


def say(connection: Connection, number: UUID, letter: str, now: datetime) -> None:
    """Tell somebody this next, in place of what they were not told yet."""
    change(connection, number, letter=letter, letter_at=now, lease_until=None, sends=0)


def unreported(connection: Connection, silent_since: datetime, most: int) -> list[UUID]:
    """Conversations with a place that are answered, or in which somebody fell silent."""
    silent = and_(
        _TALK.c.heard_at < silent_since,
        or_(_TALK.c.kind.is_not(None), _TALK.c.picture.is_not(None)),
    )
    query = select(_TALK.c.id).where(
        _TALK.c.reported_at.is_(None),
        _TALK.c.geom.is_not(None),
        or_(_TALK.c.answer.is_not(None), silent),
    )
    return list(connection.execute(query.order_by(_TALK.c.heard_at).limit(most)).scalars())


def claim_picture(connection: Connection, now: datetime) -> tuple[UUID, str] | None:
    """A report whose picture is to be fetched, and LINE's number of it; nobody else's meanwhile."""
    due = (_TALK.c.picture_due <= now, _TALK.c.reported_at.is_not(None))
    query = select(_TALK.c.id, _TALK.c.picture).where(*due).order_by(_TALK.c.picture_due).limit(1)
    row = connection.execute(query.with_for_update(skip_locked=True)).first()
    if row is None:
        return None
    tries = _TALK.c.picture_tries + 1
    again = case((tries < MOST_TRIES, now + LEASE), else_=None)
    change(connection, row.id, picture_due=again, picture_tries=tries)
    return row.id, row.picture


def erase(connection: Connection, before: datetime) -> int:
    """Forget who reported before then; their reports stay. Returns how many."""
    return connection.execute(delete(_TALK).where(_TALK.c.begun_at < before)).rowcount


def reseal_some(connection: Connection, sealer: Sealer, most: int) -> int:
    """Seal some by the newest key that another one sealed; returns how many."""
    query = select(_TALK.c.id, _TALK.c.sealed, _TALK.c.key_number)
    query = query.where(_TALK.c.key_number != sealer.newest).limit(most).with_for_update()
    rows = connection.execute(query).all()
    for row in rows:
        anew = sealer.seal_text(
            sealer.open_text(Sealed(row.key_number, row.sealed), PURPOSE), PURPOSE
        )
        change(connection, row.id, sealed=anew.value, key_number=anew.key_number)
    return len(rows)


def forget_unreachable(connection: Connection, numbers: Sequence[int]) -> None:
    """Erase whoever no key of these numbers opens: nobody can answer them."""
    connection.execute(delete(_TALK).where(_TALK.c.key_number.not_in(numbers)))
