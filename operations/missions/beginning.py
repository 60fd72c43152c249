"""A team is sent out: until when, how often it checks in, and where; never under level 5."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, Engine, Row, select

from city.staff import Caller
from data import missions, tables
from data.database import in_order, transaction
from data.errors import NotThere
from data.people import audit
from data.rows import current_load
from hazards.flight import Flight
from hazards.mission import CHECKS_IN_EVERY
from hazards.missiontimes import check_times
from operations.errors import Refused
from operations.missions.board import tell
from operations.observing.deciding import check_headquarters
from operations.refusals import refusals
from operations.wording import line

LONGEST_TEAM: Final = 40
LONGEST_CONTACT: Final = 60
UNDER_FIVE: Final = (
    "警戒レベル5の区域へは、班を出せません（区域を書かない任務は、市内のどこかにレベル5が"
    "出ている間は出せません）。区域を選び直すか、解除を待ってください"
    "（level 5: nobody is sent there）"
)


@dataclass(frozen=True, slots=True)
class GivenMission:
    """What headquarters gives: the team by its name, `contact` its radio or official telephone,
    `members` actors such as "device:5"; `where` in (lon, lat).
    """

    team: str
    contact: str
    members: tuple[str, ...]
    what: str
    withdraw_at: datetime
    areas: tuple[str, ...] = ()
    where: BaseGeometry | None = None
    check_in_every: timedelta = CHECKS_IN_EVERY
    flight: Flight | None = field(default=None)


def begin(engine: Engine, by: Caller, given: GivenMission, *, now: datetime) -> int:
    """Send a team out; returns the mission's number.

    Raises `BadMission` for its times, `Refused` under level 5 and where the team or one of its
    members is out already, `NotThere`, `MayNotDecide`.
    """
    with refusals(engine, by, "mission"), transaction(engine, latest=True) as connection:
        check_headquarters(by)
        check_times(given.withdraw_at, given.check_in_every, now)
        load = current_load(connection)
        team = line(given.team, "班の名前", longest=LONGEST_TEAM, needed=True)
        contact = line(given.contact, "連絡先", longest=LONGEST_CONTACT, needed=True)
        values = {"what": line(given.what, "任務", needed=True)}
        in_order(connection)
        _check_areas(connection, load, given.areas)
        if missions.is_under_five(connection, load, given.areas, given.where):
            raise Refused(UNDER_FIVE)
        _check_home(connection, load, team, given.members)
        number = missions.add(
            connection,
            given.where,
            city_code=load.code,
            team_id=missions.put_team(connection, load.code, team, contact, given.members),
            members=list(given.members),
            area_names=list(given.areas),
            flight=None if given.flight is None else stored(given.flight),
            started_at=now,
            started_by=by.actor,
            withdraw_at=given.withdraw_at,
            check_in_every_s=round(given.check_in_every.total_seconds()),
            **values,
        )
        tell(connection, load, now)
        until = given.withdraw_at.isoformat(timespec="seconds")
        audit.record(connection, by, "mission.begun", str(number), withdraw_at=until)
        return number


def stored(flight: Flight) -> dict[str, Any]:
    """A flight's fields as a mission keeps them, and by which right it is flown, in words."""
    return {
        "drone": flight.drone,
        "operator": flight.operator,
        "permit": flight.permit,
        "asked_by": flight.exemption.asked_by if flight.exemption else "",
        "right": flight.right,
    }


def _check_areas(connection: Connection, load: Row[Any], names: Sequence[str]) -> None:
    table = tables.area
    query = select(table.c.name).where(table.c.load_id == load.id, table.c.kind == "chome")
    known = set(connection.execute(query.where(table.c.name.in_(names))).scalars())
    if unknown := [name for name in names if name not in known]:
        raise NotThere(f"町丁目がありません：{unknown[0]}（no such area）")


def _check_home(connection: Connection, load: Row[Any], team: str, members: Sequence[str]) -> None:
    """Raise `Refused` for a team, or one of it, that is out: each is called home by one mission."""
    if any(row.team == team for row in missions.outside(connection, load.code)):
        raise Refused(f"{team}は任務に出ています。先に帰着を書いてください（it is out already）")
    row = missions.out_with(connection, load.code, members)
    if row is not None:
        raise Refused(
            f"その端末・職員は「{row.team}」で任務に出ています（a member is out with {row.team}）"
        )
