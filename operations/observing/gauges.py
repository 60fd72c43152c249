"""Readings of sensors: each kept once, and where a city's rule is reached its streets are shut.

Nothing here opens a street: a reading below a level means nothing (`safety.md` 6).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row

from city.staff import Caller
from data import waterlevels
from data.database import transaction
from data.rows import current_load
from hazards.gauge import Gauge
from hazards.gaugerules import GAUGE_RULES, GaugeRule, gauge_rules_from
from hazards.levelunits import Unit, is_level, metres
from hazards.observation import CLOCKS_APART
from hazards.readings import NO_LEVEL, STOPPED, TOO_LATE, Judged, Reading, doubt_of
from hazards.waterstate import WaterState, water_state
from operations.bulletins.take_in_level import take_in_level
from operations.errors import Refused
from operations.observing.gaugeshut import shut
from operations.observing.sensors import find_gauges, gauges_of

LOOKED_AT: Final = timedelta(hours=36)
"""What is believed a day late (`hazards.readings.LATE`), and what stands before it."""
MOST: Final = 500
"""Readings at once."""
MOST_LOOKED_AT: Final = 20_000
"""Of one sensor within `LOOKED_AT`: one every seven seconds. What comes beyond is refused."""


@dataclass(frozen=True, slots=True)
class GivenReading:
    """One value as it came; without a unit it is in the sensor's own."""

    at: datetime
    value: float
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class TakenReadings:
    """What became of readings: in their order what was judged of each (None where the city has
    not their gauge), how many are `new`, and the reports that they made.
    """

    judged: list[Judged | None]
    new: int
    reports: list[str]


def take_readings(
    engine: Engine,
    by: Caller,
    sensor: int,
    given: Sequence[GivenReading],
    *,
    now: datetime,
    sent_at: datetime | None = None,
) -> TakenReadings:
    """Keep readings of a sensor and shut what its gauge's rules say; the same ones again change
    nothing. `sent_at`: the device's clock as it sent them.

    Raises `HazardError` for what is no number, `Refused` where there are too many.
    """
    if len(given) > MOST:
        raise Refused(f"一度に送れるのは {MOST} 件までです（at most {MOST} readings at once）")
    since = now - LOOKED_AT
    with transaction(engine, latest=True) as connection:
        row = waterlevels.hold_sensor(connection, sensor)
        if waterlevels.count_since(connection, sensor, since) + len(given) > MOST_LOOKED_AT:
            raise Refused("値が多すぎます。10秒に1回までにしてください（too many readings）")
        before = _newest(connection, row, since)
        kept = [_reading(row, one, now, sent_at) for one in given]
        new = waterlevels.add_readings(connection, sensor, kept)
    with transaction(engine) as connection:
        load = current_load(connection)
        gauges = gauges_of(connection, load)
        found = state_of(connection, gauges, row, since)
        rules = rules_of(load)
    if found is None:
        return TakenReadings([None] * len(kept), new, [])
    gauge, state = found
    due = [] if row.stopped_at else [one for one in rules if one.is_of(gauge)]
    reports = shut(engine, by, row, gauge, state, due, now=now)
    if len(find_gauges(gauges, gauge.name)) == 1:
        _suggest(engine, by, gauge, state, before, now)
    judged = {(one.reading.measured_at, one.reading.level_m): one for one in state.judged}
    # What is older than all that is looked at is too late whatever stands beside it.
    said = [
        judged.get((one.measured_at, one.level_m), Judged(one, one.doubt or TOO_LATE))
        for one in kept
    ]
    return TakenReadings([*said], new, reports)


def state_of(
    connection: Connection, gauges: list[Gauge], sensor: Row[Any], since: datetime
) -> tuple[Gauge, WaterState] | None:
    """A sensor's gauge and what its readings say; None where the city has that gauge no longer, or
    two of them.
    """
    found = find_gauges(gauges, sensor.gauge, sensor.river)
    if len(found) != 1:
        return None
    readings = waterlevels.readings_since(connection, sensor.id, since)
    return found[0], water_state(found[0], readings)


def rules_of(load: Row[Any]) -> tuple[GaugeRule, ...]:
    """The city's rules."""
    return gauge_rules_from(load.settings.get(GAUGE_RULES, []))


def _reading(
    sensor: Row[Any], one: GivenReading, now: datetime, sent_at: datetime | None
) -> Reading:
    unit = Unit(sensor.unit)
    doubt = doubt_of(
        one.at,
        now,
        clock_is_off=sent_at is not None and abs(sent_at - now) > CLOCKS_APART,
        same_unit=one.unit in (None, unit),
    )
    level_m = metres(one.value, one.unit or unit)
    if not is_level(level_m):
        doubt = NO_LEVEL
    if sensor.stopped_at is not None:
        doubt = STOPPED
    return Reading(one.at, level_m, now, doubt)


def _newest(connection: Connection, sensor: Row[Any], since: datetime) -> Reading | None:
    """The last that was believed until now."""
    load = current_load(connection)
    found = state_of(connection, gauges_of(connection, load), sensor, since)
    return found[1].newest if found else None


def _suggest(
    engine: Engine,
    by: Caller,
    gauge: Gauge,
    state: WaterState,
    before: Reading | None,
    now: datetime,
) -> None:
    """Hold what is newly believed against the 発令判断表: it suggests, and orders nothing."""
    newest = state.newest
    if newest is None or state.at is None or (before and newest.measured_at <= before.measured_at):
        return
    take_in_level(
        engine,
        by,
        gauge.name,
        newest.level_m,
        observed_at=newest.measured_at,
        before_m=before.level_m if before else None,
        now=now,
    )
