"""Snapshots of 川の水位情報: what they say of the city's gauges, by code or by name and place."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from city.position import Position
from city.staff import Caller
from data import waterlevels
from data.database import transaction
from data.readers.riverfile import RiverRow, read_river_file
from data.rows import current_load
from hazards.gauge import Gauge
from hazards.levelunits import Unit
from operations.observing.gauges import MOST, GivenReading, take_readings
from operations.observing.sensors import add_sensor, find_gauges, gauges_of

SAME_PLACE_M: Final = 1000.0
"""A gauge of the same name farther away is another river's."""


@dataclass(frozen=True, slots=True)
class RiverTaken:
    """What became of a file: `elsewhere` rows are of no gauge of the city, `faults` tell of rows
    that cannot be used, `lines` of what was set aside and of what was shut.
    """

    new: int
    known: int
    elsewhere: int
    faults: list[str]
    lines: list[str]


def take_river_file(engine: Engine, by: Caller, path: Path, now: datetime) -> RiverTaken:
    """Take a file's readings in, each once; raises `BrokenSource`."""
    rows, faults = read_river_file(path)
    by_sensor = _by_sensor(engine, by, rows, now)
    new = known = 0
    lines = []
    for sensor, mine in by_sensor.items():
        given = [GivenReading(row.measured_at, row.level_m, Unit.METRE) for row in mine]
        for first in range(0, len(given), MOST):
            taken = take_readings(engine, by, sensor, given[first : first + MOST], now=now)
            new += taken.new
            known += len(given[first : first + MOST]) - taken.new
            reasons = dict.fromkeys(one.reason for one in taken.judged if one and one.reason)
            lines += [f"{mine[0].name}: 使いません — {reason}" for reason in reasons]
            lines += [f"{mine[0].name}: 報告 {number}（通行止め）" for number in taken.reports]
    elsewhere = len(rows) - sum(map(len, by_sensor.values()))
    return RiverTaken(new, known, elsewhere, faults, lines)


def _by_sensor(
    engine: Engine, by: Caller, rows: Sequence[RiverRow], now: datetime
) -> dict[int, list[RiverRow]]:
    """The rows of each sensor; a gauge of the city that comes for the first time gets one."""
    with transaction(engine) as connection:
        load = current_load(connection)
        gauges = gauges_of(connection, load)
        numbers = {
            row.code: row.id for row in waterlevels.sensors(connection, load.code) if row.code
        }
    found: dict[int, list[RiverRow]] = defaultdict(list)
    for row in rows:
        gauge = None if row.code in numbers else gauge_of(gauges, row)
        if gauge is not None:
            numbers[row.code], _ = add_sensor(
                engine,
                by,
                name=f"川の水位情報 {row.code}"[:40],
                gauge=gauge.name,
                river=gauge.river,
                code=row.code,
                now=now,
            )
        if row.code in numbers:
            found[numbers[row.code]].append(row)
    return found


def gauge_of(gauges: list[Gauge], row: RiverRow) -> Gauge | None:
    """The city's gauge that a row is of, by its name and place: bridges of one name are many."""
    named = find_gauges(gauges, row.name)
    here = row.position
    if here is not None:
        named = [one for one in named if _apart_m(one.position, here) <= SAME_PLACE_M]
    return named[0] if len(named) == 1 else None


def _apart_m(one: Position, other: Position) -> float:
    """Metres between two near positions, on a sphere laid flat."""
    north = math.radians(one.lat - other.lat)
    east = math.radians(one.lon - other.lon) * math.cos(math.radians(one.lat))
    return 6_371_000 * math.hypot(north, east)
