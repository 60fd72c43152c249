"""Which nights are kept, from when to when."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection
from sqlalchemy import text as sql

from data.errors import NotThere
from data.replayforget import bytes_between, bytes_by_day
from data.rows import card_of, current_load

_DAYS: Final = """
SELECT ((at AT TIME ZONE :zone) - interval '12 hours')::date AS day, count(*) AS frames,
  min(at) AS first, max(at) AS last,
  count(DISTINCT nullif(version, 0)) AS versions
FROM replay_frame WHERE city_code = :code GROUP BY day ORDER BY day DESC
"""


@dataclass(frozen=True, slots=True)
class Night:
    """A day from noon to noon of which frames are kept, from when to when, and how many versions
    they show.
    """

    day: date
    first: datetime
    last: datetime
    frames: int
    versions: int
    size_bytes: int


_NIGHT: Final = """
SELECT count(*) AS frames, min(at) AS first, max(at) AS last,
  count(DISTINCT nullif(version, 0)) AS versions,
  count(DISTINCT nullif(version, 0)) FILTER (WHERE version <= :version) AS until
FROM replay_frame WHERE city_code = :code AND at >= :first AND at < :last
"""
_NEWEST: Final = "SELECT max(at) FROM replay_frame WHERE city_code = :code"


def list_nights(connection: Connection) -> list[Night]:
    """All nights that are kept, the newest first; raises `NoCity`."""
    load = current_load(connection)
    zone = card_of(load).timezone
    sizes = bytes_by_day(connection, zone)
    rows = connection.execute(sql(_DAYS), {"zone": zone, "code": load.code})
    return [
        Night(row.day, row.first, row.last, row.frames, row.versions, sizes.get(row.day, 0))
        for row in rows
    ]


def get_night(connection: Connection, day: date | None = None) -> Night:
    """The night of a day, or the newest; raises `NotThere`. Others are not looked at."""
    load = current_load(connection)
    zone = card_of(load).timezone
    if day is None:
        newest = connection.execute(sql(_NEWEST), {"code": load.code}).scalar()
        day = day_of(newest, zone) if newest is not None else date.min
    row = None
    if date.min < day < date.max:  # their nights begin or end outside of all time
        first, last = span_of(day, zone)
        given = {"code": load.code, "first": first, "last": last, "version": 0}
        row = connection.execute(sql(_NIGHT), given).one()
    if row is None or not row.frames:
        raise NotThere("その夜の記録はありません（nothing is kept of that night）")
    size = bytes_between(connection, load.code, first, last)
    return Night(day, row.first, row.last, row.frames, row.versions, size)


def versions_until(connection: Connection, moment: datetime, version: int) -> tuple[int, int]:
    """Of the versions that the frames of a moment's night show, how many there are up to this one,
    and of all.
    """
    load = current_load(connection)
    zone = card_of(load).timezone
    first, last = span_of(day_of(moment, zone), zone)
    given = {"code": load.code, "first": first, "last": last, "version": version}
    row = connection.execute(sql(_NIGHT), given).one()
    return row.until, row.versions


def day_of(moment: datetime, zone: str) -> date:
    """The day from noon to noon that a moment belongs to."""
    return (moment.astimezone(ZoneInfo(zone)) - timedelta(hours=12)).date()


def span_of(day: date, zone: str) -> tuple[datetime, datetime]:
    """From its noon to the next, in the city's time."""
    noon = datetime.combine(day, time(12), ZoneInfo(zone))
    return noon, noon + timedelta(days=1)
