"""Papers in the print queue: asked for, made beside the request, printed."""

import logging
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row

from alerts.errors import AlertError, NotFit
from alerts.life import OUT, RevisionState
from city.staff import SYSTEM, Caller
from data.alerts import printjobs, revisions
from data.database import transaction
from data.errors import DataError, NoDatabase
from data.people import audit
from data.rows import current_load, find_load
from operations.alerts.papermaking import gather, make
from operations.alerts.telling import iso
from operations.alerts.withdrawn import why_withdrawn
from operations.errors import Refused
from web.alertsheets.kinds import PAPER_WORDS, PaperKind
from web.alertsheets.typesetting import typeset

log = logging.getLogger("nigemichi.papers")


def ask_for(
    connection: Connection,
    revision: Row[Any],
    paper: PaperKind,
    why: str,
    *,
    by: Caller = SYSTEM,
    now: datetime,
) -> int | None:
    """Put a paper of a revision (a row of `revisions.get`) into the queue, once.

    Returns the job's number, None where it is there already; one that failed is tried again.
    Raises `NotFit` for what nobody approved, and for what is told no more. Called late in a
    transaction, as for the audit log.
    """
    if RevisionState(revision.state) not in OUT:
        raise NotFit("承認されていない配信は印刷できません（only what is approved is printed）")
    if why_not := why_withdrawn(connection, revision, now):
        raise NotFit(f"印刷できません。{why_not}")
    number = printjobs.ask(connection, revision.city_code, revision.id, paper, why, now)
    if number is not None:
        audit.record(connection, by, "paper.asked", str(revision.id), paper=paper, job=number)
    return number


def print_next(engine: Engine, now: datetime) -> bool:
    """Make the oldest paper that waits; False where none does. One that fails keeps its reason."""
    with transaction(engine, latest=True) as connection:
        load = find_load(connection)
        job = None if load is None else printjobs.claim(connection, load.code, now)
    if job is None:
        return False
    try:
        pdf = _made(engine, job, now)
    except NoDatabase:
        raise
    except (AlertError, DataError, Refused) as error:
        _fail(engine, job, str(error), now)
    except Exception as error:  # whatever is wrong with one paper, the next is made
        log.exception("paper %s of job %s", job.paper, job.id)
        _fail(engine, job, f"紙を作れません（{type(error).__name__}）", now)
    else:
        with transaction(engine, latest=True) as connection:
            printjobs.keep(connection, job.id, pdf, now)
    return True


def print_all(engine: Engine, now: datetime) -> int:
    """Make all that waits; returns how many."""
    count = 0
    while print_next(engine, now):
        count += 1
    return count


def find_pdf(connection: Connection, number: int, paper: PaperKind, now: datetime) -> bytes:
    """The paper as it was made, or made now: of a draft too, which then says so.

    Raises `NotFit` for what is told no more: an open tab would print it.
    """
    load = current_load(connection)
    row = revisions.get(connection, load.code, number)
    if why_not := why_withdrawn(connection, row, now):
        raise NotFit(f"印刷できません。{why_not}")
    stored = printjobs.pdf_of(connection, row.id, paper)
    return stored or make(connection, load, row, paper, now)


def request(engine: Engine, by: Caller, number: int, paper: PaperKind, *, now: datetime) -> None:
    """Somebody of headquarters asks for a paper; once more changes nothing."""
    with transaction(engine, latest=True) as connection:
        row = revisions.get(connection, current_load(connection).code, number)
        ask_for(connection, row, paper, "本部が印刷を頼んだ", by=by, now=now)


def mark_printed(engine: Engine, by: Caller, number: int, job: int, *, now: datetime) -> None:
    """It came out of a printer; once more changes nothing. Raises `NotThere`, `NotFit`."""
    with transaction(engine, latest=True) as connection:
        row = printjobs.get(connection, current_load(connection).code, number, job)
        if row.made_at is None:
            raise NotFit("まだできていない紙です（it is not made yet）")
        if printjobs.print_out(connection, job, by.actor, now):
            audit.record(connection, by, "paper.printed", str(row.revision_id), job=job)


def queue(connection: Connection, now: datetime) -> list[dict[str, Any]]:
    """All papers that are not printed and still told, the oldest first."""
    load = current_load(connection)
    return [job_table(row) for row in printjobs.waiting(connection, load.code, now)]


def papers_of(connection: Connection, number: int, now: datetime) -> list[dict[str, Any]]:
    """Each kind of paper of a revision, and how far its job is (None: nobody asked).

    `withdrawn`: why none of them is printed any more, also of those that are made; None while they
    are.
    """
    row = revisions.get(connection, current_load(connection).code, number)
    withdrawn = why_withdrawn(connection, row, now)
    jobs = {one.paper: job_table(one) for one in printjobs.of_revision(connection, row.id)}
    return [
        {"paper": str(kind), "name": words, "job": jobs.get(kind), "withdrawn": withdrawn}
        for kind, words in PAPER_WORDS.items()
    ]


def job_table(row: Row[Any]) -> dict[str, Any]:
    """A job as headquarters reads it."""
    return {
        "job": row.id,
        "number": row.revision_id,
        "paper": row.paper,
        "name": PAPER_WORDS[PaperKind(row.paper)],
        "why": row.why,
        "asked_at": iso(row.asked_at),
        "made_at": iso(row.made_at),
        "printed_at": iso(row.printed_at),
        "printed_by": row.printed_by,
        "failed_why": row.failed_why,
    }


def _made(engine: Engine, job: Row[Any], now: datetime) -> bytes:
    """Typeset outside every transaction: nothing waits for a paper."""
    paper = PaperKind(job.paper)
    with transaction(engine) as connection:
        load = current_load(connection)
        row = revisions.get(connection, load.code, job.revision_id)
        issued = gather(connection, load, row, paper, now, job.id)
    return typeset(issued, paper)


def _fail(engine: Engine, job: Row[Any], why: str, now: datetime) -> None:
    with transaction(engine, latest=True) as connection:
        printjobs.fail(connection, job.id, why, now)
        audit.record(
            connection, SYSTEM, "paper.failed", str(job.revision_id), paper=job.paper, job=job.id
        )
