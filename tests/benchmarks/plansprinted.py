"""A thousand slips for a neighbourhood, from the plan to the PDF, in this process."""

import time
from datetime import UTC, datetime
from itertools import takewhile
from statistics import median
from typing import Final

from sqlalchemy import Engine
from sqlalchemy import text as sql

from city.staff import CONSOLE
from data.database import transaction
from operations.errors import Refused
from operations.planning.whatif import if_all_leave
from operations.serving import CurrentVersion
from operations.sheets.printing import Print, print_sheets
from tests.benchmarks.loads import Loaded
from tests.benchmarks.machine import busy
from tests.benchmarks.table import Table

SLIPS: Final = 1000
ROUNDS: Final = 3
_ADDRESS: Final = "https://nigemichi.example.jp"
_WHAT: Final = f"{SLIPS:,} slips with their codes and maps, guided and typeset"


def printed_figures(table: Table, loaded: Loaded) -> None:
    """Of whole 町丁目 with that many homes at least, scaled to that many."""
    current = CurrentVersion(loaded.state)
    current.refresh()
    asked, now = Print(_areas(loaded.engine), _ADDRESS, sheets=False), datetime.now(UTC)
    began = time.perf_counter()
    with transaction(loaded.engine) as connection:
        night = if_all_leave(connection, current.ground_folder, current.version, asked.hazards, now)
    table.row("the plan for paper, once for all slips", time.perf_counter() - began, "s")
    seconds, cpu, slips, size_mb = list[float](), list[float](), 0, 0.0
    for turn in range(ROUNDS):
        target = loaded.state / f"slips-{turn}.pdf"
        began, computed = time.perf_counter(), time.process_time()
        try:
            done = print_sheets(
                loaded.engine,
                current,
                CONSOLE,
                asked,
                target,
                planned=night.place,
                night=night.version,
                progress=lambda _: None,
                now=now,
            )
        except Refused as why:
            table.row(_WHAT, "-", note=str(why))
            return
        seconds.append(time.perf_counter() - began)
        cpu.append(time.process_time() - computed)
        slips, size_mb = done.slips, target.stat().st_size / 2**20
    scaled = [SLIPS / slips * one for one in seconds]
    note = f"({min(scaled):.2f} to {max(scaled):.2f}; CPU {SLIPS / slips * median(cpu):.2f}; "
    note += f"{slips:,} printed, {size_mb:.1f} MB; {busy()})"
    table.row(_WHAT, median(scaled), "s", must=10, stretch=3, note=note)


def _areas(engine: Engine) -> list[str]:
    """The first 町丁目 that together have enough homes."""
    query = sql(
        "SELECT area.name, sum(count(*)) OVER (ORDER BY area.name) - count(*) AS before"
        " FROM household JOIN area ON area.load_id = household.load_id AND area.kind = 'chome'"
        " AND area.number = household.area JOIN city_load ON city_load.id = area.load_id"
        " WHERE city_load.current GROUP BY area.name ORDER BY area.name"
    )
    with transaction(engine) as connection:
        rows = connection.execute(query).all()
    return [row.name for row in takewhile(lambda row: row.before < SLIPS, rows)]
