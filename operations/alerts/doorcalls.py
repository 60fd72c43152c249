"""A door list opened, by the welfare role alone, and what its team tells of each door."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row

from alerts.doors import OUTCOME_WORDS, SPOKEN, DoorOutcome
from alerts.errors import WrongStep
from city.staff import Caller
from data.alerts import doorcalls, doorlists
from data.alerts.doorneeds import needs_at
from data.database import in_order, transaction
from data.errors import NotThere
from data.people import audit
from data.rows import current_load
from operations.alerts.doorboard import tell
from operations.alerts.doors import check_load
from operations.alerts.drafting import city
from operations.alerts.listeddoors import check_opener, doors_of, map_of_doors
from operations.alerts.telling import iso
from operations.delivery.confirming import How, confirm_household
from operations.household.links import spelled
from operations.refusals import refusals
from operations.sheets.neighbours import Neighbour

PURPOSE: Final = "door calls"
"""For what a list is opened, in the audit log (`safety.md` 18)."""


def open_list(engine: Engine, by: Caller, number: int) -> dict[str, Any]:
    """The doors of a list: where, how their papers are called, what they need, what was told last.

    Each opening is in the audit log before anybody sees it. Raises `NotYours` for every other role,
    `NotThere`, `Refused`.
    """
    with (
        refusals(engine, by, "doors", str(number)),
        transaction(engine, latest=True) as connection,
    ):
        check_opener(by)
        load = current_load(connection)
        row = doorlists.get(connection, load.code, number)
        check_load(load, row)
        shown = _shown(connection, load, row)
        details = {"revision": row.revision_id, "doors": len(shown["doors"]), "purpose": PURPOSE}
        audit.record(connection, by, "doors.opened", str(number), **details)
    return shown


def call(
    engine: Engine, by: Caller, number: int, label: str, outcome: DoorOutcome, *, now: datetime
) -> None:
    """Note what a team tells of a door, by the label of its paper ("K7-04").

    Whoever was spoken with is reached by the revision of that list, and by no later one. The newest
    word counts: another one takes that back. Raises `WrongStep` for a list that nobody took,
    `NotThere`, `Refused`.
    """
    with (
        refusals(engine, by, "doors", str(number)),
        transaction(engine, latest=True) as connection,
    ):
        load = city(connection)
        row = doorlists.get(connection, load.code, number)
        check_load(load, row)
        home = _door(connection, load, row, label)
        doorlists.hold_alert(connection, row.alert_id, row.revision_id)
        in_order(connection)
        if doorlists.get(connection, load.code, number).handed_at is None:
            raise WrongStep("まだ渡していない一覧です（nobody took this list yet）")
        before = doorcalls.newest_calls(connection, number).get(home.number)
        doorcalls.add_call(connection, number, home.number, outcome, by.actor, now)
        if outcome in SPOKEN and before not in SPOKEN:
            confirm_household(
                connection, row.alert_id, row.revision_id, home.number, How.DOOR, by.actor
            )
        taken_back = (
            before in SPOKEN
            and outcome not in SPOKEN
            and doorcalls.take_back(connection, number, load.id, row.revision_id, home.number)
        )
        tell(connection, load, now)
        # By its list: what becomes of which home is no business of whoever reads the log.
        said = {"outcome": outcome, **({"taken_back": True} if taken_back else {})}
        audit.record(connection, by, "door.called", str(number), **said)


def _shown(connection: Connection, load: Row[Any], row: Row[Any]) -> dict[str, Any]:
    doors = doors_of(connection, load, row)
    told = doorcalls.newest_calls(connection, row.id)
    needs = needs_at(connection, load.code, row.status, row.households)
    area_map = map_of_doors(connection, load, list(doors.values()))
    return {
        "list": row.id,
        "number": row.revision_id,
        "status": row.status,
        "area": row.area_name,
        "han": row.han,
        "team": row.team,
        "withdraw_at": iso(row.withdraw_at),
        "recalled_at": iso(row.recalled_at),
        "map": None if area_map is None else area_map.svg(),
        "doors": [
            {
                "label": one.label,
                "place": one.place,
                "lat": one.position.lat,
                "lon": one.position.lon,
                "needs": [str(need) for need in needs.get(one.number, ())],
                "outcome": told.get(one.number),
                "words": OUTCOME_WORDS[told[one.number]] if one.number in told else None,
            }
            for one in doors.values()
        ],
    }


def _door(connection: Connection, load: Row[Any], row: Row[Any], label: str) -> Neighbour:
    wanted = spelled(label)
    for one in doors_of(connection, load, row).values():
        if one.label == wanted:
            return one
    raise NotThere("その番号の家は、この一覧にありません（no such door on this list）")
