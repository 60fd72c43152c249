"""Which nights are kept, and what happened in one: levels, alerts, closures, openings."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, select
from sqlalchemy import text as sql

from alerts.kinds import Status
from data import tables
from data.errors import NotThere
from data.replayforget import bytes_by_day
from data.rows import card_of, current_load
from hazards.kinds import HAZARD_WORDS, LEVEL_WORDS, AlertLevel, HazardKind
from shelters.opening import OPENING_WORDS
from shelters.place import Opening

MOST_EVENTS: Final = 1_000
"""On one slider; of more the first are shown, and that there are more."""
MOST_NAMES: Final = 3
_DAYS: Final = """
SELECT ((at AT TIME ZONE :zone) - interval '12 hours')::date AS day, count(*) AS frames,
  min(at) AS first, max(at) AS last, count(DISTINCT version) AS versions
FROM replay_frame WHERE city_code = :code GROUP BY day ORDER BY day DESC
"""


@dataclass(frozen=True, slots=True)
class Night:
    """A day from noon to noon of which frames are kept, and from when to when."""

    day: date
    first: datetime
    last: datetime
    frames: int
    versions: int
    size_bytes: int


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
    """The night of a day, or the newest; raises `NotThere`."""
    for night in list_nights(connection):
        if day is None or night.day == day:
            return night
    raise NotThere("その夜の記録はありません（nothing is kept of that night）")


def span_of(day: date, zone: str) -> tuple[datetime, datetime]:
    """From its noon to the next, in the city's time."""
    noon = datetime.combine(day, time(12), ZoneInfo(zone))
    return noon, noon + timedelta(days=1)


def events(connection: Connection, first: datetime, last: datetime) -> list[dict[str, Any]]:
    """What happened between two moments, oldest first: `at`, `kind`, `words`, `short`, `level`,
    `drill`.
    """
    load = current_load(connection)
    span = {"code": load.code, "first": first, "last": last}
    found = [
        *_orders(connection, span),
        *_alerts(connection, span),
        *_closures(connection, span),
        *_openings(connection, span),
    ]
    return sorted(found, key=lambda one: (one["at"], one["kind"]))[:MOST_EVENTS]


def _orders(connection: Connection, span: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """An order that ends where another of its hazard begins was raised or narrowed, not lifted."""
    rows = list(_of(connection, tables.evacuation_order, span))
    begun = {(row.hazard, row.begun_at) for row, ended in rows if not ended}
    for row, ended in rows:
        if ended and (row.hazard, row.ended_at) in begun:
            continue
        level, hazard = AlertLevel(row.level), HAZARD_WORDS[HazardKind(row.hazard)]
        where = names_of(row.area_names, whole=row.geom is None)
        what = "解除" if ended else f"レベル{int(level)} {LEVEL_WORDS[level]}"
        one = names_of(row.area_names, whole=row.geom is None, most=1)
        short = f"{one} {'解除' if ended else f'レベル{int(level)}'}"
        words, kind = f"{where} {hazard} {what}", "lifted" if ended else "level"
        yield _event(row, kind, words, ended=ended, level=row.level, short=short)


def _closures(connection: Connection, span: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for row, ended in _of(connection, tables.closure, span):
        words = ("通行止めを解除" if ended else "通行止め") + f" {row.reason}"
        yield _event(row, "reopened" if ended else "closure", words, ended=ended)


def _openings(connection: Connection, span: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for row, ended in _of(connection, tables.site_opening, span):
        if not ended:
            words = f"{row.site_name or row.site_id} {OPENING_WORDS[Opening(row.opening)]}"
            yield _event(row, "opening", words)


def _alerts(connection: Connection, span: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    revision, alert = tables.alert_revision, tables.alert
    query = select(revision, alert.c.status).join(alert, alert.c.id == revision.c.alert_id)
    query = query.where(revision.c.city_code == span["code"])
    query = query.where(revision.c.sent_at.between(span["first"], span["last"]))
    for row in connection.execute(query.order_by(revision.c.sent_at).limit(MOST_EVENTS)):
        drill = row.status != Status.ACTUAL
        where = names_of(row.area_names, whole=row.whole_city)
        words = f"{'訓練 ' if drill else ''}配信 {where}"
        yield {
            "at": row.sent_at,
            "kind": "alert",
            "words": words + (f" レベル{row.level}" if row.level else ""),
            "short": f"{'訓練 ' if drill else ''}配信",
            "level": row.level,
            "drill": drill,
        }


def _of(
    connection: Connection, table: Any, span: Mapping[str, Any]
) -> Iterator[tuple[Row[Any], bool]]:
    """Rows of something that begins and ends, at each of the two that lies in the span."""
    for moment, ended in ((table.c.begun_at, False), (table.c.ended_at, True)):
        query = select(table).where(table.c.city_code == span["code"])
        query = query.where(moment.between(span["first"], span["last"]))
        for row in connection.execute(query.order_by(moment, table.c.id).limit(MOST_EVENTS)):
            yield row, ended


def _event(
    row: Row[Any],
    kind: str,
    words: str,
    *,
    ended: bool = False,
    level: int | None = None,
    short: str = "",
) -> dict[str, Any]:
    at = row.ended_at if ended else row.begun_at
    return {"at": at, "kind": kind, "words": words, "short": short, "level": level, "drill": False}


def names_of(names: Iterable[str], *, whole: bool, most: int = MOST_NAMES) -> str:
    """An area in few words."""
    mine = list(names)
    if whole or not mine:
        return "市内全域" if whole else "描いた区域"
    more = f"ほか{len(mine) - most}" if len(mine) > most else ""
    return "・".join(mine[:most]) + more
