"""From files to a served version: seconds by stage, peak of memory, and loading again."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median

import psycopg
from sqlalchemy import Engine

from data.city_rows import CityRows
from data.database import connect, transaction
from data.rows import current_load, read_city
from tests.benchmarks.children import Told, child
from tests.benchmarks.cities import City
from tests.benchmarks.running import start_once
from tests.benchmarks.table import Table

STAGES = {
    "tables": "tables",
    "reading roads": "reading roads",
    "read ": "reading roads",
    "simplifying": "simplifying",
    "still simplifying": "simplifying",
    "reading elevation": "heights",
    "reading zones": "zones",
    "reading households": "households",
    "placing": "households",
    "checking how": "ground",
    "writing": "writing to the database",
}
"""How the progress line begins with which a stage does."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A city in a database of its own, and published; `environment` is its processes'."""

    engine: Engine
    environment: dict[str, str]
    state: Path

    def rows(self) -> CityRows:
        """The city as the database has it."""
        with transaction(self.engine) as connection:
            return read_city(connection, current_load(connection))


@contextmanager
def loaded(table: Table, city: City, state: Path) -> Iterator[Loaded]:
    """Load a city into a fresh database and publish it, and print what that took."""
    with _database() as url:
        environment = os.environ | {"DATABASE_URL": url, "NIGEMICHI_STATE": str(state)}
        table.subject("load", "each step in a process of its own, started anew")
        told = child("load", str(city.path), environment)
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "operations.cli", "planner", "--once"],
            env=environment,
            check=True,
            capture_output=True,
            timeout=600,
        )
        planner_s = time.perf_counter() - began
        starts = [start_once(environment) for _ in range(3)]
        _print_stages(table, city, told, planner_s, median(starts))
        table.row("peak of memory while loading", told.peak_mb, "MB")
        again = child("reload", str(city.path), environment)
        note = "" if again.result == "unchanged" else "NOT TAKEN AS UNCHANGED: loaded anew"
        table.row("loading unchanged sources again", again.seconds, "s", must=15, note=note)
        engine = connect(url)
        try:
            yield Loaded(engine, environment, state)
        finally:
            engine.dispose()


def _print_stages(table: Table, city: City, told: Told, planner_s: float, ready_s: float) -> None:
    before = 0.0
    if city.generated:
        before = city.generated.seconds
        note = f"(CPU {city.generated.cpu_s:.1f} s, peak {city.generated.peak_mb:,.0f} MB)"
        table.row("generating the files", before, "s", note=note)
    for stage, seconds in stages(told).items():
        table.row(stage, seconds, "s")
    note = f"(CPU {told.cpu_s:.1f} s, without PostgreSQL's)"
    table.row("the load alone", told.seconds, "s", note=note)
    table.row("planner: published", planner_s, "s")
    table.row("server: ready from mapped arrays", ready_s, "s", must=2, stretch=0.5)
    total = before + told.seconds + planner_s + ready_s
    what = "from nothing to a served version" if before else "from files to a served version"
    table.row(what, total, "s", must=city.must_s, stretch=city.stretch_s)


def stages(told: Told) -> dict[str, float]:
    """Seconds by stage, in the order in which they began."""
    begins = [(0.0, "start of the process"), *told.said, (told.seconds, "")]
    stages: dict[str, float] = {"start of the process": 0.0}
    for (at, line), (until, _) in pairwise(begins):
        stage = next((name for head, name in STAGES.items() if line.startswith(head)), "")
        if not stage:
            stage = "other sources" if line.startswith("reading") else "start of the process"
        stages[stage] = stages.get(stage, 0.0) + until - at
    return stages


@contextmanager
def _database() -> Iterator[str]:
    admin = os.environ["NIGEMICHI_TEST_DATABASE_URL"]
    plain = admin.replace("+psycopg", "")
    name = f"bench_{os.getpid()}"
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield admin.replace("/postgres?", f"/{name}?")
    finally:
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
