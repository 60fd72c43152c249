"""What happened in a night: levels, alerts, closures, openings.

No word of it was typed by a person: it goes on paper that says that nobody is named on it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, Select, func, select

from alerts.kinds import Status
from data import tables
from data.rows import card_of, current_load
from hazards.kinds import HAZARD_WORDS, LEVEL_WORDS, AlertLevel, HazardKind
from operations.board.streetnames import called_of
from shelters.opening import OPENING_WORDS
from shelters.place import Opening

MOST_EVENTS: Final = 1_000
"""On one slider; of more, levels and alerts before the rest, the first, and how many there are."""
_FIRST: Final = frozenset({"level", "lifted", "alert"})
MOST_NAMES: Final = 3


def events(
    connection: Connection, first: datetime, last: datetime
) -> tuple[list[dict[str, Any]], int]:
    """What happened between two moments, oldest first: `at`, `kind`, `words`, `short`, `level`,
    `drill`; and how many more there are than `MOST_EVENTS`. An order that stood already is one of
    its first moment.
    """
    load = current_load(connection)
    span = {"code": load.code, "first": first, "last": last}
    left: list[int] = []
    found = [
        *_standing(connection, span, left),
        *_orders(connection, span, left),
        *_alerts(connection, span, left),
        *_closures(connection, span, left),
        *_openings(connection, span, left),
    ]
    shown = sorted(found, key=lambda one: (one["kind"] not in _FIRST, one["at"]))[:MOST_EVENTS]
    more = sum(left) + len(found) - len(shown)
    return sorted(shown, key=lambda one: (one["at"], one["kind"])), more


def _orders(
    connection: Connection, span: Mapping[str, Any], left: list[int]
) -> Iterator[dict[str, Any]]:
    """An order that ends where another of its hazard begins was raised or narrowed, not lifted."""
    rows = list(_of(connection, tables.evacuation_order, span, left))
    begun = {(row.hazard, row.begun_at) for row, ended in rows if not ended}
    for row, ended in rows:
        if ended and (row.hazard, row.ended_at) in begun:
            continue
        kind, (words, short) = "lifted" if ended else "level", _said(row, ended=ended)
        yield _event(row, kind, words, ended=ended, level=row.level, short=short)


def _standing(
    connection: Connection, span: Mapping[str, Any], left: list[int]
) -> Iterator[dict[str, Any]]:
    """Orders that began before the span and were in force in it, the highest level last."""
    table, zone = tables.evacuation_order, ZoneInfo(card_of(current_load(connection)).timezone)
    query = select(table).where(table.c.city_code == span["code"], table.c.begun_at < span["first"])
    query = query.where(table.c.ended_at.is_(None) | (table.c.ended_at >= span["first"]))
    for row in _most(connection, query.order_by(table.c.level, table.c.begun_at), left):
        (words, short), since = _said(row, ended=False), row.begun_at.astimezone(zone)
        words += f"（{since.month}/{since.day} {since:%H:%M}から発令中）"
        event = _event(row, "level", words, level=row.level, short=f"{short} 発令中")
        yield event | {"at": span["first"]}


def _said(row: Row[Any], *, ended: bool) -> tuple[str, str]:
    """An order in words, and in a few."""
    level, hazard = AlertLevel(row.level), HAZARD_WORDS[HazardKind(row.hazard)]
    where, one = (names_of(row.area_names, whole=row.geom is None, most=n) for n in (MOST_NAMES, 1))
    what = "解除" if ended else f"レベル{int(level)}"
    more = "" if ended else f" {LEVEL_WORDS[level]}"
    return f"{where} {hazard} {what}{more}", f"{one} {what}"


def _closures(
    connection: Connection, span: Mapping[str, Any], left: list[int]
) -> Iterator[dict[str, Any]]:
    """By number, street and ground: the reason that a person typed may name people."""
    found = list(_of(connection, tables.closure, span, left))
    names = called_of(connection, [row.id for row, _ in found])
    for row, ended in found:
        words = ("通行止めを解除" if ended else "通行止め") + f" {row.id}番 {names[row.id]}"
        yield _event(row, "reopened" if ended else "closure", words, ended=ended)


def _openings(
    connection: Connection, span: Mapping[str, Any], left: list[int]
) -> Iterator[dict[str, Any]]:
    for row, _ in _of(connection, tables.site_opening, span, left, ends=False):
        words = f"{row.site_name or row.site_id} {OPENING_WORDS[Opening(row.opening)]}"
        yield _event(row, "opening", words)


def _alerts(
    connection: Connection, span: Mapping[str, Any], left: list[int]
) -> Iterator[dict[str, Any]]:
    revision, alert = tables.alert_revision, tables.alert
    query = select(revision, alert.c.status).join(alert, alert.c.id == revision.c.alert_id)
    query = query.where(revision.c.city_code == span["code"])
    query = query.where(revision.c.sent_at.between(span["first"], span["last"]))
    for row in _most(connection, query.order_by(revision.c.sent_at), left):
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
    connection: Connection,
    table: Any,
    span: Mapping[str, Any],
    left: list[int],
    *,
    ends: bool = True,
) -> Iterator[tuple[Row[Any], bool]]:
    """Rows of something that begins and ends, at each of the two that lies in the span."""
    moments = ((table.c.begun_at, False), (table.c.ended_at, True))
    for moment, ended in moments if ends else moments[:1]:
        query = select(table).where(table.c.city_code == span["code"])
        query = query.where(moment.between(span["first"], span["last"]))
        for row in _most(connection, query.order_by(moment, table.c.id), left):
            yield row, ended


def _most(connection: Connection, query: Select[Any], left: list[int]) -> Sequence[Row[Any]]:
    """The first rows; how many more there are is added to `left`."""
    counted = query.add_columns(func.count().over().label("all_of_them")).limit(MOST_EVENTS)
    rows = connection.execute(counted).all()
    left.append(rows[0].all_of_them - len(rows) if rows else 0)
    return rows


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
