"""The return sheet of a paper, typed in: of each area whether it was heard, where was called at."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row

from alerts.errors import NotFit
from city.staff import Caller
from data.alerts import paperreturns, printjobs, revisions, wordings
from data.alerts.paperreturns import AreaTally
from data.database import transaction
from data.people import audit
from data.rows import current_load
from operations.alerts.papermaking import WHOLE
from operations.refusals import refusals

MOST_CALLED: Final = 10_000


def tally(
    engine: Engine,
    by: Caller,
    number: int,
    job: int,
    given: Sequence[AreaTally],
    *,
    now: datetime,
) -> dict[str, Any]:
    """Keep what the sheet of a revision's job says; answers with all that came back of it.

    The newest line of each area counts. A sheet of the whole city has one line; where it says that
    somewhere nobody heard, that 町丁目 gets its own. Raises `NotThere`, `NotFit`.
    """
    with (
        refusals(engine, by, "paper", str(job)),
        transaction(engine, latest=True) as connection,
    ):
        load = current_load(connection)
        row = printjobs.get(connection, load.code, number, job)
        revision = revisions.get(connection, load.code, row.revision_id)
        _check(given, _known(connection, load, revision))
        paperreturns.add(connection, row, load.code, given, by.actor, now)
        audit.record(
            connection, by, "paper.returned", str(row.revision_id), job=job, areas=len(given)
        )
        return returned(connection, row.revision_id)


def returned(connection: Connection, revision: int) -> dict[str, Any]:
    """What came back of a revision: areas in which it was not heard, homes called at."""
    lines = paperreturns.newest(connection, revision)
    return {
        "number": revision,
        "called": sum(one.called for one in lines),
        "heard": [one.area_name for one in lines if one.heard],
        "not_heard": [one.area_name for one in lines if one.heard is False],
        "areas": [
            {"area": one.area_name, "heard": one.heard, "called": one.called} for one in lines
        ],
    }


def _known(connection: Connection, load: Row[Any], revision: Row[Any]) -> set[str]:
    """The names of which a line may be."""
    if revision.area_names:
        return set(revision.area_names)
    return {WHOLE, *wordings.area_names(connection, load)}


def _check(given: Sequence[AreaTally], known: set[str]) -> None:
    names = [one.area_name for one in given]
    if not given or len(set(names)) < len(names):
        raise NotFit("区域を一つずつ書いてください（each area once）")
    if strange := sorted(set(names) - known):
        raise NotFit(f"この配信の区域ではありません：{strange[0]}（no area of this alert）")
    if not all(0 <= one.called <= MOST_CALLED for one in given):
        raise NotFit(f"軒数は 0〜{MOST_CALLED:,} で書いてください（0 to {MOST_CALLED}）")
