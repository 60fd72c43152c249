"""A person at headquarters says what a drone's photo shows, and where; or that it shows nothing."""

from datetime import datetime
from typing import Any, Final

import shapely
from geoalchemy2.shape import to_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Engine, Row

from city.position import Position
from city.staff import Caller
from data import drones
from data.database import transaction
from data.errors import NotThere
from data.live import outbox as live
from data.live.outbox import Topic
from data.people import audit
from data.rows import current_load
from hazards.observation import Draft, ObservationKind
from hazards.plausible import TOO_OLD
from operations.errors import Refused
from operations.observing.deciding import check_headquarters
from operations.observing.dronephotos import DRONE_PHOTOS, given_report
from operations.observing.report import TakenReport, report
from operations.wording import LONGEST, line

PLACED_M: Final = 20.0
"""Within this lies what a person found on the map with the picture beside it: the project's own."""
NO_PHOTO: Final = "その写真はありません（there is no such photo）"
_REPORTED: Final = (
    "この写真は、もう報告になっています。報告の一覧で確かめてください（it is a report already）"
)
_WHERE: Final = "この写真は場所が決まりません。地図で場所を選んでください（say where it is: at）"


def say(
    engine: Engine,
    by: Caller,
    sha256: str,
    kind: ObservationKind,
    *,
    now: datetime,
    note: str = "",
    at: Position | None = None,
) -> TakenReport:
    """Report what is on a photo, at its target or at the point where a person sees it.

    Raises `MayNotDecide`, `NotThere`, `Refused` for a photo without a place, and for one that
    somebody else reported.
    """
    check_headquarters(by)
    note = line(note, "メモ", longest=LONGEST)
    row = _find(engine, sha256)
    if row.report is not None and (row.report_kind, row.report_source) != (kind, by.actor):
        raise Refused(_REPORTED)
    point, error_m = _place(row, at)
    draft = Draft(kind, point, error_m, row.taken_at, note or row.note)
    return report(engine, by, given_report(row, draft, by), now)


def say_nothing(engine: Engine, by: Caller, sha256: str, *, now: datetime) -> None:
    """Nothing on it is to be reported: it waits no longer, and may still be reported.

    Raises `MayNotDecide`, `NotThere`, `Refused` where it is a report already.
    """
    check_headquarters(by)
    if _find(engine, sha256).report is not None:
        raise Refused(_REPORTED)
    with transaction(engine, latest=True) as connection:
        drones.say_nothing(connection, sha256, by.actor, now)
        live.put(connection, Topic.HEADQUARTERS, DRONE_PHOTOS, {"sha256": sha256})
        audit.record(connection, by, "drone.nothing", sha256)


def _find(engine: Engine, sha256: str) -> Row[Any]:
    with transaction(engine) as connection:
        row = drones.find(connection, current_load(connection).code, sha256)
    if row is None:
        raise NotThere(NO_PHOTO)
    return row


def _place(row: Row[Any], at: Position | None) -> tuple[BaseGeometry, float]:
    if at is not None:
        return shapely.Point(at.lon, at.lat), PLACED_M
    if row.geom is None or row.why_not not in ("", TOO_OLD):
        raise Refused(_WHERE)
    return to_shape(row.geom), row.error_m
