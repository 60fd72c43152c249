"""Gauges with where they go, and observed water that is in force."""

import json
from datetime import datetime, timedelta
from typing import Any

import shapely
from geoalchemy2.shape import to_shape
from sqlalchemy import Row

from data import inforce, tables, waterlevels
from hazards.gauge import Gauge
from hazards.waterstate import WaterState, silent_since
from operations.alerts.blast import DRAWN_TO
from operations.board.look import Line, Look, Section, iso, remembered
from operations.observing.gauges import LOOKED_AT, state_of
from operations.observing.sensors import gauges_of
from operations.planning.held import water_waiting

NO_SENSOR = "観測機器がつながっていません"
SEEN = "浸水"
DIGITS = 5


def gauges(look: Look) -> Section:
    """The gauges of the city, each by the sensor that measured last."""
    there = gauges_of(look.connection, look.load)
    sensors: dict[Gauge, list[tuple[Row[Any], WaterState, datetime | None]]] = {}
    for row in waterlevels.sensors(look.connection, look.code):
        if row.stopped_at is None:
            found = state_of(look.connection, there, row, look.now - LOOKED_AT)
            if found is not None:
                last = waterlevels.last_measured(look.connection, row.id)
                silent = silent_since(
                    last, row.added_at, look.now, timedelta(minutes=row.silent_after_min)
                )
                sensors.setdefault(found[0], []).append((row, found[1], silent))
    rows: Section = {}
    for gauge in there:
        key = gauge.name if gauge.name not in rows else f"{gauge.name}（{gauge.river}）"
        rows[key] = _gauge(gauge, sensors.get(gauge, []))
    return rows


def water(look: Look) -> Section:
    """Water that somebody saw, in force or held back for a person (`held`)."""
    held = water_waiting(look.connection, look.code)
    rows = inforce.standing(look.connection, tables.observed_water, look.code)
    return {str(row.id): _water(look, row) | {"held": row.id in held} for row in rows}


def geojson(shape: Any) -> Any:
    """A shape as GeoJSON has it, by the metre."""
    return json.loads(shapely.to_geojson(shapely.set_precision(shape, 10**-DIGITS)))


def _gauge(gauge: Gauge, sensors: list[tuple[Row[Any], WaterState, datetime | None]]) -> Line:
    known = [one for one in sensors if one[1].newest is not None]
    newest = max(known, key=lambda one: one[1].newest.measured_at, default=None)  # type: ignore[union-attr]
    state = newest[1] if newest else None
    reading = state.newest if state else None
    # Of several sensors one that speaks is enough to know the level.
    silent = [since for _, _, since in sensors if since is not None]
    return {
        "name": gauge.name,
        "river": gauge.river,
        "lat": round(gauge.position.lat, 5),
        "lon": round(gauge.position.lon, 5),
        "level_m": reading.level_m if reading else None,
        "danger_m": gauge.danger_m,
        "caution_m": gauge.caution_m,
        "evacuation_m": gauge.evacuation_m,
        "trend_m_h": state.trend_m_h if state else None,
        "measured_at": iso(reading.measured_at) if reading else None,
        "word": state.word if state else (sensors[0][1].word if sensors else NO_SENSOR),
        "state": (state.at or "").removesuffix("_m") if state else "unknown",
        "silent_since": iso(min(silent)) if silent and len(silent) == len(sensors) else None,
        "sensors": len(sensors),
    }


def _water(look: Look, row: Row[Any]) -> Line:
    def read() -> Any:
        return geojson(shapely.simplify(to_shape(row.geom), DRAWN_TO))

    area = remembered(("water", look.token, row.id, row.begun_at), read)
    # What a person called it may name people: it stays on the page where it is decided.
    return {"id": row.id, "source": SEEN, "at": iso(row.begun_at), "area": area}
