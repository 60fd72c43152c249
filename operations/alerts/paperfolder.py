"""The print queue as files, for a printer that watches a folder."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Row

from alerts.kinds import Status
from city.staff import CONSOLE
from data.alerts import printjobs, revisions
from data.database import transaction
from data.rows import current_load
from operations.alerts.papers import mark_printed, print_all
from operations.errors import Refused
from operations.sheets.wholefile import whole_file


@dataclass(frozen=True, slots=True)
class Written:
    """Names of the files that were written, and why papers could not be made."""

    written: tuple[str, ...]
    failed: tuple[str, ...]


def write_papers(engine: Engine, folder: Path, now: datetime) -> Written:
    """Write all that is made, not printed and still told.

    Raises `Refused` where the folder cannot be used.
    """
    print_all(engine, now)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(f"{folder} cannot be made: {error.strerror}") from error
    with transaction(engine) as connection:
        city = current_load(connection).code
        jobs = printjobs.waiting(connection, city, now)
    written: list[str] = []
    for job in jobs:
        if job.made_at is None:
            continue
        with transaction(engine) as connection:
            # Stopped while those before it were written.
            if job.id not in {one.id for one in printjobs.waiting(connection, city, now)}:
                continue
            pdf = printjobs.pdf_of(connection, job.revision_id, job.paper)
            status = Status(revisions.get(connection, city, job.revision_id).status)
        target = folder / _name(job, status)
        # A file of that name was written by a call that ended before it was noted.
        if not target.exists():
            with whole_file(target) as draft:
                draft.fill(pdf or b"")
        mark_printed(engine, CONSOLE, job.revision_id, job.id, now=now)
        written.append(target.name)
    failed = [f"{job.paper}: {job.failed_why}" for job in jobs if job.failed_why]
    return Written(tuple(written), tuple(failed))


def _name(job: Row[Any], status: Status) -> str:
    """Whoever looks into the folder takes no drill's paper for a live one."""
    drill = "訓練-drill-" if status is Status.EXERCISE else ""
    return f"{job.id:06}-{drill}alert{job.revision_id}-{job.paper}.pdf"
