"""Observations: kept exactly once by the id that the sender made."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, case, func, insert, select, update
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.dialects.postgresql import insert as insert_or

from data import tables
from hazards.evidence import Evidence
from hazards.observation import AUTHENTICATED, LIVE, ObservationState, SourceKind

MOVES: Final = "moves"
WAITS: Final = "waits"
"""Of a closure by reports: places are planned by it, or its move of people waits for a person."""
ASKED: Final = "asked"
"""Of a closure that a person ordered after imagining it: nobody knows yet whom it moves."""
NAMED: Final = 20
"""So many reports are named as what is behind a street; there may be more."""
UNKNOWN: Final = 3
"""Of reports of one street by people whom nobody knows, so many are looked at."""
_SEEN, _STEP, _STREET = (
    tables.observation,
    tables.observation_step,
    tables.observation_street,
)


def add(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> set[UUID]:
    """Add what is not there yet; returns the ids that are new."""
    if not rows:
        return set()
    query = insert_or(_SEEN).on_conflict_do_nothing().returning(_SEEN.c.id)
    # In one order, or two batches of the same reports wait for each other.
    ordered = sorted(rows, key=lambda row: str(row["id"]))
    return set(connection.execute(query, ordered).scalars())


def senders(connection: Connection, numbers: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """Who sent each of these: kind and name of the source."""
    query = select(_SEEN.c.id, _SEEN.c.source_kind, _SEEN.c.source)
    rows = connection.execute(query.where(_SEEN.c.id.in_(numbers))) if numbers else ()
    return {row.id: (row.source_kind, row.source) for row in rows}


def without_photo(connection: Connection, numbers: Sequence[UUID]) -> None:
    """Say that no picture came with these."""
    if numbers:
        query = update(_SEEN).where(_SEEN.c.id.in_(numbers))
        connection.execute(query.values(photo=False))


def add_streets(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Say which streets observations name; what is said already stays."""
    if rows:
        connection.execute(insert_or(_STREET).on_conflict_do_nothing(), list(rows))


def add_step(connection: Connection, row: Row[Any], outcome: str, by: str, at: datetime) -> None:
    """Keep what headquarters said of one."""
    values = {"observation": row.id, "state": row.state, "outcome": outcome, "by": by, "at": at}
    connection.execute(insert(_STEP).values(values))


def find(connection: Connection, code: str, number: UUID, *, hold: bool = False) -> Row[Any] | None:
    """One observation of a city; with `hold` nobody else decides on it meanwhile."""
    query = select(_SEEN).where(_SEEN.c.city_code == code, _SEEN.c.id == number)
    return connection.execute(query.with_for_update() if hold else query).first()


def merged_into(
    connection: Connection, number: UUID, *, without: ObservationState
) -> list[Row[Any]]:
    """What tells of the same as an observation, but what is in that state already; held."""
    query = select(_SEEN).where(_SEEN.c.merged_into == number, _SEEN.c.state != without)
    return list(connection.execute(query.order_by(_SEEN.c.id).with_for_update()))


def decide(connection: Connection, number: UUID, **values: Any) -> Row[Any]:
    """Put in what headquarters decided; returns the row as it is then."""
    query = update(_SEEN).where(_SEEN.c.id == number).values(values).returning(_SEEN)
    return connection.execute(query).one()


def hold_behind(connection: Connection, streets: Sequence[str]) -> list[UUID]:
    """The live reports of these streets; nobody decides on them meanwhile."""
    mine = select(_STREET.c.observation).where(_STREET.c.street.in_(streets))
    query = select(_SEEN.c.id).where(_SEEN.c.id.in_(mine), _SEEN.c.state.in_(LIVE))
    return list(connection.scalars(query.order_by(_SEEN.c.id).with_for_update()))


def open_streets(
    connection: Connection,
    streets: Sequence[str],
    reports: Sequence[UUID],
    outcome: str,
    by: str,
    at: datetime,
) -> None:
    """Headquarters opened these streets: these reports count there no more, and those that name no
    other street are over.
    """
    mine = (_STREET.c.street.in_(streets), _STREET.c.observation.in_(reports))
    connection.execute(update(_STREET).where(*mine).values(opened_at=at))
    other = select(_STREET.c.observation).where(_STREET.c.opened_at.is_(None))
    values = {
        "state": ObservationState.RESOLVED,
        "outcome": outcome,
        "decided_by": by,
        "decided_at": at,
    }
    over = update(_SEEN).where(_SEEN.c.id.in_(reports), _SEEN.c.id.not_in(other)).values(values)
    for row in connection.execute(over.returning(_SEEN.c.id, _SEEN.c.state)):
        add_step(connection, row, outcome, by, at)


def count_again(connection: Connection, reports: Sequence[UUID]) -> None:
    """What headquarters confirms counts on all of its streets."""
    query = update(_STREET).where(_STREET.c.observation.in_(reports))
    connection.execute(query.values(opened_at=None))


def lock_streets(connection: Connection, streets: Iterable[str]) -> None:
    """Let nobody else weigh reports of these streets before the transaction ends."""
    keys = [int(street[:15], 16) for street in sorted(set(streets))]
    if keys:
        query = sql("SELECT pg_advisory_xact_lock(key) FROM unnest(CAST(:keys AS bigint[])) key")
        connection.execute(query, {"keys": keys})


def evidence(
    connection: Connection, streets: Sequence[str]
) -> dict[str, list[tuple[Row[Any], Evidence]]]:
    """The reports of each street, as evidence, with their rows, the oldest first: all of known
    sources and all that headquarters confirmed, and `UNKNOWN` of the others, which say no more
    however many they are.
    """
    known = _SEEN.c.source_kind.in_(AUTHENTICATED) & (_SEEN.c.source != "")
    known |= _SEEN.c.state == ObservationState.CONFIRMED
    apart = case((known, 0), (_SEEN.c.state.in_(LIVE) & (_SEEN.c.set_aside == ""), 1), else_=2)
    place = func.row_number().over(
        partition_by=(_STREET.c.street, apart), order_by=(_SEEN.c.seen_at, _SEEN.c.id)
    )
    columns = (_STREET.c.street, _STREET.c.geom.label("line"), _STREET.c.name)
    all_ = (
        select(_SEEN, *columns, apart.label("apart"), place.label("place"))
        .join(_STREET, _STREET.c.observation == _SEEN.c.id)
        .where(_STREET.c.street.in_(streets), _STREET.c.opened_at.is_(None))
        .subquery()
    )
    query = (
        select(all_)
        .where((all_.c.apart == 0) | (all_.c.place <= UNKNOWN))
        .order_by(all_.c.seen_at, all_.c.id)
    )
    found: dict[str, list[tuple[Row[Any], Evidence]]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.street].append((row, evidence_of(row)))
    return found


def evidence_of(row: Row[Any]) -> Evidence:
    """What one report is worth."""
    return Evidence(
        kind=SourceKind(row.source_kind),
        source=row.source,
        state=ObservationState(row.state),
        error_m=row.error_m,
        photo=row.photo,
        set_aside=row.set_aside != "",
    )


def behind(connection: Connection, streets: Sequence[str]) -> dict[str, list[str]]:
    """The ids of live reports behind each street, at most `NAMED`."""
    found: dict[str, list[str]] = {}
    if not streets:
        return found
    for row in connection.execute(_live_by_street().where(_STREET.c.street.in_(streets))):
        found[row.street] = [str(one) for one in row.ids[:NAMED]]
    return found


def doubted(connection: Connection, code: str) -> list[Row[Any]]:
    """(street, geom, ids, kind, since) of streets with live reports of which no closure by reports
    stands: what was seen first, and when.
    """
    closure = tables.closure
    shut = select(closure.c.street).where(
        closure.c.city_code == code, closure.c.ended_at.is_(None), closure.c.street.is_not(None)
    )
    first = aggregate_order_by(_SEEN.c.kind, _SEEN.c.seen_at, _SEEN.c.id)
    query = _live_by_street(
        func.min(_STREET.c.geom).label("geom"),
        func.array_agg(first)[1].label("kind"),
        func.min(_SEEN.c.seen_at).label("since"),
    ).where(_SEEN.c.city_code == code, _STREET.c.street.not_in(shut))
    return list(connection.execute(query))


def _live_by_street(*more: Any) -> Any:
    ids = func.array_agg(aggregate_order_by(_SEEN.c.id, _SEEN.c.seen_at, _SEEN.c.id)).label("ids")
    counts = (_SEEN.c.set_aside == "") | (_SEEN.c.state == ObservationState.CONFIRMED)
    return (
        select(_STREET.c.street, ids, *more)
        .join(_SEEN, _STREET.c.observation == _SEEN.c.id)
        .where(_SEEN.c.state.in_(LIVE), counts, _STREET.c.opened_at.is_(None))
        .group_by(_STREET.c.street)
        .order_by(_STREET.c.street)
    )


def listed(connection: Connection, code: str, since: datetime, most: int) -> list[Row[Any]]:
    """Live observations, those of known sources before all others, the newest first; then those
    that were decided on since then.
    """
    live = _SEEN.c.state.in_(LIVE)
    known = _SEEN.c.source_kind.in_(AUTHENTICATED)
    query = (
        select(_SEEN)
        .where(_SEEN.c.city_code == code, live | (_SEEN.c.decided_at >= since))
        .order_by(live.desc(), known.desc(), _SEEN.c.received_at.desc(), _SEEN.c.id)
        .limit(most)
    )
    return list(connection.execute(query))


def count_live(connection: Connection, code: str) -> int:
    """How many observations count or may count."""
    query = select(func.count()).where(_SEEN.c.city_code == code, _SEEN.c.state.in_(LIVE))
    return int(connection.execute(query).scalar_one())


def of_source(
    connection: Connection, code: str, source: str, since: datetime, most: int
) -> list[Row[Any]]:
    """What one source told since then, the newest first."""
    mine = (_SEEN.c.city_code == code, _SEEN.c.source == source, _SEEN.c.received_at >= since)
    query = select(_SEEN).where(*mine).order_by(_SEEN.c.received_at.desc(), _SEEN.c.id)
    return list(connection.execute(query.limit(most)))


def streets_of(connection: Connection, numbers: Sequence[UUID]) -> list[Row[Any]]:
    """The streets that these observations name."""
    query = select(_STREET).where(_STREET.c.observation.in_(numbers))
    return list(connection.execute(query.order_by(_STREET.c.observation, _STREET.c.street)))


def merge(connection: Connection, number: UUID, into: UUID) -> None:
    """Say that one tells of the same as another one, and with it what was merged into it."""
    mine = (_SEEN.c.id == number) | (_SEEN.c.merged_into == number)
    connection.execute(update(_SEEN).where(mine).values(merged_into=into))
