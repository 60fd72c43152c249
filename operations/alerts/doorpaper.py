"""A door list on paper, for the welfare role alone: made when it is asked for, kept nowhere."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row

from alerts.doors import DoorOutcome, check_withdrawal
from alerts.errors import WrongStep
from alerts.kinds import Language
from alerts.registration import AccessNeed
from alerts.scripts.door import door_words
from alerts.wording.moments import moment_words
from city.staff import Caller
from data.alerts import doorcalls, doorlists, revisions
from data.alerts.doorlevels import levels_in
from data.alerts.doorneeds import needs_at
from data.database import transaction
from data.people import audit
from data.rows import current_load
from hazards.kinds import AlertLevel
from operations.alerts.doorcalls import PURPOSE
from operations.alerts.doors import check_is_told, check_load
from operations.alerts.listeddoors import check_opener, doors_of, map_of_doors
from operations.alerts.papermaking import gather
from operations.refusals import refusals
from operations.sheets.neighbours import Neighbour
from web.alertsheets.doorsheet import DoorSheet, ListedDoor
from web.alertsheets.issued import Issued
from web.alertsheets.kinds import PaperKind
from web.alertsheets.typesetting import typeset_doors
from web.sheets.compiling import check_font


def print_list(engine: Engine, by: Caller, number: int, *, now: datetime) -> bytes:
    """The PDF of a list; each print is in the audit log before anybody sees it, as an opening is.

    Raises `NotYours` for every other role; `WrongStep` where the list is recalled, back or handed
    on; what handing it raises: another load, words that are told no more, level 5, a withdrawal
    that has passed.
    """
    with (
        refusals(engine, by, "doors", str(number)),
        transaction(engine, latest=True) as connection,
    ):
        check_opener(by)
        check_font()
        load = current_load(connection)
        row = doorlists.get(connection, load.code, number)
        _check_goes_out(connection, load, row, now)
        of, sheet = _gathered(connection, load, row, now)
        details = {"revision": row.revision_id, "doors": len(sheet.doors), "purpose": PURPOSE}
        audit.record(connection, by, "doors.printed", str(number), **details)
    return typeset_doors(of, sheet)


def _check_goes_out(connection: Connection, load: Row[Any], row: Row[Any], now: datetime) -> None:
    check_load(load, row)
    known = (
        (row.back_at, "帰着した班の一覧です（the team is back）"),
        (row.recalled_at, "呼び戻した一覧です。班に、戻るよう伝えてください（it is recalled）"),
        (row.escalated_at, "引き継いだ班の一覧です（the team was handed on）"),
    )
    for at, why in known:
        if at is not None:
            raise WrongStep(why)
    check_is_told(connection, revisions.get(connection, load.code, row.revision_id), now)
    standing = levels_in(connection, load, [row.area_name]).get(row.area_name, AlertLevel.NONE)
    check_withdrawal(row.withdraw_at, now, max(standing, AlertLevel(row.level)))


def _gathered(
    connection: Connection, load: Row[Any], row: Row[Any], now: datetime
) -> tuple[Issued, DoorSheet]:
    revision = revisions.get(connection, load.code, row.revision_id)
    of = gather(connection, load, revision, PaperKind.RETURN, now)
    doors = doors_of(connection, load, row)
    needs = needs_at(connection, load.code, row.status, row.households)
    sheet = DoorSheet(
        area=row.area_name,
        han=row.han,
        team=row.team,
        withdraw=moment_words(row.withdraw_at, now, of.settings.zone, Language.JAPANESE),
        said=door_words(of.rendered),
        printed=moment_words(now, now, of.settings.zone, Language.JAPANESE),
        doors=_listed(doors, needs, doorcalls.newest_calls(connection, row.id)),
        area_map=map_of_doors(connection, load, list(doors.values())),
    )
    return of, sheet


def _listed(
    doors: Mapping[int, Neighbour],
    needs: Mapping[int, tuple[AccessNeed, ...]],
    told: Mapping[int, DoorOutcome],
) -> list[ListedDoor]:
    return [
        ListedDoor(one.place, one.label, needs.get(number, ()), told.get(number))
        for number, one in doors.items()
    ]
