"""What became of a resident's reports: for whoever holds the secret that was given with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import shapely
from geoalchemy2.shape import to_shape
from sqlalchemy import Engine, Row

from city.position import Position
from data.database import transaction
from data.errors import NotThere
from data.observing import replies
from data.rows import current_load
from hazards.observation import ObservationKind, ObservationState
from operations.observing.deciding import NO_REPORT
from operations.people.signing import hash_of

SHOWN: Final = timedelta(days=7)
"""So long a secret opens what was reported with it."""
MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Reply:
    """One report and how it stands; `unsure` where its place or time cannot be."""

    id: UUID
    kind: ObservationKind
    at: Position
    received_at: datetime
    state: ObservationState
    outcome: str
    decided_at: datetime | None
    pictures: int
    unsure: bool


def reply_hash(secret: str) -> str:
    """What is kept of a secret with each report."""
    return hash_of(secret)


def replies_of(engine: Engine, secret: str, now: datetime) -> Sequence[Reply]:
    """The reports of a secret, the newest first; none where it opens nothing."""
    if not secret:
        return ()
    with transaction(engine) as connection:
        code = current_load(connection).code
        found = replies.of_reply(connection, code, reply_hash(secret), now - SHOWN, MOST)
    return [_reply(row) for row in found]


def check_own(engine: Engine, secret: str, number: UUID, now: datetime) -> None:
    """Raise `NotThere` unless that report was made with this secret."""
    if number not in {one.id for one in replies_of(engine, secret, now)}:
        raise NotThere(NO_REPORT)


def _reply(row: Row[Any]) -> Reply:
    point = to_shape(row.geom).representative_point()
    lon, lat = shapely.get_coordinates(point)[0].tolist()
    return Reply(
        row.id,
        ObservationKind(row.kind),
        Position(lat, lon),
        row.received_at,
        ObservationState(row.said),
        row.ended or "",
        row.decided_at,
        row.pictures,
        row.set_aside != "",
    )
