"""After a night: its report on paper, its tables, each from the same reading of what is kept."""

from collections.abc import Sequence
from datetime import date, datetime
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


def told_of(engine: Engine, day: date | None) -> NightTold:
    """A night in numbers; raises `NotThere` where nothing is kept of it, `Refused` if damaged."""
    with transaction(engine) as connection:
        return _told(connection, get_night(connection, day))


def report(engine: Engine, day: date | None, now: datetime) -> bytes:
    """The A4 page as a PDF; raises `NotFit` where its font is missing."""
    return typeset_report(report_values(told_of(engine, day), now, FONT))


def table(engine: Engine, day: date | None) -> bytes:
    """The night's CSV."""
    return night_csv(told_of(engine, day))


def geojson(engine: Engine, day: date | None) -> bytes:
    """Its places and closures as GeoJSON."""
    with transaction(engine) as connection:
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
