"""Streets that are shut, and what the field reports that still counts."""

from collections.abc import Collection, Mapping
from typing import Any, Final

import shapely
from geoalchemy2.shape import to_shape
from sqlalchemy import ColumnElement, Row, func, select

from data import tables
from data.observing import closures as closed
from data.observing import observations as seen
from hazards.closure import ClosureBasis
from hazards.evidence import is_corroborated
from hazards.observation import (
    AUTHENTICATED,
    KIND_WORDS,
    LIVE,
    STATE_WORDS,
    ObservationKind,
    ObservationState,
)
from operations.board.look import Line, Look, Section, iso
from operations.board.streetnames import street_of

MOST: Final = 500
"""Reports on the board: those of known sources before all others, the newest first; the row of the
city says how many more there are."""
BASIS_WORDS: Final[Mapping[ClosureBasis, str]] = {
    ClosureBasis.ORDER: "通行止め",
    ClosureBasis.SUSPENDED: "一時停止（未確認）",
    ClosureBasis.CONFIRMED: "通行止め（確認ずみ）",
}
BY_WATER, ORDERED = "浸水", "本部の判断"
NOT_SHOWN: Final = frozenset({ObservationKind.RESCUE, ObservationKind.ISOLATED})
"""Where somebody waits is where somebody lives: they are counted (`rescues`), not drawn."""


def closures(look: Look) -> Section:
    """All standing closures, by order and by reports; `called` tells those without a name apart."""
    table = tables.closure
    query = select(table).where(table.c.city_code == look.code, table.c.ended_at.is_(None))
    rows = look.connection.execute(query.order_by(table.c.id)).all()
    names = closed.street_names(look.connection, [row.id for row in rows if row.street])
    behind = seen.behind(look.connection, [row.street for row in rows if row.street])
    which = {row.id: street_of(look.connection, look.load, row) for row in rows}
    return {
        str(row.id): {
            "id": row.id,
            "reason": _reason(row),
            "basis": row.basis,
            "word": BASIS_WORDS[ClosureBasis(row.basis)],
            "street": names.get(row.id) or which[row.id].name,
            "called": which[row.id].called,
            "at": iso(row.begun_at),
            "reviewed_at": iso(row.reviewed_at),
            "reports": len(behind.get(row.street, ())),
            "moving": row.moving,
            "by_water": row.by_water,
            "line": shapely.get_coordinates(to_shape(row.geom)).round(5).tolist(),
        }
        for row in rows
    }


def observations(look: Look) -> Section:
    """Reports that count or may count, without anybody's words."""
    table = tables.observation
    known = table.c.source_kind.in_(AUTHENTICATED) & (table.c.source != "")
    query = select(table).where(*_shown(look))
    query = query.order_by(known.desc(), table.c.received_at.desc(), table.c.id).limit(MOST)
    rows = look.connection.execute(query).all()
    streets: dict[Any, list[str]] = {}
    for row in seen.streets_of(look.connection, [row.id for row in rows]):
        streets.setdefault(row.observation, []).append(row.street)
    alike = _corroborated(look, {one for mine in streets.values() for one in mine})
    return {
        str(row.id): _observation(row, any(one in alike for one in streets.get(row.id, ())))
        for row in rows
    }


def left_out(look: Look) -> Section:
    """How many reports there are beyond those listed: more of the row of the city."""
    query = select(func.count()).select_from(tables.observation).where(*_shown(look))
    found = look.connection.execute(query).scalar_one()
    return {"city": {"reports_left": max(0, found - MOST)}}


def _shown(look: Look) -> tuple[ColumnElement[bool], ...]:
    table = tables.observation
    return (
        table.c.city_code == look.code,
        table.c.state.in_(LIVE),
        table.c.merged_into.is_(None),
        table.c.set_aside == "",
        table.c.kind.not_in(NOT_SHOWN),
    )


def _reason(row: Row[Any]) -> str:
    """What was reported, in the words of its kind; what a person typed may name people."""
    if row.street is not None and row.basis != ClosureBasis.ORDER:
        kind = row.reason.partition("（")[0]
        if kind in KIND_WORDS.values():
            return str(kind)
    return BY_WATER if row.by_water else ORDERED


def _corroborated(look: Look, streets: Collection[str]) -> set[str]:
    """The streets of which two sources tell one thing; a single report tells it alone."""
    table = tables.observation_street
    query = select(table.c.street).where(table.c.street.in_(streets)).group_by(table.c.street)
    several = list(look.connection.scalars(query.having(func.count() > 1))) if streets else []
    found = seen.evidence(look.connection, several) if several else {}
    return {key for key, rows in found.items() if is_corroborated([one for _, one in rows])}


def _observation(row: Row[Any], corroborated: bool) -> Line:
    state = ObservationState(row.state)
    if state is ObservationState.REPORTED and corroborated:
        state = ObservationState.CORROBORATED
    at = to_shape(row.geom).representative_point()
    return {
        "id": str(row.id),
        "kind": row.kind,
        "word": KIND_WORDS[ObservationKind(row.kind)],
        "state": state,
        "state_word": STATE_WORDS[state],
        "source_kind": row.source_kind,
        "at": iso(row.seen_at),
        "lat": round(at.y, 5),
        "lon": round(at.x, 5),
    }
