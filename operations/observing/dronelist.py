"""Headquarters' list of drones' photos: first those of which a person must say what they show."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import shapely
from geoalchemy2.shape import to_shape
from sqlalchemy import Engine, Row

from data import drones
from data.database import transaction
from data.rows import current_load
from hazards.observation import KIND_WORDS, STATE_WORDS, ObservationKind, ObservationState, seen_at

DONE: Final = timedelta(days=2)
"""So long those that wait for nobody stay on the list: since they came, or were set aside."""
FLAT: Final = "平らな地面として計算"
HEIGHTS: Final = "交差点の標高で計算"
NEAR_SLOPES: Final = "崖の近くのため誤差を{more:g}m広げました"
NO_FLIGHT: Final = "飛行の記載なし"


def photos(engine: Engine, now: datetime) -> dict[str, Any]:
    """The list; `waiting` counts all that wait, also those beyond its end."""
    with transaction(engine) as connection:
        code = current_load(connection).code
        rows = drones.listed(connection, code, now, DONE)
        waiting = drones.count_waiting(connection, code)
    return {
        "photos": [_photo(row, now) for row in rows],
        "waiting": waiting,
        "server_now": now.isoformat(timespec="milliseconds"),
    }


def _photo(row: Row[Any], now: datetime) -> dict[str, Any]:
    seen = seen_at(row.taken_at, row.received_at)
    return {
        "sha256": row.sha256,
        "name": row.name,
        "picture": row.picture,
        "target": target(row),
        "footprint": _corners(row.footprint) if row.footprint is not None else None,
        "error_m": None if row.error_m is None else round(row.error_m, 1),
        "reckoned": reckoned(row),
        "taken_at": _at(row.taken_at),
        "received_at": _at(row.received_at),
        "age_s": max(0, round((now - seen).total_seconds())),
        "flight": _flight(row),
        "why_not": row.why_not,
        "kind": row.kind,
        "kind_words": KIND_WORDS[ObservationKind(row.kind)] if row.kind else "",
        "note": row.note,
        "report": None if row.report is None else _report(row),
        "nothing_at": _at(row.nothing_at),
    }


def target(row: Row[Any]) -> list[float] | None:
    """[lon, lat] of what is in its middle, None where nobody knows it."""
    return None if row.geom is None else _corners(row.geom)[0]


def reckoned(row: Row[Any]) -> str:
    """How the target was reckoned, in words; "" where there is none."""
    if row.geom is None:
        return ""
    words = [FLAT if row.flat else HEIGHTS]
    if row.widened_m:
        words.append(NEAR_SLOPES.format(more=row.widened_m))
    return "、".join(words)


def _flight(row: Row[Any]) -> Mapping[str, Any]:
    flight = drones.flight_of(row)
    if flight is None:
        return {"number": None, "right": NO_FLIGHT}
    return {
        "number": row.flight_id,
        "drone": flight.drone,
        "operator": flight.operator,
        "mission": flight.mission,
        "right": flight.right,
    }


def _report(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": str(row.report),
        "kind": row.report_kind,
        "state": row.state,
        "words": STATE_WORDS[ObservationState(row.state)],
    }


def _corners(geom: Any) -> list[list[float]]:
    """Its corners as [lon, lat]."""
    found: list[list[float]] = shapely.get_coordinates(to_shape(geom)).round(6).tolist()
    return found


def _at(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")
