"""How soon everybody is told: from a recorded change to the plan that is served, and onto paper.

Real processes over PostGIS: the whole city under a flood order of level 4, its planner beside it.
"""

import subprocess
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any, Final

import numpy as np
from sqlalchemy import text as sql

from city.staff import CONSOLE
from data import inforce, mapped
from data.database import transaction
from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from operations.household.turnouts import clear_turnout, set_turnout, turnout_now
from operations.serving import CurrentVersion
from tests.benchmarks.loads import Loaded
from tests.benchmarks.machine import busy, cpu_s
from tests.benchmarks.planshappening import KINDS, SEED, Happening, events
from tests.benchmarks.plansprinted import printed_figures
from tests.benchmarks.running import process
from tests.benchmarks.table import Table

EVENTS: Final = 24
BEFORE: Final = 3
"""Events before those that are counted."""
STARTS: Final = 3
TIGHT: Final = 1.1
PATIENCE_S: Final = 120.0
DRAWN_S: Final = 900.0

LAPS: Final = 40
"""Of a computation that is always the same, to tell a slow program from a busy machine."""

Planner = subprocess.Popen[bytes]


@dataclass(frozen=True, slots=True)
class City:
    """A loaded city, and the folder of arrays that its planner publishes into."""

    loaded: Loaded

    def current(self) -> CurrentVersion:
        """What is published now, mapped."""
        found = CurrentVersion(self.loaded.state)
        found.refresh()
        return found

    def recorded(self) -> str:
        """How the name of a version ends that holds the last recorded change."""
        with transaction(self.loaded.engine) as connection:
            return f"-{inforce.last_change(connection)[1][:8]}"

    def until_drawn(self) -> None:
        """Map tiles are drawn once a load, beside the planner: not on a night like this."""
        self._until(time.perf_counter(), self.current().tiles.is_file, DRAWN_S)

    def until_published(self, began: float) -> float:
        """Seconds from then until what is recorded is published."""
        ends = self.recorded()
        return self._until(began, lambda: mapped.current_name(self._arrays).endswith(ends))

    def until_checked(self, began: float) -> float:
        """Seconds from then until the planner has noted that what is recorded is published."""
        ends = self.recorded()

        def noted() -> bool:
            name = mapped.current_name(self._arrays)
            return name.endswith(ends) and mapped.last_checked(self._arrays, name) is not None

        return self._until(began, noted)

    def _until(self, began: float, holds: Callable[[], bool], limit_s: float = PATIENCE_S) -> float:
        while not holds():
            if time.perf_counter() - began > limit_s:
                raise TimeoutError(f"the planner was not ready within {limit_s:.0f} s")
            time.sleep(0.001)
        return time.perf_counter() - began

    @property
    def _arrays(self) -> Path:
        return mapped.home(self.loaded.state)


def published_figures(table: Table, loaded: Loaded) -> None:
    """Order everybody out, then let things happen; restart the planner; the order stays."""
    city = City(loaded)
    changes.set_level(loaded.engine, HazardKind.FLOOD, AlertLevel.ALL_LEAVE)
    with process("planner", loaded.environment) as planner:
        city.until_published(time.perf_counter())
        city.until_drawn()
        happening = events(loaded.engine, city.current().version)
        _event_figures(table, city, planner, happening)
        _tight_figures(table, city)
    _restart_figures(table, city, happening)
    printed_figures(table, loaded)


def _event_figures(table: Table, city: City, planner: Planner, happening: Happening) -> None:
    version = city.current().version
    homes = len(version.plan.homes) if version.plan else 0
    table.subject("published", f"{homes:,} homes under level 4, planner and PostGIS beside it")
    before, noisy = busy(), noise()
    for happen in islice(happening, BEFORE):
        _seconds(city, happen)
    computed = cpu_s(planner.pid)
    seconds = [_seconds(city, happen) for happen in islice(happening, EVENTS)]
    cpu_ms = 1000 * (cpu_s(planner.pid) - computed) / EVENTS
    p50, p95 = np.percentile([1000 * one for one in seconds], [50, 95]).tolist()
    low, high = 1000 * min(seconds), 1000 * max(seconds)
    note = f"({low:.0f} to {high:.0f}; planner's CPU {cpu_ms:.0f} each)"
    table.row("change committed → plan published: p50", p50, "ms", note=note)
    table.row("change committed → plan published: p95", p95, "ms", must=1000, stretch=150)
    table.remark(f"{EVENTS} events: a street closed on somebody's way, a place full, it is open.")
    for kind, name in enumerate(KINDS):
        table.times(f"  {name}", seconds[kind :: len(KINDS)])
    table.remark(f"{before} before, {busy()} after; {noisy}")
    gap = 100 * max(one["gap"] for one in _figures(city, EVENTS))
    table.row("  gap to the proven bound, the worst", gap, "%", must=0.1)


def _tight_figures(table: Table, city: City) -> None:
    """Whole households are hardest to place where they fill the places nearly."""
    engine, version = city.loaded.engine, city.current().version
    assert version.plan is not None
    plan = version.plan.assigned
    more = float(plan.free.sum() / plan.demand.sum()) / TIGHT
    shares = {key: min(share * more, 1) for key, share in asdict(turnout_now(engine)[0]).items()}
    set_turnout(engine, CONSOLE, shares, reason="bench", now=datetime.now(UTC))
    took = city.until_published(time.perf_counter())
    (told,) = _figures(city, 1)
    note = f"({took:.2f} s; {told['no_room']:,} homes without room, {told['expected']:,} expected)"
    what = f"  gap as published, room for {TIGHT} × those who come"
    table.row(what, 100 * told["gap"], "%", must=0.1, note=note)
    clear_turnout(engine, CONSOLE, now=datetime.now(UTC))
    city.until_published(time.perf_counter())


def _figures(city: City, last: int) -> list[dict[str, Any]]:
    """What was published of the last plans."""
    query = sql("SELECT facts->'figures' FROM plan_version ORDER BY number DESC LIMIT :last")
    with transaction(city.loaded.engine) as connection:
        return list(connection.execute(query, {"last": last}).scalars())


def _restart_figures(table: Table, city: City, happening: Happening) -> None:
    """With one change waiting, a planner in a process of its own, from its start."""
    seconds, cpu = [], []
    for happen in islice(happening, STARTS):
        happen()
        began = time.perf_counter()
        with process("planner", city.loaded.environment) as planner:
            seconds.append(city.until_checked(began))
            cpu.append(cpu_s(planner.pid))
    note = f"({min(seconds):.2f} to {max(seconds):.2f}; its CPU {median(cpu):.2f}; {busy()})"
    what = "planner restarted on stored arrays → first plan noted"
    table.row(what, median(seconds), "s", must=2, note=note)


def _seconds(city: City, happen: Callable[[], object]) -> float:
    """From the commit: whoever records a change comes back right after it."""
    happen()
    return city.until_published(time.perf_counter())


def noise() -> str:
    """How much longer the same takes at times, whatever the program does."""
    seconds, table = [], np.random.default_rng(SEED).random(400_000)
    for _ in range(LAPS):
        began = time.perf_counter()
        np.sort(table)
        seconds.append(time.perf_counter() - began)
    p50, p95 = np.percentile(seconds, [50, 95])
    return f"noise: the same computation takes {p95 / p50:.2f} times as long at its p95"
