"""Each print by its name, from the state as it is at the moment."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Engine

from city.staff import Caller
from data.database import transaction
from data.people import audit
from operations.duties.deciding import decision_table
from operations.duties.districts import districts
from operations.duties.firstreport import first_report
from operations.duties.handingover import HOURS, changes, stale, tasks
from operations.duties.seen import Seen, seen
from operations.duties.situation import situation
from operations.facilities.listing import call_list, counts
from web.dutysheets import calllist, decisiontable, firstreport, handover
from web.dutysheets import districts as districtsheet
from web.dutysheets import situation as situationsheet
from web.dutysheets.typesetting import typeset


class PrintKind(StrEnum):
    """What can be printed of the night."""

    DECISIONS = "decisions"
    CALLS = "calls"
    REPORT = "report4"
    HANDOVER = "handover"
    SITUATION = "situation"
    DISTRICTS = "districts"


PRINT_WORDS: Final[Mapping[PrintKind, str]] = {
    PrintKind.DECISIONS: decisiontable.TITLE,
    PrintKind.CALLS: calllist.TITLE,
    PrintKind.REPORT: firstreport.TITLE,
    PrintKind.HANDOVER: handover.TITLE,
    PrintKind.SITUATION: situationsheet.TITLE,
    PrintKind.DISTRICTS: districtsheet.TITLE,
}


def printed(
    engine: Engine, by: Caller, kind: PrintKind, now: datetime, *, hours: int = HOURS
) -> bytes:
    """The PDF, typeset outside every transaction; the log says which print of which record it was.

    `hours`: how far back the handover looks.
    Raises `NoCity`, `NotFit` without the font, `NotThere` for a map of a city without areas.
    """
    with transaction(engine) as connection:
        found = seen(connection, now)
        paper, stamp = _PAPERS[kind](found, hours), found.stamp
    pdf = typeset(PRINT_WORDS[kind], [paper], stamp)
    with transaction(engine, latest=True) as connection:
        audit.record(
            connection, by, "duty.printed", str(kind), plan=stamp.plan, record=stamp.record
        )
    return pdf


def _decisions(found: Seen, _hours: int) -> dict[str, Any]:
    return decisiontable.decision_sheet(decision_table(found), found.stamp)


def _calls(found: Seen, _hours: int) -> dict[str, Any]:
    listed = call_list(found.connection, found.now)
    return calllist.call_sheet(listed, counts(listed), found.stamp)


def _report(found: Seen, _hours: int) -> dict[str, Any]:
    return firstreport.report_sheet(first_report(found), found.stamp)


def _handover(found: Seen, hours: int) -> dict[str, Any]:
    calls = counts(call_list(found.connection, found.now))
    newest, total = changes(found, hours)
    return handover.handover_sheet(
        found.state,
        newest,
        calls,
        stale(found),
        found.stamp,
        hours=hours,
        total=total,
        tasks=tasks(found),
    )


def _situation(found: Seen, _hours: int) -> dict[str, Any]:
    return situationsheet.situation_sheet(situation(found), found.state, found.stamp, tasks(found))


def _districts(found: Seen, _hours: int) -> dict[str, Any]:
    city = found.state["city"]["city"]
    return districtsheet.district_sheet(districts(found), city, found.stamp)


_PAPERS: Final[Mapping[PrintKind, Callable[[Seen, int], dict[str, Any]]]] = {
    PrintKind.DECISIONS: _decisions,
    PrintKind.CALLS: _calls,
    PrintKind.REPORT: _report,
    PrintKind.HANDOVER: _handover,
    PrintKind.SITUATION: _situation,
    PrintKind.DISTRICTS: _districts,
}
