"""A run of a night is asked for, computed by a process of its own, followed, cancelled."""

import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, Row

from data import replayruns
from data.database import transaction
from data.errors import DataError, NotThere
from data.places.placerows import site_ids
from data.replayruns import RunState
from data.rows import current_load
from operations.errors import Refused
from operations.replay.again import change_from, check_sites, compare, read_night
from operations.replay.nights import get_night
from routing.errors import RoutingError

SAYS_EACH_S: Final = 1.0
BUSY: Final = "別の計算が動いています。終わるのを待つか、止めてください（another run is under way）"
BROKEN: Final = "計算できませんでした。もう一度試してください（the run failed）"
Start = Callable[[Engine, Path, int], None]

log = logging.getLogger("nigemichi.replay")


class _Cancelled(Exception):
    """Somebody told the run to end."""


def start_process(engine: Engine, arrays: Path, number: int) -> None:
    """Compute a run beside the server; `go` has a low priority, so that nothing waits for it."""
    command = [sys.executable, "-m", "operations.cli", "replay", "go", str(number)]
    url = engine.url.render_as_string(hide_password=False)
    subprocess.Popen(  # noqa: S603  our own program
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=Path(__file__).parents[2],
        env=os.environ | {"DATABASE_URL": url, "NIGEMICHI_STATE": str(arrays.parent)},
        start_new_session=True,
    )


def ask(
    engine: Engine,
    arrays: Path,
    day: date | None,
    change: dict[str, Any],
    by: str,
    start: Start | None = None,
) -> int:
    """Begin a run; returns its number. Raises `Refused` while another is under way or where the
    change is none, `NotThere` where nothing of that night is kept.
    """
    given = change_from(change)
    with transaction(engine, latest=True) as connection:
        night = get_night(connection, day)
        load = current_load(connection)
        check_sites(given, site_ids(connection, load))
        number = replayruns.add_run(connection, load.code, night.day, change, by)
    if number is None:
        raise Refused(BUSY)
    try:
        (start or start_process)(engine, arrays, number)
    except OSError as error:
        _end(engine, number, RunState.FAILED, why=BROKEN)
        log.exception("run %d of a night was not begun", number)
        raise Refused(BROKEN) from error
    return number


def perform(engine: Engine, arrays: Path, number: int) -> None:
    """Compute a run that was asked for; whatever happens is written down."""
    try:
        result = _computed(engine, arrays, number)
    except _Cancelled:
        return
    except (Refused, NotThere, DataError, RoutingError) as error:
        _end(engine, number, RunState.FAILED, why=str(error))
    except Exception:
        _end(engine, number, RunState.FAILED, why=BROKEN)
        log.exception("run %d of a night failed", number)
        raise
    else:
        _end(engine, number, RunState.DONE, result=result)


def cancel(engine: Engine, number: int) -> None:
    """Tell a run to end; raises `Refused` where it had ended."""
    with transaction(engine, latest=True) as connection:
        if not replayruns.end_run(connection, number, RunState.CANCELLED):
            raise Refused("もう終わっています（it had ended already）")


def find(engine: Engine, day: date | None) -> dict[str, Any] | None:
    """The newest run of a night, None where none was asked for. Raises `NotThere`."""
    with transaction(engine) as connection:
        night = get_night(connection, day)
        row = replayruns.newest_run(connection, current_load(connection).code, night.day)
    return run_table(row) if row else None


def run_table(row: Row[Any]) -> dict[str, Any]:
    """A run as plain values."""
    return {
        "number": row.id,
        "day": row.day.isoformat(),
        "state": row.state,
        "done": row.done,
        "of": row.turns,
        "why": row.why,
        "change": row.change,
        "begun_at": row.begun_at.isoformat(),
        "result": row.result,
    }


def _computed(engine: Engine, arrays: Path, number: int) -> dict[str, Any]:
    said = [0.0]

    def step(done: int, of: int) -> None:
        if done < of and time.monotonic() - said[0] < SAYS_EACH_S:
            return
        said[0] = time.monotonic()
        with transaction(engine, latest=True) as connection:
            if not replayruns.say_done(connection, number, done, of):
                raise _Cancelled

    step(0, 1)
    with transaction(engine) as connection:
        row = replayruns.find_run(connection, number)
        if row is None:
            raise NotThere(f"there is no run {number}")
        read = read_night(connection, arrays, get_night(connection, row.day), lambda: step(0, 1))
    return compare(read, change_from(row.change), step)


def _end(engine: Engine, number: int, state: RunState, **more: Any) -> None:
    with transaction(engine, latest=True) as connection:
        replayruns.end_run(connection, number, state, **more)
