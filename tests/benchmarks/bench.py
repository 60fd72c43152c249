"""`./dev bench`: the figures that the design promises, beside their peers, in one run.

Medians (and the range) of interleaved runs; the machine is named, and what is missed is marked.
Everything stays on loopback, in a temporary folder and a database of its own, and ends by itself.
"""

import argparse
import os
import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from data.city_rows import CityRows
from data.cityfile import CityFile, read_city_file
from data.groundwork import ground_of
from data.report import LoadReport
from data.sources import read_sources
from tests.benchmarks.boards import board_figures
from tests.benchmarks.cities import NAMES, City, NotHere, city
from tests.benchmarks.counts import count_figures
from tests.benchmarks.fields import field_figures
from tests.benchmarks.guidance import calm, doors, guidance_figures
from tests.benchmarks.loads import loaded
from tests.benchmarks.losing import losing_figures
from tests.benchmarks.machine import machine
from tests.benchmarks.opens import open_figures
from tests.benchmarks.plans import plan_figures
from tests.benchmarks.polygons import polygon_figures
from tests.benchmarks.published import published_figures
from tests.benchmarks.replays import replay_figures
from tests.benchmarks.reporting import reporting_figures
from tests.benchmarks.sending import sending_figures
from tests.benchmarks.served import served_figures
from tests.benchmarks.sockets import socket_figures
from tests.benchmarks.table import Table

LIVE = ("sockets", "counts", "opens", "sending")
"""What is measured on one server, whichever the city."""
SUBJECTS = (
    "load",
    "served",
    "reporting",
    "field",
    "polygons",
    "guidance",
    "plan",
    "losing",
    "replay",
    "board",
    *LIVE,
)
PLANNED = ("porto", "fictional")
"""Cities large enough for the figures of the plan."""
PEOPLED = "fictional"
"""The one of them of which it is known who lives where: its plan is published, too."""
UBE_MB, WHOLE_CITY_MB = (400, None), (600, 400)


def main() -> None:
    """Print one table a city, before them that of one server at its limits."""
    asked = _arguments()
    subjects = {asked.only} if asked.only else set(SUBJECTS)
    print(machine(), flush=True)
    with TemporaryDirectory(dir=_scratch(), prefix="bench-") as scratch:
        if subjects & set(LIVE):
            _live(Table("one server"), subjects, Path(scratch), asked.seconds)
        if asked.only in LIVE:
            return
        for name in NAMES if asked.city == "all" else (asked.city,):
            began = time.perf_counter()
            try:
                found = city(name, Path(scratch) / name)
            except NotHere as why:
                print(f"\n## {name}: not measured: {why}", flush=True)
                continue
            _measure(found, subjects, Path(scratch) / name)
            print(f"\n({time.perf_counter() - began:.0f} s)", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("--city", choices=[*NAMES, "all"], default="ube")
    parser.add_argument("--only", choices=SUBJECTS, help="measure this subject alone")
    parser.add_argument(
        "--seconds", type=int, default=20, help="how long pages are opened at the promised rate"
    )
    return parser.parse_args()


def _scratch() -> Path | None:
    state = os.environ.get("NIGEMICHI_STATE")
    if state:
        Path(state).mkdir(parents=True, exist_ok=True)
    return Path(state) if state else None


def _live(table: Table, subjects: set[str], scratch: Path, seconds: int) -> None:
    if "sockets" in subjects:
        socket_figures(table, scratch)
    if "counts" in subjects:
        count_figures(table, scratch)
    if "opens" in subjects:
        open_figures(table, scratch, seconds)
    if "sending" in subjects:
        sending_figures(table, scratch)


def _measure(found: City, subjects: set[str], scratch: Path) -> None:
    table = Table(found.title)
    file, rows = read_city_file(found.path), None
    state = scratch / "state"
    state.mkdir(parents=True)
    published = "plan" in subjects and found.name == PEOPLED
    replayed = "replay" in subjects and found.name == PEOPLED
    looked_at = "board" in subjects and found.name == PEOPLED
    if published or replayed or looked_at or subjects & {"load", "served", "reporting"}:
        with ExitStack() as stack:
            served = stack.enter_context(loaded(table, found, state))
            rows = served.rows()
            if "served" in subjects:
                places = doors(ground_of(file.card, file.rules, rows), 2000)
                memory_mb = WHOLE_CITY_MB if found.must_s else UBE_MB
                served_figures(table, served, places, memory_mb)
            if "reporting" in subjects and found.name == PEOPLED:
                reporting_figures(table, served, doors(ground_of(file.card, file.rules, rows), 400))
            if published:
                published_figures(table, served)
            if looked_at:
                board_figures(table, served, scratch)
            if replayed:
                replay_figures(table, served)
    if subjects & {"field", "polygons", "guidance", "plan", "losing"}:
        if rows is None or subjects & {"plan", "losing"}:
            rows = _read(file)  # what is read back from the database has no households
        _inside(table, found, file, rows, subjects, scratch)


def _inside(
    table: Table, found: City, file: CityFile, rows: CityRows, subjects: set[str], scratch: Path
) -> None:
    """What is measured inside this process."""
    ground = ground_of(file.card, file.rules, rows)
    version = calm(ground)
    if "field" in subjects:
        field_figures(table, version)
    if "polygons" in subjects:
        polygon_figures(table, ground)
    if "guidance" in subjects:
        guidance_figures(table, file, rows, version, found.pbf, scratch)
    if "plan" in subjects and found.name in PLANNED:
        plan_figures(table, ground, rows.households)
    elif "plan" in subjects:
        table.remark(f"The plan is measured on {' and '.join(PLANNED)} alone (--city).")
    if "losing" in subjects:
        losing_figures(table, ground, rows.households)


def _read(file: CityFile) -> CityRows:
    return read_sources(file, LoadReport(file.card.name), lambda _: None)


if __name__ == "__main__":
    main()
