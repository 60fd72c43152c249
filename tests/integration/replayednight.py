"""A night of the fictional town, recorded while it happened, and laid out over hours afterwards."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Final

from sqlalchemy import Engine
from sqlalchemy import text as sql

from data.database import transaction
from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from operations.planning.planner import Planner
from operations.replay.recording import Recorder
from operations.serving import utc_now
from shelters.place import Opening

STEP: Final = timedelta(minutes=10)
"""Between two of its turns."""
BEGAN: Final = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
"""21:00 in Japan."""
_MOMENTS: Final = {
    "plan_version": ("published_at", "numbered_at"),
    "evacuation_order": ("begun_at", "ended_at"),
    "closure": ("begun_at", "ended_at"),
    "site_opening": ("begun_at", "ended_at"),
    "observed_water": ("begun_at", "ended_at"),
    "change": ("at",),
}

Turn = Callable[[Engine], object]


def level(level: AlertLevel, *names: str) -> Turn:
    """An order."""
    return lambda engine: changes.set_level(engine, HazardKind.FLOOD, level, areas=names)


def opened(site: str, opening: Opening = Opening.OPEN) -> Turn:
    """A place."""
    return lambda engine: changes.open_site(engine, site, opening)


def a_night(engine: Engine, state: Path, turns: Sequence[Turn], began: datetime = BEGAN) -> None:
    """Each turn happens, is planned and recorded; then they are `STEP` apart from `began` on."""
    planner, elapsed = Planner(engine, state), count(step=600)
    recorder = Recorder(engine, elapsed=lambda: float(next(elapsed)))
    planner.catch_up()
    at = [_turn(engine, planner, recorder, number, turn) for number, turn in enumerate(turns)]
    _lay_out(engine, at, began)


def _turn(
    engine: Engine, planner: Planner, recorder: Recorder, number: int, turn: Turn
) -> datetime:
    before = utc_now()
    turn(engine)
    planner.catch_up()
    assert recorder.look(utc_now() + number * STEP)
    return before


def _lay_out(engine: Engine, at: Sequence[datetime], began: datetime) -> None:
    """Moments between two turns move with the first of them."""
    ends = [*at[1:], at[-1] + timedelta(hours=1)]
    columns = [(table, one) for table, names in _MOMENTS.items() for one in names]
    with transaction(engine, latest=True) as connection:
        for number, (first, last) in reversed(list(enumerate(zip(at, ends, strict=True)))):
            given = {"first": first, "last": last, "to": began + number * STEP}
            for table, column in (*columns, ("replay_frame", "at")):
                query = f"UPDATE {table} SET {column} = CAST(:to AS timestamptz)"  # noqa: S608
                where = f" WHERE {column} >= :first AND {column} < :last"
                connection.execute(sql(query + where), given)
