"""What headquarters sees of the gauges: levels, where they go, what is set aside, who is silent.

Where a level goes stays there: a public flood forecast needs a licence (`safety.md` 10).
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Engine, Row

from data import waterlevels
from data.database import transaction
from data.rows import current_load
from hazards.gauge import Gauge
from hazards.gaugerules import GaugeRule
from hazards.waterstate import WaterState, reached, silent_since
from operations.observing.gauges import LOOKED_AT, rules_of, state_of
from operations.observing.sensors import gauges_of

SHOWN: Final = 20
"""Readings that were set aside, the newest first."""
NO_GAUGE: Final = "この観測所は、いまの市のデータに無いか、2か所あります。値は判断に使われません"


@dataclass(frozen=True, slots=True)
class Silent:
    """A sensor of which nothing came for longer than it may be."""

    sensor: int
    name: str
    gauge: str
    since: datetime


def silent_sensors(engine: Engine, now: datetime) -> list[Silent]:
    """Sensors that are silent, the longest first; those that were stopped are left out."""
    found = []
    with transaction(engine) as connection:
        load = current_load(connection)
        for row in waterlevels.sensors(connection, load.code):
            last = waterlevels.last_measured(connection, row.id)
            since = None if row.stopped_at else _silent(row, last, now)
            if since is not None:
                found.append(Silent(row.id, row.name, row.gauge, since))
    return sorted(found, key=lambda one: one.since)


def gauges_now(engine: Engine, now: datetime) -> dict[str, Any]:
    """Every gauge of the city with its sensors and rules, and sensors whose gauge is not there."""
    with transaction(engine) as connection:
        load = current_load(connection)
        gauges, rules = gauges_of(connection, load), rules_of(load)
        sensors: dict[Gauge | None, list[dict[str, Any]]] = {}
        states: dict[Gauge, list[WaterState]] = {}
        for row in waterlevels.sensors(connection, load.code):
            found = state_of(connection, gauges, row, now - LOOKED_AT)
            gauge, state = found or (None, None)
            last = waterlevels.last_measured(connection, row.id)
            sensors.setdefault(gauge, []).append(_sensor(row, state, last, now))
            if gauge and state and row.stopped_at is None:
                states.setdefault(gauge, []).append(state)
    return {
        "as_of": now.isoformat(timespec="seconds"),
        "gauges": [_gauge(one, sensors.get(one, []), states.get(one, []), rules) for one in gauges],
        "without_gauge": sensors.get(None, []),
        "rules_without_gauge": [
            _rule_words(one) for one in rules if not any(one.is_of(gauge) for gauge in gauges)
        ],
    }


def _gauge(
    gauge: Gauge,
    sensors: list[dict[str, Any]],
    states: list[WaterState],
    rules: tuple[GaugeRule, ...],
) -> dict[str, Any]:
    return {
        "name": gauge.name,
        "river": gauge.river,
        "lat": gauge.position.lat,
        "lon": gauge.position.lon,
        "levels_m": {
            "standby": gauge.standby_m,
            "caution": gauge.caution_m,
            "evacuation": gauge.evacuation_m,
            "danger": gauge.danger_m,
            "overflow": gauge.overflow_m,
        },
        "sensors": sensors,
        "rules": [_rule(one, gauge, states) for one in rules if one.is_of(gauge)],
    }


def _rule(rule: GaugeRule, gauge: Gauge, states: list[WaterState]) -> dict[str, Any]:
    threshold_m = rule.threshold_m(gauge)
    is_reached = threshold_m is not None and any(
        reached(state.believed, threshold_m) is not None for state in states
    )
    said = _rule_words(rule) | {"threshold_m": threshold_m, "reached_lately": is_reached}
    if threshold_m is None:
        said["problem"] = f"{rule.level_words}が観測所のデータに無いので、この規則は働きません"
    return said


def _rule_words(rule: GaugeRule) -> dict[str, Any]:
    return {
        "gauge": rule.gauge,
        "shuts": rule.where_words,
        "level": rule.level_words,
        "kind": rule.kind,
        "problem": "",
    }


def _sensor(
    row: Row[Any], state: WaterState | None, last: datetime | None, now: datetime
) -> dict[str, Any]:
    silent = None if row.stopped_at else _silent(row, last, now)
    return {
        "number": row.id,
        "name": row.name,
        "gauge": row.gauge,
        "purpose": row.purpose,
        "code": row.code,
        "unit": row.unit,
        "stopped_at": _iso(row.stopped_at),
        "heard_at": _iso(row.heard_at),
        "silent_since": _iso(silent),
        **(_state(state, now) if state else {"state": "unknown", "word": NO_GAUGE}),
    }


def _state(state: WaterState, now: datetime) -> dict[str, Any]:
    newest = state.newest
    aside = [one for one in reversed(state.judged) if not one.credible]
    return {
        "state": "unknown" if newest is None else (state.at.removesuffix("_m") if state.at else ""),
        "word": state.word,
        "level_m": newest.level_m if newest else None,
        "measured_at": _iso(newest.measured_at) if newest else None,
        "age_s": round((now - newest.measured_at).total_seconds()) if newest else None,
        "trend_m_h": state.trend_m_h,
        "set_aside": [
            {
                "measured_at": _iso(one.reading.measured_at),
                "level_m": one.reading.level_m,
                "reason": one.reason,
            }
            for one in aside[:SHOWN]
        ],
        "set_aside_counts": dict(Counter(one.reason for one in aside)),
    }


def _silent(row: Row[Any], last: datetime | None, now: datetime) -> datetime | None:
    return silent_since(last, row.added_at, now, timedelta(minutes=row.silent_after_min))


def _iso(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None
