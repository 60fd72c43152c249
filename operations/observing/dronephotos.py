"""A drone's photos: kept once each by their content, reported where somebody said what they show.

Photo and target are kept in one transaction, the report in the next: its number is made of the
photo, so whoever is stopped between them makes the same report when the photo is read again.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID, uuid5

from geoalchemy2.shape import to_shape
from sqlalchemy import Connection, Row

from city.staff import Caller
from data import drones
from data.database import transaction
from data.live import outbox as live
from data.live.outbox import Topic
from data.people import audit
from data.photos.apart import turn
from data.photos.errors import NotAPhoto
from data.photos.thumbs import thumbnail_of
from data.readers.dronefolder import Outcome, PhotoSetAside
from data.rows import current_load
from hazards.observation import Draft, ObservationKind, SourceKind
from operations.observing.droneflight import Reading, day_of
from operations.observing.droneplacing import photo_row
from operations.observing.report import GivenReport, TakenReport, report
from operations.photos.keeping import Prepared, keep_original, keep_thumbnail, prepare

DRONE_PHOTOS: Final = "dronephotos"
"""Key of headquarters' topic: a photo came, or a person said what is on one."""
ANOTHER_CITY: Final = "別の市の写真として、もう取り込まれています（it is of another city's night）"
_PICTURES: Final = UUID("c1f0b7a4-0a55-4b9e-9a5e-6d1d8f2f4e63")


class Became(StrEnum):
    """What became of a file."""

    REPORTED = "reported"
    WAITS = "waits"
    SET_ASIDE = "set_aside"
    KNOWN = "known"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class TakenPhoto:
    """One file: `why` it waits to be placed, or is no photo; `report` what its report did."""

    name: str
    sha256: str
    became: Became
    why: str = ""
    row: Row[Any] | None = None
    report: TakenReport | None = None


def take_in(reading: Reading, outcome: Outcome, now: datetime) -> TakenPhoto:
    """Take one photo in; the same once more changes nothing. Raises `StoreAway`, `NoDatabase`."""
    if not outcome.sha256:
        why = outcome.why if isinstance(outcome, PhotoSetAside) else ""
        return TakenPhoto(outcome.name, "", Became.REFUSED, why)
    new = _find(reading, outcome.sha256) is None and _keep(reading, outcome, now)
    row = _find(reading, outcome.sha256)
    if row is None:
        why = ANOTHER_CITY
        return TakenPhoto(outcome.name, outcome.sha256, Became.REFUSED, why)
    done = None
    if reading.kind is not None and row.report is None and not row.why_not:
        done = report_on(reading, row, now)
    return TakenPhoto(outcome.name, outcome.sha256, _became(row, done, new), row.why_not, row, done)


def report_on(reading: Reading, row: Row[Any], now: datetime) -> TakenReport:
    """Report what was said to be on a photo, at its target."""
    kind = reading.kind or ObservationKind(row.kind)
    draft = Draft(kind, to_shape(row.geom), row.error_m, row.taken_at, reading.note or row.note)
    return report(reading.engine, reading.by, given_report(row, draft, reading.by), now)


def given_report(row: Row[Any], draft: Draft, by: Caller) -> GivenReport:
    """The report of a photo, of which there is one whoever makes it."""
    return GivenReport(
        row.observation,
        draft,
        SourceKind.DRONE,
        by.actor,
        photo=row.picture,
        mission=row.mission_id,
    )


def _became(row: Row[Any], done: TakenReport | None, new: bool) -> Became:
    if done is not None:
        return Became.REPORTED
    if not new:
        return Became.KNOWN
    return Became.SET_ASIDE if row.why_not else Became.WAITS


def _find(reading: Reading, sha256: str) -> Row[Any] | None:
    with transaction(reading.engine, latest=True) as connection:
        code = current_load(connection).code
        if reading.kind is not None:
            drones.say_kind(connection, sha256, reading.kind)
        return drones.find(connection, code, sha256)


def _keep(reading: Reading, outcome: Outcome, now: datetime) -> bool:
    """Keep a photo with its target; False where somebody else did meanwhile."""
    if outcome.content is None:
        return False
    with turn():
        prepared, unseen = _prepared(outcome.content.read())
        with transaction(reading.engine, latest=True) as connection:
            load = current_load(connection)
            flight = None
            if reading.flight is not None:
                day = day_of(reading.setting, now)
                flight = drones.keep_flight(
                    connection, load.code, reading.flight, reading.by.actor, day, now
                )
            row = photo_row(connection, load, reading, outcome, now, unseen)
            if not drones.add(connection, **row, flight_id=flight):
                return False
            if prepared is not None:
                _keep_pictures(connection, reading, prepared, row)
            state = {"sha256": outcome.sha256}
            live.put(connection, Topic.HEADQUARTERS, DRONE_PHOTOS, state)
            audit.record(connection, reading.by, "drone.photo", outcome.sha256, flight=flight)
            return True


def _prepared(content: bytes) -> tuple[Prepared | None, str]:
    """The picture, or why nobody can see it: its target is kept all the same."""
    try:
        return prepare(content), ""
    except NotAPhoto as error:
        return None, str(error)


def _keep_pictures(
    connection: Connection, reading: Reading, prepared: Prepared, row: dict[str, Any]
) -> None:
    """Original and thumbnail, as those of the report that it has or will have."""
    number, picture = row["observation"], uuid5(_PICTURES, row["sha256"])
    times = {"now": row["received_at"], "taken_at": row["taken_at"]}
    thumbnail = thumbnail_of(prepared.shown)
    keep_original(connection, reading.store, prepared, number, picture, **times)
    keep_thumbnail(connection, number, picture, thumbnail, **times)
