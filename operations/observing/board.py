"""What headquarters sees of reports: those that wait first, what they shut, which may be one."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import shapely
from geoalchemy2.shape import to_shape
from sqlalchemy import Connection, Engine, Row

from city.position import Metres
from city.staff import Caller
from data.database import transaction
from data.observing import closures, observations
from data.photos import rows as photos
from data.rows import card_of, current_load
from hazards.closure import COMES_OF_AGE, ClosureBasis
from hazards.evidence import Effect, effect, is_corroborated
from hazards.observation import AUTHENTICATED, LIVE, ObservationKind, ObservationState
from operations.observing.twins import Told, twins

LISTED: Final = timedelta(hours=48)
"""Reports that were decided on longer ago are not listed; live ones always are."""
MOST: Final = 500
"""Reports on one board; how many more there are is said."""
OWN: Final = 100


def board(engine: Engine, now: datetime) -> dict[str, Any]:
    """Reports, of those that wait those of known sources first; closures by reports."""
    with transaction(engine) as connection:
        load = current_load(connection)
        found = observations.listed(connection, load.code, now - LISTED, MOST)
        told = sorted(_told(connection, load, found), key=_weight, reverse=True)
        shut = closures.by_reports(connection, load.code)
        behind = observations.behind(connection, [row.street for row in shut])
        return {
            "now": now.isoformat(timespec="seconds"),
            "reports": told,
            "more": observations.count_live(connection, load.code) - _live(found),
            "closures": [_closure(row, behind.get(row.street, []), now) for row in shut],
        }


def mine(engine: Engine, by: Caller, now: datetime) -> list[dict[str, Any]]:
    """What somebody reported, and what became of it."""
    with transaction(engine) as connection:
        load = current_load(connection)
        found = observations.of_source(connection, load.code, by.actor, now - LISTED, OWN)
        return _told(connection, load, found)


def _told(connection: Connection, load: Any, found: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    ids = [row.id for row in found]
    streets = observations.streets_of(connection, ids)
    evidence = observations.evidence(connection, sorted({one.street for one in streets}))
    pictures = defaultdict(list)
    for picture in photos.of_observations(connection, ids):
        pictures[picture.observation].append(picture)
    named: dict[UUID, list[Row[Any]]] = defaultdict(list)
    for street in streets:
        named[street.observation].append(street)
    pairs = _pairs(load, found, pictures)
    return [
        _row(row, named[row.id], evidence, pictures[row.id], pairs.get(row.id)) for row in found
    ]


def _row(
    row: Row[Any],
    streets: Sequence[Row[Any]],
    evidence: Mapping[str, Any],
    pictures: Sequence[Any],
    twin: UUID | None,
) -> dict[str, Any]:
    reports = [[one for _, one in evidence.get(street.street, ())] for street in streets]
    state = ObservationState(row.state)
    if state is ObservationState.REPORTED and any(map(is_corroborated, reports)):
        state = ObservationState.CORROBORATED
    shape = to_shape(row.geom)
    return {
        "id": str(row.id),
        "kind": row.kind,
        "state": state,
        "where": shapely.geometry.mapping(shape),
        "error_m": row.error_m,
        "depth": row.depth,
        "note": row.note,
        "link": row.link,
        "source_kind": row.source_kind,
        # Who nobody knows has a pseudonym at most, which tells headquarters nothing.
        "source": row.source if row.source_kind in AUTHENTICATED else "",
        "mission": row.mission_id,
        "seen_at": _at(row.seen_at),
        "received_at": _at(row.received_at),
        "device_at": row.device_at and _at(row.device_at),
        "set_aside": row.set_aside,
        "outcome": row.outcome,
        "decided_by": row.decided_by,
        "decided_at": row.decided_at and _at(row.decided_at),
        "merged_into": row.merged_into and str(row.merged_into),
        "streets": [street.name for street in streets],
        "street_keys": [street.street for street in streets],
        "effect": max((effect(one) for one in reports), default=Effect.NONE).name.lower(),
        "photos": [picture.shown for picture in pictures if picture.shown],
        "twin": twin and str(twin),
    }


def _pairs(
    load: Any, found: Sequence[Row[Any]], pictures: Mapping[UUID, Sequence[Any]]
) -> dict[UUID, UUID]:
    """Which live report may tell of the same as which, by the later one's id."""
    metres, told = Metres(card_of(load).crs), []
    for row in found:
        if ObservationState(row.state) not in LIVE or row.merged_into or row.set_aside:
            continue
        at = to_shape(row.geom).representative_point()
        x, y = metres.xy(shapely.get_coordinates(at))[0].tolist()
        alike = next((one.likeness for one in pictures[row.id] if one.likeness is not None), None)
        kind = ObservationKind(row.kind)
        told.append(Told(row.id, kind, x, y, row.error_m or 0.0, row.seen_at, alike))
    return dict(twins(told))


def _closure(row: Row[Any], behind: Sequence[str], now: datetime) -> dict[str, Any]:
    """Whether it `asks`: nobody at headquarters has looked at it for an hour (`safety.md` 6)."""
    looked = row.reviewed_at or row.begun_at
    suspended = row.basis == ClosureBasis.SUSPENDED
    return {
        "number": row.id,
        "street": row.name,
        "reason": row.reason,
        "basis": row.basis,
        "since": _at(row.begun_at),
        "reviewed_at": row.reviewed_at and _at(row.reviewed_at),
        "asks": suspended and now - looked >= COMES_OF_AGE,
        "moving": row.moving,
        "line": shapely.get_coordinates(to_shape(row.geom)).round(6).tolist(),
        "reports": list(behind),
    }


def _weight(row: Mapping[str, Any]) -> tuple[bool, bool, int]:
    """What stands first on the board: what counts, and of that what shuts something."""
    live = row["state"] in LIVE
    return live, live and not row["set_aside"], Effect[row["effect"].upper()] if live else 0


def _live(found: Sequence[Row[Any]]) -> int:
    return sum(ObservationState(row.state) in LIVE for row in found)


def _at(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
