"""Marks of dropped and repaired rows: a shape and colour a source, full or hollow by the word."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import product
from typing import Final

import numpy as np

from web.droppedground import Extent
from web.droppedrows import MOST_PLACED, Reason, Row
from web.frame import Frame

MOST_NUMBERED: Final = 40

_SHAPES: Final = (
    "m-13 0c0-17 26-17 26 0c0 17-26 17-26 0z",
    "m-12-12h24v24h-24z",
    "m0-16l15 26h-30z",
    "m0-17l17 17l-17 17l-17-17z",
    "m0 16l15-26h-30z",
    "m-5-15h10v10h10v10h-10v10h-10v-10h-10v-10h10z",
    "m0-17l5 11l12 2l-9 8l2 12l-10-6l-10 6l2-12l-9-8l12-2z",
    "m-8-14h16l8 14l-8 14h-16l-8-14z",
    "m-15-8l7-7l8 8l8-8l7 7l-8 8l8 8l-7 7l-8-8l-8 8l-7-7l8-8z",
    "m-17-7h34v14h-34z",
)
_COLOURS: Final = (
    *("#b3140a", "#005bbb", "#00663f", "#7a2d8f", "#8a4b00"),
    *("#14171a", "#a3155f", "#00616e", "#4d5500", "#46508c"),
)
_CROWD: Final = 200
"""Marks from which each is drawn smaller."""
_SMALL: Final = tuple(
    re.sub(r"-?\d+", lambda units: f"{round(int(units[0]) * 0.75, 1):g}", shape)
    for shape in _SHAPES
)
_LETTER: Final = 28
_NARROW: Final = 16

STYLE: Final = "".join(f".c{n}{{--c:{colour}}}" for n, colour in enumerate(_COLOURS)) + (
    ".dropped{fill:var(--c);stroke:#fff;stroke-width:2}"
    ".repaired{fill:#fff;stroke:var(--c);stroke-width:5}"
)

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Placed:
    """A row on the map; `number` is 0 where rows are not numbered."""

    number: int
    reason: Reason
    row: Row
    lonlat: tuple[float, float]


def placed_of(reasons: Iterable[Reason], extent: Extent | None) -> list[Placed]:
    """The rows on the map, numbered where they are few."""
    found = [
        (reason, row, row.lonlat)
        for reason in reasons
        for row in reason.rows
        if extent and row.lonlat and extent.holds(row.lonlat)
    ][:MOST_PLACED]
    numbered = len(found) <= MOST_NUMBERED
    return [Placed(n * numbered, *one) for n, one in enumerate(found, start=1)]


def sample_svg(reason: Reason, x: int, y: int) -> str:
    """One mark, for a legend."""
    return _mark(reason, f"M{x} {y}{_SHAPES[reason.source.shape % len(_SHAPES)]}")


def marks_svg(frame: Frame, extent: Extent, placed: list[Placed]) -> str:
    """All marks, and their numbers beside them."""
    at = units_of(frame, extent, placed)
    groups: dict[tuple[str, int], list[int]] = {}
    for row, one in enumerate(placed):
        groups.setdefault((one.reason.word, one.reason.source.shape), []).append(row)
    parts = []
    shapes = _SMALL if len(placed) > _CROWD else _SHAPES
    for (_, shape), rows in sorted(groups.items()):
        form = shapes[shape % len(shapes)]
        path = "".join(f"M{at[row][0]} {at[row][1]}{form}" for row in rows)
        parts.append(_mark(placed[rows[0]].reason, path))
    return "".join([*parts, *_numbers(frame, placed, at)])


def units_of(frame: Frame, extent: Extent, placed: list[Placed]) -> list[tuple[int, int]]:
    """Where the rows lie, in units."""
    lonlat = np.array([one.lonlat for one in placed], dtype=float).reshape(-1, 2)
    return [(x, y) for x, y in frame.units(extent.metres(lonlat)).tolist()]


def runs(numbers: Iterable[int]) -> str:
    """Rising numbers in words: 1–3, 7."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(
        f"{a}" if a == b else f"{a}–{b}" if b > a + 1 else f"{a}, {b}" for a, b in spans
    )


def _mark(reason: Reason, path: str) -> str:
    shape = reason.source.shape % len(_SHAPES)
    return f'<path class="{escape(reason.word)} c{shape}" d="{path}"/>'


def _numbers(frame: Frame, placed: list[Placed], at: list[tuple[int, int]]) -> Iterator[str]:
    """The numbers, each beside its mark; rows on one another share one text."""
    together: dict[tuple[int, int], list[int]] = {}
    for one, (x, y) in zip(placed, at, strict=True):
        if one.number:
            together.setdefault((x // _NARROW, y // _NARROW), []).append(one.number)
    taken: list[Box] = [(x - 16, y - 16, x + 16, y + 16) for x, y in at]
    for numbers in together.values():
        x, y = at[numbers[0] - 1]
        text = runs(numbers)
        text_x, text_y = _spot(frame, taken, x, y, len(text) * _LETTER * 0.6 / 2)
        if max(abs(text_x - x) - len(text) * _LETTER * 0.3, abs(text_y - y)) > 50:
            yield f'<path class="l" d="M{x} {y}L{text_x} {text_y}"/>'
        yield f'<text class="n" x="{text_x}" y="{text_y + 10}">{text}</text>'


def _spot(frame: Frame, taken: list[Box], x: int, y: int, half: float) -> tuple[int, int]:
    """The middle of a text beside a mark, where nothing stands, as near as can be."""
    for away, (right, down) in product((34, 70, 110, 150), _ROUND):
        at_x, at_y = x + right * (half + away - 12), y + down * away
        box = (at_x - half - 3, at_y - 15, at_x + half + 3, at_y + 15)
        inside = (
            box[0] > 4 and box[1] > 4 and box[2] < frame.width - 4 and box[3] < frame.height - 4
        )
        if inside and not any(_meet(box, other) for other in taken):
            taken.append(box)
            return round(at_x), round(at_y)
    return x, y


_ROUND: Final = ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (1, 1), (-1, -1), (-1, 1))


def _meet(one: Box, other: Box) -> bool:
    across = one[0] < other[2] and other[0] < one[2]
    return across and one[1] < other[3] and other[1] < one[3]
