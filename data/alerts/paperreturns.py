"""What came back on paper: of each area whether it was heard, at how many homes somebody called."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select
from sqlalchemy.dialects.postgresql import distinct_on

from data import tables

_RETURN = tables.paper_return


@dataclass(frozen=True, slots=True)
class AreaTally:
    """`heard` is None where nobody knows; `called`: homes at which somebody called."""

    area_name: str
    heard: bool | None
    called: int


def add(
    connection: Connection,
    job: Row[Any],
    city: str,
    tallies: Sequence[AreaTally],
    by: str,
    now: datetime,
) -> None:
    """Add a sheet's lines; the newest of each area counts, older ones are kept."""
    rows = [
        {
            "city_code": city,
            "revision_id": job.revision_id,
            "job_id": job.id,
            "area_name": one.area_name,
            "heard": one.heard,
            "called": one.called,
            "said_by": by,
            "at": now,
        }
        for one in tallies
    ]
    connection.execute(insert(_RETURN), rows)


def newest(connection: Connection, revision: int) -> list[AreaTally]:
    """The newest line of each area, by its name."""
    query = (
        select(_RETURN.c.area_name, _RETURN.c.heard, _RETURN.c.called)
        .where(_RETURN.c.revision_id == revision)
        .order_by(_RETURN.c.area_name, _RETURN.c.id.desc())
        .ext(distinct_on(_RETURN.c.area_name))
    )
    return [AreaTally(row.area_name, row.heard, row.called) for row in connection.execute(query)]
