"""One door's answer inside the process, with few and with many zones, beside Valhalla's route."""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from city.errors import CityError
from city.position import Position
from data.city_rows import CityRows
from data.cityfile import CityFile
from data.groundwork import ground_of
from hazards.kinds import AlertLevel
from operations.planning.making import prepare
from routing.door import Question
from routing.ground import Ground
from routing.guidance import guide
from routing.picture import Picture
from routing.version import PlanVersion
from shelters.place import Opening, SiteState
from tests.benchmarks.polygons import as_zones, blobs
from tests.benchmarks.table import Table
from tests.benchmarks.valhallas import valhalla_figures

NOON = datetime(2026, 10, 10, 12, tzinfo=UTC) - timedelta(hours=9)
DOORS = 2_000
WARM = 100
COUNTS = (100, 1_000, 10_000)


def calm(ground: Ground) -> PlanVersion:
    """A version in which nothing is in force."""
    openings = {site.id: SiteState(Opening.UNCONFIRMED) for site in ground.sites}
    return PlanVersion.of(1, ground, Picture(0, NOON, (), (), (), openings))


def doors(ground: Ground, count: int) -> list[Position]:
    """Random points beside random streets, always the same ones."""
    random = np.random.default_rng(20261010)
    rows = random.integers(0, len(ground.roads.shape_xy), count)
    xy = ground.roads.shape_xy[rows] + random.normal(0, 15, (count, 2))
    return [ground.metres.position(x, y) for x, y in xy.tolist()]


def guidance_figures(
    table: Table, file: CityFile, rows: CityRows, own: PlanVersion, pbf: Path | None, folder: Path
) -> None:
    """The same doors on the city's own zones, and on a fifth of it under ever more polygons."""
    places = doors(own.ground, DOORS)
    table.subject("guidance", f"{DOORS:,} doors, inside the process")
    versions = {"the city's own zones": own}
    for count in COUNTS:
        zones = as_zones(own.ground, blobs(own.ground, count))
        began = time.perf_counter()
        ground = ground_of(file.card, file.rules, replace(rows, zones=zones))
        seconds = time.perf_counter() - began
        table.row(f"ground of the same roads with {count:,} polygons", seconds, "s")
        versions[f"{count:,} polygons"] = calm(ground)
    for version in versions.values():
        prepare(version, NOON)
    times, cpu = _interleaved(list(versions.values()), places)
    cpu_ms = np.median(cpu, axis=1)
    for row, name in enumerate(versions):
        p1, p50, p99 = np.percentile(times[row], [1, 50, 99]).tolist()
        ratio = f"CPU {cpu_ms[row] / cpu_ms[1]:.2f} × {COUNTS[0]} polygons" if row > 1 else ""
        note = f"(p1 {p1:.2f}; p50 of CPU {cpu_ms[row]:.2f})"
        table.row(f"{name}: p50", p50, "ms", must=1, stretch=0.2, ratio=ratio, note=note)
        table.row(f"{name}: p99", p99, "ms")
    table.remark(f"{times.shape[1]:,} doors answered; the polygons cover the same area each time.")
    valhalla_figures(table, own.ground, places, pbf, folder, float(np.median(times[-1])))


def _interleaved(
    versions: Sequence[PlanVersion], places: Sequence[Position]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(versions, doors) milliseconds by the clock and of the CPU, without doors outside."""
    times: list[list[tuple[float, float]]] = []
    for number, place in enumerate([*places[:WARM], *places]):
        question = Question(place, NOON, level=AlertLevel.ALL_LEAVE)
        try:
            row = [_timed(version, question) for version in versions]
        except CityError:
            continue
        if number >= WARM:
            times.append(row)
    by_clock, of_cpu = 1000 * np.array(times).T
    return by_clock, of_cpu


def _timed(version: PlanVersion, question: Question) -> tuple[float, float]:
    began, cpu = time.perf_counter(), time.thread_time()
    guide(version, question)
    return time.perf_counter() - began, time.thread_time() - cpu
