"""Print jobs of alerts: asked for once a revision and paper, claimed by one maker at a time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, func, select, update
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert

from data import tables
from data.alerts.levelfive import IN_PART
from data.errors import NotThere

_JOB = tables.print_job
LEASE: Final = timedelta(seconds=60)
"""So long whoever makes a paper keeps the others away."""
NEWEST: Final = """NOT EXISTS (
    SELECT 1 FROM alert_revision later WHERE later.alert_id = alert_revision.alert_id
    AND later.revision > alert_revision.revision AND later.state IN ('approved', 'sending', 'sent')
)"""
"""Of a row of `alert_revision`: no later one of its alert went out."""
WANTED: Final = f"""revision_id IN (
    SELECT id FROM alert_revision WHERE stopped_at IS NULL AND expires_at > :now AND {NEWEST}
    AND NOT ({IN_PART})
)"""  # noqa: S608  no value is put in
"""Of a row of `print_job`: its text is still told. What was stopped, replaced or is over, or would
tell people under level 5 to leave, is never printed, whether or not the paper is made.
"""
_CLAIM: Final = f"""
UPDATE print_job SET lease_until = CAST(:now AS timestamptz) + CAST(:lease AS interval)
WHERE id = (
    SELECT id FROM print_job WHERE pdf IS NULL AND failed_at IS NULL AND city_code = :city
    AND (lease_until IS NULL OR lease_until <= :now) AND {WANTED}
    ORDER BY id FOR UPDATE SKIP LOCKED LIMIT 1
)
RETURNING id, revision_id, paper
"""  # noqa: S608  no value is put in
_PRINTER: Final = (
    select(tables.staff.c.name)
    .where(func.concat("staff:", tables.staff.c.id) == _JOB.c.printed_by)
    .scalar_subquery()
)
SHOWN: Final[tuple[ColumnElement[Any], ...]] = (
    _JOB.c.id,
    _JOB.c.revision_id,
    _JOB.c.paper,
    _JOB.c.why,
    _JOB.c.asked_at,
    _JOB.c.made_at,
    _JOB.c.printed_at,
    func.coalesce(_PRINTER, _JOB.c.printed_by).label("printed_by"),
    _JOB.c.failed_at,
    _JOB.c.failed_why,
)
"""All but the document itself; of who printed it the name, "console" for a printer's folder."""


def ask(
    connection: Connection, city: str, revision: int, paper: str, why: str, now: datetime
) -> int | None:
    """A job's number; None where that paper is asked for already and did not fail."""
    query = insert(_JOB).values(
        city_code=city, revision_id=revision, paper=paper, why=why, asked_at=now
    )
    again = query.on_conflict_do_update(
        index_elements=["revision_id", "paper"],
        set_={
            "why": why,
            "asked_at": now,
            "failed_at": None,
            "failed_why": None,
            "lease_until": None,
        },
        where=_JOB.c.failed_at.is_not(None),
    )
    number = connection.execute(again.returning(_JOB.c.id)).scalar()
    return None if number is None else int(number)


def claim(connection: Connection, city: str, now: datetime) -> Row[Any] | None:
    """The oldest job that waits and is wanted, for this maker alone; None where none does."""
    bound = {"city": city, "now": now, "lease": LEASE}
    return connection.execute(sql(_CLAIM), bound).first()


def keep(connection: Connection, number: int, pdf: bytes, now: datetime) -> None:
    """The paper is made."""
    _change(connection, number, pdf=pdf, made_at=now, lease_until=None)


def fail(connection: Connection, number: int, why: str, now: datetime) -> None:
    """It cannot be made; it is not tried again before somebody asks for it."""
    _change(connection, number, failed_at=now, failed_why=why, lease_until=None)


def print_out(connection: Connection, number: int, by: str, now: datetime) -> bool:
    """It was printed; False where it was before, or is not made."""
    query = update(_JOB).where(
        _JOB.c.id == number, _JOB.c.pdf.is_not(None), _JOB.c.printed_at.is_(None)
    )
    return connection.execute(query.values(printed_at=now, printed_by=by)).rowcount == 1


def get(connection: Connection, city: str, revision: int, number: int) -> Row[Any]:
    """A job of a revision; raises `NotThere`."""
    query = select(*SHOWN).where(
        _JOB.c.id == number, _JOB.c.revision_id == revision, _JOB.c.city_code == city
    )
    row = connection.execute(query).first()
    if row is None:
        raise NotThere(f"その配信に紙 {number} はありません（no such print job）")
    return row


def of_revision(connection: Connection, revision: int) -> Sequence[Row[Any]]:
    """The jobs of a revision, in the order in which they were asked for."""
    query = select(*SHOWN).where(_JOB.c.revision_id == revision).order_by(_JOB.c.id)
    return connection.execute(query).all()


def waiting(connection: Connection, city: str, now: datetime) -> Sequence[Row[Any]]:
    """All jobs that are wanted and not printed, the oldest first."""
    query = select(*SHOWN).where(_JOB.c.city_code == city, _JOB.c.printed_at.is_(None))
    wanted = query.where(sql(WANTED).bindparams(now=now))
    return connection.execute(wanted.order_by(_JOB.c.id)).all()


def pdf_of(connection: Connection, revision: int, paper: str) -> bytes | None:
    """The document of a job, None where it is not made."""
    query = select(_JOB.c.pdf).where(_JOB.c.revision_id == revision, _JOB.c.paper == paper)
    pdf = connection.execute(query).scalar()
    return None if pdf is None else bytes(pdf)


def _change(connection: Connection, number: int, **values: Any) -> None:
    connection.execute(update(_JOB).where(_JOB.c.id == number).values(**values))
