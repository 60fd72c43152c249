"""Alerts with whom they reached, the channels, and where the unreached are."""

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from typing import Any, Final

from sqlalchemy import Row

from alerts.kinds import ChannelKind, Status
from alerts.life import STATE_WORDS, RevisionState
from data.delivery import carriers
from data.delivery.ledger import LEAST_CELL
from operations.alerts.board import channel_line
from operations.alerts.waiting import title_of
from operations.board.look import Line, Look, Section, iso
from operations.board.reached import (
    Counted,
    counted_in_force,
    counted_of_alerts,
    few,
    is_told,
    unreached_by_area,
)

CHANNEL_WORDS: Final = {
    ChannelKind.LINE: "LINE",
    ChannelKind.SMS: "SMS",
    ChannelKind.MAIL: "メール",
}
WORKS, FAILED, UNTESTED, GONE = "試験に合格", "試験に失敗", "試験が古い", "送る機械がない"


def alerts(look: Look) -> Section:
    """What waits, what is told, what an order stands for, and the newest; no words of them."""
    counted = counted_of_alerts(look, sorted({row.alert_id for row in look.revisions}))
    return {
        str(row.id): _alert(row, counted.get(row.alert_id), row.id in look.standing, look.now)
        for row in look.revisions
    }


def channels(look: Look) -> Section:
    """Each channel of alerts, not of drills: it works where one of its carriers does."""
    lines: dict[str, list[Line]] = {}
    for row in carriers.list_states(look.connection):
        if row.status == Status.ACTUAL:
            lines.setdefault(row.channel, []).append(channel_line(row, look.now))
    return {channel: _channel(channel, mine) for channel, mine in lines.items()}


def unreached(look: Look) -> Section:
    """Households under orders that no alert of theirs reached, by 町丁目.

    Fewer than ten are summed, and left out where that is fewer than ten: it may be one 町丁目.
    """
    found = unreached_by_area(look)
    shown = {area: n for area, n in sorted(found.items()) if area and n >= LEAST_CELL}
    rest = sum(found.values()) - sum(shown.values())
    if rest >= LEAST_CELL:
        shown[""] = rest
    return {area: {"area": area, "households": n} for area, n in shown.items()}


def unreached_cells(look: Look) -> Section:
    """The same as a density: cells of some 400 m with ten households and more, in tens."""
    found: Section = {}
    for one in counted_in_force(look)[0]:
        for cell in one.cells:
            key = f"{cell['lon']},{cell['lat']}"
            if key not in found or found[key]["households"] < cell["households"]:
                found[key] = dict(cell)
    return dict(sorted(found.items()))


def _alert(row: Row[Any], counted: Counted | None, in_force: bool, now: datetime) -> Line:
    state = RevisionState(row.state)
    mine = counted if counted and counted.revision == row.id else None
    blast = row.blast or {}
    moments = (row.made_at, row.submitted_at, row.decided_at, row.sent_at, row.stopped_at)
    return {
        "number": row.id,
        "alert": row.alert_id,
        "revision": row.revision,
        "status": row.status,
        "kind": row.kind,
        "step": row.step,
        "level": row.level,
        "hazard": row.hazard,
        "title": title_of(row),
        "state": state,
        "state_word": STATE_WORDS[state],
        "since": iso(max((at for at in moments if at), default=None)),
        "expires_at": iso(row.expires_at),
        "told": is_told(row, now),
        "in_force": in_force,
        "alone": row.glass_why is not None,
        "area_names": list(row.area_names),
        "whole_city": row.whole_city,
        "households": blast.get("households"),
        "recipients": sum(one["count"] for one in blast.get("recipients", ())) if blast else None,
        "counted_at": iso(mine.as_of) if mine else None,
        "reached_households": mine.confirmed if mine else None,
        **few("unreached_households", mine.unreached if mine else None),
    }


def _channel(channel: str, lines: Sequence[Line]) -> Line:
    ok = any(one["works"] for one in lines)
    passed = reduce(_later, (one["test_passed_at"] for one in lines), None)
    tested = reduce(_later, (one["tested_at"] for one in lines), None)
    gone = all(one["gone"] for one in lines)
    failed = any(one["why"] for one in lines)
    word = WORKS if ok else GONE if gone else FAILED if failed else UNTESTED
    return {
        "channel": channel,
        "name": CHANNEL_WORDS.get(ChannelKind(channel), channel),
        "word": word,
        "ok": ok,
        "tested_at": tested,
        "passed_at": passed,
        "failing_since": None if ok else passed or tested,
    }


def _later(one: str | None, other: str | None) -> str | None:
    return max(filter(None, (one, other)), default=None)
