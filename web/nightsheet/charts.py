"""Charts of a night as SVG: steps over time, with what happened as lines."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

WIDTH: Final = 700
HEIGHT: Final = 165
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 10, 20, 20
_STEPS: Final = (1, 2, 5, 10)
LEVEL_COLOURS: Final = {3: "#ff2800", 4: "#aa00aa", 5: "#0c000c"}
_EACH_MIN: Final = (10, 30, 60, 120, 180, 360)
_MOST_TIMES: Final = 9
_NEAR_EDGE: Final = 24
_LETTER: Final = 12
"""Units that a letter takes."""
_LEAST_GAP: Final = 46.0
"""Units between two labels."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened: a line with a few letters."""

    at: datetime
    words: str
    level: int


def chart(
    rows: Sequence[tuple[datetime, int | str]],
    marks: Sequence[Mark],
    zone: str,
    font: str,
) -> str:
    """Steps: each value from its moment on; a word is a gap that says it. `rows` has the last
    moment twice or once.
    """
    first, last = rows[0][0], rows[-1][0]
    seconds = max((last - first).total_seconds(), 1)
    most = nice(max((value for _, value in rows if isinstance(value, int)), default=0))

    def x(at: datetime) -> float:
        return _LEFT + (at - first).total_seconds() / seconds * (WIDTH - _LEFT - _RIGHT)

    def y(value: float) -> float:
        return HEIGHT - _BOTTOM - value / most * (HEIGHT - _TOP - _BOTTOM)

    parts = [_grid(y, most), _hours(x, first, last, ZoneInfo(zone)), _marks(marks, x)]
    for begins, ends, values in _runs(rows):
        if isinstance(values, str):
            parts.append(_gap(x(begins), x(ends), values))
            continue
        path = "".join(
            f"H{x(at):.1f}V{y(value):.1f}" if row else f"M{x(at):.1f} {y(value):.1f}"
            for row, (at, value) in enumerate(values)
        )
        path += f"H{x(ends):.1f}"
        area = f"{path}V{y(0):.1f}H{x(begins):.1f}Z"
        parts.append(f'<path d="{area}" fill="#0b5cad" fill-opacity=".14"/>')
        parts.append(f'<path d="{path}" fill="none" stroke="#0b5cad" stroke-width="2.2"/>')
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
    return f'{head} font-family="{escape(font)}" font-size="11">{"".join(parts)}</svg>'


def _runs(
    rows: Sequence[tuple[datetime, int | str]],
) -> Iterator[tuple[datetime, datetime, list[tuple[datetime, int]] | str]]:
    """From when to when values are known, and which; or the word for why they are not."""
    ends = [*(at for at, _ in rows[1:]), rows[-1][0]]
    together = groupby(zip(rows, ends, strict=True), key=lambda one: _word(one[0][1]))
    for word, group in together:
        mine = list(group)
        known = [(at, value) for (at, value), _ in mine if isinstance(value, int)]
        yield mine[0][0][0], mine[-1][1], word or known


def _word(value: int | str) -> str:
    return value if isinstance(value, str) else ""


def _gap(begins: float, ends: float, word: str) -> str:
    """A gap, and the word for it where that has room."""
    high = HEIGHT - _TOP - _BOTTOM
    place = f'x="{begins:.1f}" y="{_TOP}" width="{max(ends - begins, 1):.1f}" height="{high}"'
    gap = f'<rect {place} fill="#eef1f4" fill-opacity=".7"/>'
    if ends - begins < _LETTER * len(word):
        return gap
    middle = f'x="{(begins + ends) / 2:.1f}" y="{_TOP + high / 2:.1f}" text-anchor="middle"'
    return f'{gap}<text {middle} fill="#55606b">{escape(word)}</text>'


def nice(most: int) -> int:
    """The round number at the top of an axis."""
    power: int = 10 ** max(len(str(max(most, 1))) - 1, 0)
    return next(step * power for step in _STEPS if step * power >= max(most, 1))


def _grid(y: Callable[[float], float], most: int) -> str:
    lines = []
    for value in sorted({0, most // 2, most}):
        at = y(value)
        lines.append(f'<path d="M{_LEFT} {at:.1f}H{WIDTH - _RIGHT}" stroke="#d5dbe1"/>')
        place = f'x="{_LEFT - 6}" y="{at + 4:.1f}" text-anchor="end" fill="#55606b"'
        lines.append(f"<text {place}>{value:,}</text>")
    return "".join(lines)


def _hours(x: Callable[[datetime], float], first: datetime, last: datetime, zone: ZoneInfo) -> str:
    """Round times, at most `_MOST_TIMES` of them."""
    minutes = (last - first).total_seconds() / 60
    step = next((one for one in _EACH_MIN if minutes / one <= _MOST_TIMES), _EACH_MIN[-1])
    local = first.astimezone(zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    parts, number = [], -(-int((local - midnight).total_seconds()) // (60 * step))
    while (at := midnight + timedelta(minutes=number * step)) <= last:
        anchor = "end" if x(at) > WIDTH - _NEAR_EDGE else "middle"
        place = f'x="{x(at):.1f}" y="{HEIGHT - 5}" text-anchor="{anchor}" fill="#55606b"'
        parts.append(f"<text {place}>{at:%H:%M}</text>")
        number += 1
    return "".join(parts)


def _marks(marks: Sequence[Mark], x: Callable[[datetime], float]) -> str:
    parts, free = [], float("-inf")
    for mark in marks:
        at, colour = x(mark.at), LEVEL_COLOURS.get(mark.level, "#55606b")
        parts.append(
            f'<path d="M{at:.1f} {_TOP - 4}V{HEIGHT - _BOTTOM}" stroke="{colour}"'
            ' stroke-width="1.6" stroke-dasharray="3 3"/>'
        )
        if at > free:
            anchor = "end" if at > WIDTH - 60 else "start"
            place = f'x="{at:.1f}" y="{_TOP - 8}" text-anchor="{anchor}" font-weight="bold"'
            parts.append(f"<text {place}>{escape(mark.words)}</text>")
            free = at + _LEAST_GAP
    return "".join(parts)
