"""Steps of a load in a process of their own: its wall clock, its stages, its peak of memory.

Run as `python -m tests.benchmarks.children STEP PATH`; it writes lines of JSON.
"""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson

from tests.benchmarks.machine import peak_mb

ROOT = Path(__file__).parents[2]
TIMEOUT_S = 900


class StepFailed(Exception):
    """What a step that failed has said."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a child told: `cpu_s` of its own, without the database; `said` are (seconds since it
    was started, progress line)."""

    seconds: float
    cpu_s: float
    peak_mb: float
    said: tuple[tuple[float, str], ...]
    result: str


def child(step: str, path: str, environment: Mapping[str, str] | None = None) -> Told:
    """Run a step to its end. Raises `StepFailed` with the last lines that it wrote."""
    began, wall = time.perf_counter(), time.time()
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.children", step, path],
        cwd=ROOT,
        env=os.environ | (environment or {}),
        check=False,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
    )
    seconds = time.perf_counter() - began
    if done.returncode:
        last = "\n".join(done.stderr.strip().splitlines()[-4:])
        raise StepFailed(f"{step} {Path(path).name} ended with {done.returncode}: {last}")
    lines = [orjson.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    said = tuple((line["at"] - wall, line["said"]) for line in lines if "said" in line)
    end = lines[-1]
    return Told(seconds, end["cpu_s"], end["peak_mb"], said, end["result"])


def main(step: str, path: Path) -> None:
    """One step: generate, load, or reload."""
    result = _generate(path) if step == "generate" else _load(path, if_changed=step == "reload")
    _write({"cpu_s": time.process_time(), "peak_mb": peak_mb(), "result": result})


def _generate(directory: Path) -> str:
    from data.fictional.write import write_fictional_city

    return str(write_fictional_city(directory, seed=1))


def _load(path: Path, *, if_changed: bool) -> str:
    from data.database import connect, migrate
    from operations.load_city import load_city

    engine = connect(os.environ["DATABASE_URL"])
    _say("tables")
    migrate(engine)
    report = load_city(engine, path, _say, if_changed=if_changed)
    engine.dispose()
    return "unchanged" if report is None else "loaded"


def _say(what: str) -> None:
    _write({"at": time.time(), "said": what})


def _write(row: object) -> None:
    sys.stdout.buffer.write(orjson.dumps(row) + b"\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
