"""A call to a facility: noted once, and taken back by a correction that is kept beside it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Engine, Row

from city.staff import Caller
from data import facilities
from data.database import transaction
from data.live import outbox as live
from data.people import audit
from data.rows import current_load
from hazards.facilitycalls import FacilityAnswer
from operations.errors import Refused
from operations.facilities.listing import threat_of
from operations.refusals import refusals
from operations.wording import LONGEST_NOTE, line

KEY: Final = "facilities"
"""Of the topic of headquarters: somebody was called."""
LONGEST_TOLD: Final = 60


@dataclass(frozen=True, slots=True)
class GivenCall:
    """A call as somebody notes it; `key` is the page's own, `level` the one that was told (0: no
    order stands there), `told` the post of who took it, nobody's name.
    """

    key: UUID
    answer: FacilityAnswer
    level: int
    told: str = ""
    note: str = ""


def note_call(engine: Engine, by: Caller, facility_id: str, given: GivenCall, now: datetime) -> int:
    """Note a call; the same once more changes nothing. Returns its number, 0 where it is known.

    Raises `NotThere`, and `Refused` for a level that does not stand there.
    """
    with refusals(engine, by, "care", facility_id), transaction(engine, latest=True) as held:
        load = current_load(held)
        facility = facilities.get(held, load, facility_id)
        _check_level(held, load, facility_id, given)
        number = facilities.add_call(
            held,
            key=given.key,
            city_code=load.code,
            facility_id=facility.id,
            facility_name=facility.name,
            level=given.level,
            answer=str(given.answer),
            told=line(given.told, "伝えた相手", longest=LONGEST_TOLD),
            note=line(given.note, "メモ", longest=LONGEST_NOTE),
            called_by=by.actor,
            called_at=now,
        )
        if number is None:
            return 0
        live.put(held, live.Topic.HEADQUARTERS, KEY, {"call": number, "at": now.isoformat()})
        audit.record(held, by, "care.called", facility.id, call=number, answer=given.answer)
        return number


def take_back(
    engine: Engine, by: Caller, number: int, key: UUID, *, why: str, now: datetime
) -> None:
    """Say that a call was noted wrongly; the same once more changes nothing.

    Raises `NotThere`, and `Refused` where somebody else took it back.
    """
    with refusals(engine, by, "care", str(number)), transaction(engine, latest=True) as held:
        load = current_load(held)
        call = facilities.get_call(held, load.code, number)
        before = facilities.correction_of(held, number)
        if before == key:
            return
        if before is not None or call.corrects is not None:
            raise Refused("その電話の記録は、もう取り消されています（it is taken back already）")
        facilities.add_call(
            held,
            key=key,
            city_code=load.code,
            facility_id=call.facility_id,
            facility_name=call.facility_name,
            level=call.level,
            answer=call.answer,
            told="",
            note=line(why, "取り消す理由", longest=LONGEST_NOTE, needed=True),
            called_by=by.actor,
            called_at=now,
            corrects=number,
        )
        live.put(held, live.Topic.HEADQUARTERS, KEY, {"call": number, "at": now.isoformat()})
        audit.record(held, by, "care.corrected", call.facility_id, call=number)


def _check_level(
    connection: Connection, load: Row[Any], facility_id: str, given: GivenCall
) -> None:
    """Nobody is noted as told of a level that does not stand: the list would call it done."""
    row = next(one for one in facilities.listed(connection, load) if one.id == facility_id)
    if given.level > threat_of(row, ()).level:
        raise Refused(
            "その施設には、その警戒レベルは出ていません。画面を開き直してください"
            "（no such level stands there）"
        )
