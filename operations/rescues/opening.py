"""A case is opened: by a report that somebody needs rescue, or by the phone desk.

A report that is set aside opens one too, with its doubt beside it: no call for help is lost for a
wrong clock or position.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import shapely
from sqlalchemy import Connection, Engine, Row

from city.position import Position
from city.staff import Caller
from data import rescues
from data.database import transaction
from data.people import audit
from data.rows import current_load
from hazards.observation import ObservationKind, SourceKind
from hazards.rescue import RescueState
from operations.errors import Refused
from operations.refusals import refusals
from operations.rescues.board import tell
from operations.wording import words_of_need


@dataclass(frozen=True, slots=True)
class GivenRescue:
    """What a caller said; `id` is made by the desk's page, `place` in words, `persons` None where
    nobody knows. It may hold names: headquarters and the phone desk alone read it.
    """

    id: UUID
    place: str = ""
    at: Position | None = None
    persons: int | None = None
    condition: str = ""


def open_case(connection: Connection, load: Row[Any], row: Mapping[str, Any]) -> int | None:
    """Open a case for a new report (a row of `observation` as it was added) of the kind `rescue`,
    in its transaction; returns its number, None for any other report.

    It numbers nothing: call `operations.rescues.board.tell` late in the same transaction.
    """
    if row["kind"] != ObservationKind.RESCUE:
        return None
    return rescues.add(
        connection,
        row["id"],
        city_code=load.code,
        observation=row["id"],
        geom=row["geom"],
        place="",
        condition=row["note"],
        doubt=row["set_aside"],
        source_kind=row["source_kind"],
        opened_by=row["source"],
        opened_at=row["received_at"],
        state=RescueState.WAITING,
        last_contact=row["seen_at"],
        changed_at=row["received_at"],
    )


def open_by_phone(engine: Engine, by: Caller, given: GivenRescue, *, now: datetime) -> int:
    """Open a case for a caller; the same id once more gives the same case, whose number is
    returned. Raises `Refused` where nothing says where.
    """
    with refusals(engine, by, "rescue"), transaction(engine, latest=True) as connection:
        load = current_load(connection)
        place, condition = words_of_need(given.place), words_of_need(given.condition)
        if not place and given.at is None:
            raise Refused("どこにいるかを書くか、地図で選んでください（say where）")
        point = None if given.at is None else shapely.Point(given.at.lon, given.at.lat)
        number = rescues.add(
            connection,
            given.id,
            city_code=load.code,
            geom=rescues.stored(point),
            place=place,
            persons=given.persons,
            condition=condition,
            doubt="",
            source_kind=SourceKind.PHONE,
            opened_by=by.actor,
            opened_at=now,
            state=RescueState.WAITING,
            last_contact=now,
            changed_at=now,
        )
        if number is None:
            return rescues.number_of(connection, load.code, given.id)
        tell(connection, load)
        audit.record(connection, by, "rescue.opened", str(number))
        return number
