"""A report is taken in, once, whoever sends it and however often; what it shuts is shut with it."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import shapely
from geoalchemy2.shape import from_shape
from sqlalchemy import Connection, Engine

from city.staff import Caller
from data import inforce
from data.database import transaction
from data.live import outbox as live
from data.live.outbox import Topic
from data.observing import observations
from data.observing.snapping import MOST_STREETS, Street, along, nearest
from data.people import audit
from data.people.audit import Deed
from data.photos.errors import NotAPhoto
from data.photos.looking import look_at_thumbnail
from data.rows import current_load
from hazards.evidence import Effect, names_a_street
from hazards.observation import (
    CLOCKS_APART,
    SHUTS_ROAD,
    Draft,
    ObservationKind,
    ObservationState,
    SourceKind,
    seen_at,
)
from hazards.plausible import TOO_LARGE, doubtful
from operations.given import LONGEST
from operations.observing.reportmission import not_of_mission
from operations.observing.weighing import Weighed, weigh
from operations.photos.keeping import AnotherPhoto, keep_thumbnail
from operations.rescues import board as rescues
from operations.rescues.opening import open_case
from operations.serving import utc_now
from operations.together import Groups, Together

REPORTS: Final = "reports"
"""Key of headquarters' topic: something came in."""


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """The small picture that came with a report: its photo's id, and a JPEG."""

    id: UUID
    content: bytes


@dataclass(frozen=True, slots=True)
class GivenReport:
    """One report as it came; its `id` was made by whoever sent it.

    `source` is the person or device who answers for it, "" where nobody is known. `photo`: there is
    a picture of it elsewhere, such as the drone's own; a `thumbnail` is one too.
    """

    id: UUID
    draft: Draft
    kind: SourceKind
    source: str
    photo: bool = False
    mission: int | None = None
    reply_hash: str | None = None
    thumbnail: Thumbnail | None = None


@dataclass(frozen=True, slots=True)
class TakenReport:
    """What became of it. `is_new` is False where it was there already; `set_aside` says why it
    counts for nothing; `streets` are the names of what it names, with what all reports do to it;
    `no_photo` why its picture is none, `no_mission` why it is of no mission: the report counts
    without it. `is_others`: that id is of another sender's report, and nothing of this one was
    kept. `clock_ahead`: the device's clock tells no time, ours is taken.
    """

    id: UUID
    is_new: bool
    set_aside: str
    seen_at: datetime
    streets: tuple[tuple[str, Effect], ...]
    no_photo: str = ""
    no_mission: str = ""
    is_others: bool = False
    clock_ahead: bool = False

    @property
    def effect(self) -> Effect:
        """The strongest of what it does."""
        return max((what for _, what in self.streets), default=Effect.NONE)


def report(engine: Engine, by: Caller, given: GivenReport, now: datetime) -> TakenReport:
    """Take one report in; a street that it shuts is shut for everybody when this returns."""
    return report_all(engine, [(by, given)], now)[0]


async def take_report(engine: Engine, by: Caller, given: GivenReport) -> TakenReport:
    """The same for an event loop: hundreds may wait, and no thread does. Those that arrive together
    are written together.
    """
    return await asyncio.wrap_future(_GROUPS.of(engine).write(engine, (by, given)))


def report_all(
    engine: Engine, given: Sequence[tuple[Caller, GivenReport]], now: datetime
) -> list[TakenReport]:
    """Take several reports in, in one transaction: all or none."""
    broken = {one.id: words for _, one in given if (words := _not_a_photo(one))}
    with transaction(engine, latest=True) as connection:
        inforce.wait_for_load(connection)
        return _take(connection, current_load(connection), given, now, broken)


def _not_a_photo(one: GivenReport) -> str:
    """What is wrong with the picture of a report, "" for nothing."""
    try:
        if one.thumbnail is not None:
            look_at_thumbnail(one.thumbnail.content)
    except NotAPhoto as error:
        return str(error)
    return ""


def _take(
    connection: Connection,
    load: Any,
    given: Sequence[tuple[Caller, GivenReport]],
    now: datetime,
    broken: Mapping[UUID, str],
) -> list[TakenReport]:
    """Within a transaction (`latest`) in which nothing is numbered yet."""
    named, away = _streets(connection, load, [one.draft for _, one in given])
    apart = not_of_mission(connection, load, given)
    rows: dict[UUID, Mapping[str, Any]] = {}
    for (_, one), metres, streets in zip(given, away, named, strict=True):
        photo = one.photo or (one.thumbnail is not None and one.id not in broken)
        row = _row(load, one, metres, now) | {"photo": photo}
        if one.id in apart:
            row["mission_id"] = None
        if len(streets) > MOST_STREETS:
            streets.clear()
            row["set_aside"] = row["set_aside"] or TOO_LARGE
        rows.setdefault(one.id, row)
    new = observations.add(connection, list(rows.values()))
    for key in new:
        open_case(connection, load, rows[key])
    first = {one.id: streets for (_, one), streets in zip(given, named, strict=True)}
    observations.add_streets(
        connection, [street_row(load, key, street) for key in new for street in first[key]]
    )
    broken = {**broken, **_keep_pictures(connection, given, new - broken.keys(), now)}
    done = weigh(connection, load, {s.key for some in first.values() for s in some}, new=new)
    if done:
        inforce.record_change(connection, done.said)
    _record(connection, load, given, new, done, apart)
    senders = observations.senders(connection, [one.id for _, one in given if one.id not in new])
    return [
        TakenReport(
            one.id,
            one.id in new,
            rows[one.id]["set_aside"],
            rows[one.id]["seen_at"],
            tuple(
                (_name(load, street), done.effects.get(street.key, Effect.NONE))
                for street in first[one.id]
            ),
            broken.get(one.id, ""),
            apart.get(one.id, ""),
            is_others=senders.get(one.id, (one.kind, one.source)) != (one.kind, one.source),
            clock_ahead=one.draft.seen_at is not None and one.draft.seen_at > now + CLOCKS_APART,
        )
        for _, one in given
    ]


def _keep_pictures(
    connection: Connection,
    given: Sequence[tuple[Caller, GivenReport]],
    new: set[UUID],
    now: datetime,
) -> dict[UUID, str]:
    """Keep the pictures of these reports; returns why some were not kept, and takes it back that
    they had one.
    """
    refused = {}
    for _, one in given:
        if one.thumbnail is None or one.id not in new or one.id in refused:
            continue
        picture, content = one.thumbnail.id, one.thumbnail.content
        try:
            keep_thumbnail(
                connection, one.id, picture, content, now=now, taken_at=one.draft.seen_at
            )
        except AnotherPhoto as error:
            refused[one.id] = str(error)
    observations.without_photo(connection, list(refused))
    return refused


def _streets(
    connection: Connection, load: Any, drafts: Sequence[Draft]
) -> tuple[list[list[Street]], list[float]]:
    """The streets of each, and how many metres away the nearest one is."""
    points = [(row, one) for row, one in enumerate(drafts) if one.geometry.geom_type == "Point"]
    found: list[list[Street]] = [[] for _ in drafts]
    away = [0.0] * len(drafts)
    asked = [(one.geometry, one.kind, one.error_m or 0.0) for _, one in points]
    for (row, one), street, metres in zip(points, *nearest(connection, load, asked), strict=True):
        away[row] = metres
        if street and one.kind in SHUTS_ROAD and names_a_street(one.error_m):
            found[row] = [street]
    for row, one in enumerate(drafts):
        if one.geometry.geom_type != "Point":
            streets, away[row] = along(connection, load, one.geometry)
            found[row] = streets if one.kind in SHUTS_ROAD else []
    return found, away


def _row(load: Any, one: GivenReport, away: float, now: datetime) -> dict[str, Any]:
    draft = one.draft
    seen = seen_at(draft.seen_at, now)
    return {
        "id": one.id,
        "city_code": load.code,
        "kind": draft.kind,
        "geom": from_shape(shapely.force_2d(draft.geometry), srid=4326),
        "error_m": draft.error_m,
        "depth": draft.depth,
        "note": draft.note[:LONGEST],
        "link": draft.link,
        "source_kind": one.kind,
        "source": one.source,
        "mission_id": one.mission,
        "seen_at": seen,
        "device_at": draft.seen_at,
        "received_at": now,
        "set_aside": doubtful(draft.geometry, away, seen, now),
        "reply_hash": one.reply_hash,
        "state": ObservationState.REPORTED,
    }


def street_row(load: Any, observation: UUID, street: Street) -> dict[str, Any]:
    """That an observation names a street, as it is stored."""
    return {
        "observation": observation,
        "street": street.key,
        "geom": street.geom,
        "name": _name(load, street),
    }


def _name(load: Any, street: Street) -> str:
    return str(load.street_names[street.name]) if street.name >= 0 else ""


def _now(engine: Engine, given: Sequence[tuple[Caller, GivenReport]]) -> list[TakenReport]:
    return report_all(engine, given, utc_now())


def _details(one: GivenReport, is_apart: bool) -> dict[str, Any]:
    mission = {"not_of_mission": one.mission} if is_apart else {}
    return {"kind": one.draft.kind, **mission}


_GROUPS: Final = Groups(lambda: Together("reports", _now))


def _record(
    connection: Connection,
    load: Any,
    given: Sequence[tuple[Caller, GivenReport]],
    new: set[UUID],
    done: Weighed,
    apart: Collection[UUID],
) -> None:
    """Audit what is new, and wake headquarters; numbered last of all. `apart`: reports that named
    a mission of which they are not.
    """
    deeds = {
        one.id: Deed(by, "observation.reported", str(one.id), _details(one, one.id in apart))
        for by, one in given
        if one.id in new
    }
    if not deeds:
        return
    last = [*deeds][-1]
    state = {"id": str(last), "suspended": done.suspended, "confirmed": done.confirmed}
    live.put(connection, Topic.HEADQUARTERS, REPORTS, state)
    if any(one.draft.kind is ObservationKind.RESCUE for _, one in given if one.id in new):
        rescues.tell(connection, load)
    audit.record_all(connection, list(deeds.values()))
