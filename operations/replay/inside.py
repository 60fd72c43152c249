"""Who was inside a place at any moment of a night, made of its log of head counts."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

from shelters.counting import Figure, HeadCount, after, figure

Inside: TypeAlias = Sequence[tuple[datetime, int | None]]
"""Who was inside, from each moment on; None while only a 変わりなし was said."""
Reset: TypeAlias = tuple[datetime, datetime]
"""From the first moment on only what was counted since the second one counts."""


def inside_over(counts: Sequence[HeadCount], resets: Sequence[Reset] = ()) -> Inside:
    """What was known at each moment, by what was counted until then; `counts` in their order."""
    found: list[tuple[datetime, int | None]] = []
    window: list[HeadCount] = []
    now, left = Figure(), list(counts)
    for at, begins in sorted(resets):
        row = bisect_right(left, at, key=lambda one: one.counted_at)
        now = _count(found, window, now, left[:row])
        left = left[row:]
        seen = bool(found)
        window = [one for one in counts if begins <= one.counted_at <= at]
        now = figure(window)
        if seen or window:
            found.append((at, now.persons or 0))
    _count(found, window, now, left, emptied=bool(found))
    return found


def _count(
    found: list[tuple[datetime, int | None]],
    window: list[HeadCount],
    now: Figure,
    counts: Sequence[HeadCount],
    *,
    emptied: bool = False,
) -> Figure:
    known = {one.id: one for one in window}
    undone = {one.undoes for one in window if one.undoes and not one.held}
    for one in counts:
        original = known.get(one.undoes) if one.undoes else None
        tells = one.undoes is None or (original is not None and one.undoes not in undone)
        then = after(now, one, original=original, undone=one.id in undone) if tells else None
        window.append(one)
        known[one.id] = one
        if one.undoes and not one.held:
            undone.add(one.undoes)
        now = then if then is not None else figure(window)
        found.append((one.counted_at, 0 if emptied and now.persons is None else now.persons))
    return now


def inside_at(inside: Inside, moment: datetime) -> int | None:
    """Who was inside at a moment, of what `inside_over` gives; None before anybody counted."""
    row = bisect_right(inside, moment, key=lambda one: one[0])
    return inside[row - 1][1] if row else None


def peak_of(inside: Inside, first: datetime) -> tuple[int | None, datetime | None]:
    """The most that were inside at once since a moment, and since when; those who were there
    already count from it on.
    """
    standing = (first, inside_at(inside, first))
    known = [
        (persons, at)
        for at, persons in (standing, *(one for one in inside if one[0] > first))
        if persons is not None
    ]
    return max(known, key=lambda one: one[0], default=(None, None))
