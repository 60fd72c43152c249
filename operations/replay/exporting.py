"""After a night: its report on paper, its tables, each from the same reading of what is kept.

One at a time in a server: a night is thousands of frames, and the public is answered beside it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from threading import BoundedSemaphore, Lock
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

from data.database import transaction
from data.rows import current_load
from operations.errors import Refused
from operations.replay.looking import DAMAGED
from operations.replay.night import read_told
from operations.replay.nights import Night, get_night
from web.nightsheet.reporting import report_values
from web.nightsheet.tables import night_csv, night_geojson
from web.nightsheet.told import NightTold
from web.nightsheet.typesetting import typeset_report
from web.sheets.compiling import FONT

_CLOSURES: Final = """
SELECT id, basis, begun_at, ended_at, ST_AsGeoJSON(geom, 5) AS shape FROM closure
WHERE city_code = :code AND begun_at <= :last AND coalesce(ended_at, 'infinity') >= :first
ORDER BY id
"""


MOST_WAIT: Final = 3
"""Requests for a night at once: one is read, the others wait."""
BUSY: Final = (
    "ほかの夜の記録を書き出しているところです。少し待ってもう一度"
    "（other nights are being written: try again）"
)
_TURN: Final = Lock()
_WAITING: Final = BoundedSemaphore(MOST_WAIT)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait for whoever reads a night; raises `Refused` where `MOST_WAIT` do already."""
    if not _WAITING.acquire(blocking=False):
        raise Refused(BUSY)
    try:
        with _TURN:
            yield
    finally:
        _WAITING.release()


def told_of(engine: Engine, day: date | None) -> NightTold:
    """A night in numbers, damaged frames left out; raises `NotThere` where nothing is kept of it,
    `Refused` where all are damaged or too many wait.
    """
    with one_at_a_time(), transaction(engine) as connection:
        return _told(connection, get_night(connection, day))


def report(engine: Engine, day: date | None, now: datetime) -> bytes:
    """The A4 page as a PDF; raises `NotFit` where its font is missing."""
    return typeset_report(report_values(told_of(engine, day), now, FONT))


def table(engine: Engine, day: date | None) -> bytes:
    """The night's CSV."""
    return night_csv(told_of(engine, day))


def geojson(engine: Engine, day: date | None) -> bytes:
    """Its places and closures as GeoJSON."""
    with one_at_a_time(), transaction(engine) as connection:
        night = get_night(connection, day)
        told, shut = _told(connection, night), _closures(connection, night)
    return orjson.dumps(night_geojson(told, shut))


def _told(connection: Connection, night: Night) -> NightTold:
    try:
        return read_told(connection, night)
    except ValueError as error:
        raise Refused(DAMAGED) from error


def _closures(connection: Connection, night: Night) -> Sequence[dict[str, Any]]:
    code = current_load(connection).code
    given = {"code": code, "first": night.first, "last": night.last}
    return [
        {**row, "geometry": orjson.loads(row["shape"])}
        for row in connection.execute(sql(_CLOSURES), given).mappings()
    ]
