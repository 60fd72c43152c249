"""Letters to those who report by LINE: one waits for each conversation, the newest."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, func, or_, select, update

from alerts.kinds import Language
from data import tables
from data.linereports import LEASE
from data.sealing import Sealed
from hazards.observation import ObservationState

MOST_SENDS: Final = 8
ENDED: Final = (ObservationState.RESOLVED, ObservationState.REFUTED)
_TALK: Final = tables.line_report
_SEEN: Final = tables.observation


@dataclass(frozen=True, slots=True)
class Letter:
    """What is told to somebody: its name, since when it waits; how their report stands."""

    id: UUID
    letter: str
    letter_at: datetime
    language: Language
    sealed: Sealed = field(repr=False)
    kind: str | None
    begun_at: datetime
    state: str | None
    outcome: str


def claim_letters(connection: Connection, now: datetime, most: int) -> list[Letter]:
    """Letters to be sent, for the time of a lease, the oldest first."""
    free = or_(_TALK.c.lease_until.is_(None), _TALK.c.lease_until <= now)
    query = (
        select(_TALK.c.id)
        .where(_TALK.c.letter.is_not(None), free, _TALK.c.sends < MOST_SENDS)
        .order_by(_TALK.c.letter_at)
        .limit(most)
    )
    ids = list(connection.execute(query.with_for_update(skip_locked=True)).scalars())
    taken = {"lease_until": now + LEASE, "sends": _TALK.c.sends + 1}
    connection.execute(update(_TALK).where(_TALK.c.id.in_(ids)).values(**taken))
    rows = connection.execute(_with_state().where(_TALK.c.id.in_(ids)).order_by(_TALK.c.letter_at))
    return [_letter(row) for row in rows]


def settle(connection: Connection, letter: Letter, again_at: datetime | None) -> None:
    """It was told, or is told again at `again_at`; what is to be told since then stays."""
    same = (_TALK.c.id == letter.id, _TALK.c.letter_at == letter.letter_at)
    values = {"lease_until": again_at} if again_at else {"letter": None, "lease_until": None}
    connection.execute(update(_TALK).where(*same).values(**values))


def tell_ended(connection: Connection, letter: str, now: datetime) -> int:
    """Let those be told, once, whose reports headquarters has ended; returns how many."""
    other = _SEEN.alias()
    state = func.coalesce(other.c.state, _SEEN.c.state)
    ended = (
        select(_SEEN.c.id)
        .join(other, other.c.id == _SEEN.c.merged_into, isouter=True)
        .where(_SEEN.c.id == _TALK.c.id, state.in_(ENDED))
    )
    query = update(_TALK).where(
        _TALK.c.reported_at.is_not(None), _TALK.c.told_at.is_(None), ended.exists()
    )
    values = {"letter": letter, "letter_at": now, "lease_until": None, "sends": 0, "told_at": now}
    return connection.execute(query.values(**values)).rowcount


def _with_state() -> Any:
    """Conversations with how their report stands, or the one that it was merged into."""
    other = _SEEN.alias()
    return (
        select(
            _TALK,
            func.coalesce(other.c.state, _SEEN.c.state).label("state"),
            func.coalesce(other.c.outcome, _SEEN.c.outcome, "").label("outcome"),
        )
        .join(_SEEN, _SEEN.c.id == _TALK.c.id, isouter=True)
        .join(other, other.c.id == _SEEN.c.merged_into, isouter=True)
    )


def _letter(row: Row[Any]) -> Letter:
    return Letter(
        row.id,
        row.letter,
        row.letter_at,
        Language(row.language),
        Sealed(row.key_number, row.sealed),
        row.kind,
        row.begun_at,
        row.state,
        row.outcome,
    )
