"""By what a copy is measured: the last good one, and the fullest of those of the last day."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from data import infosources
from data.infosources import Found
from hazards.information import Shape
from hazards.informationcopy import LATELY, STABLE, Known

Had = Mapping[str, Any]
"""How much a copy had: `at` when it was last good, `open` items without an end of their own, and
how many of the others end in which hour (`ends`)."""


def known_of(row: Found, good: Found | None, now: datetime) -> Known | None:
    """What the next copy of a source is measured by."""
    if good is None:
        return None
    items = tuple(one for one in infosources.items_of(good) if not one.is_over(now))
    most = max((_still(one, now) for one in _lately(good, now)), default=0)
    same = items if Shape(row.format) in STABLE else ()
    endless = sum(one.until is None for one in items)
    return Known(max(len(items), most), good.said_at, same, endless)


def lately_of(row: Found, good: Found | None, now: datetime) -> list[Had]:
    """The fullest copies of each hour of the last day, the one that is replaced among them."""
    if good is None:
        return []
    fullest: dict[str, Had] = {}
    for one in (*_lately(good, now), _had(good, row.heard_at or good.came_at)):
        hour = one["at"][:13]
        if hour not in fullest or _still(one, now) >= _still(fullest[hour], now):
            fullest[hour] = one
    return list(fullest.values())


def _lately(good: Found, now: datetime) -> list[Had]:
    found: list[Had] = good.counted.get("lately", [])
    return [one for one in found if now - datetime.fromisoformat(one["at"]) <= LATELY]


def _had(good: Found, at: datetime) -> Had:
    items = infosources.items_of(good)
    ends = Counter(_hour(one.until) for one in items if one.until is not None)
    open_ended = sum(one.until is None for one in items)
    return {"at": at.astimezone(UTC).isoformat(), "open": open_ended, "ends": dict(ends)}


def _still(had: Had, now: datetime) -> int:
    """How many of its items have not ended by now; those that end within this hour have."""
    hour = _hour(now)
    ends: dict[str, int] = had["ends"]
    return int(had["open"]) + sum(n for end, n in ends.items() if end > hour)


def _hour(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()[:13]
