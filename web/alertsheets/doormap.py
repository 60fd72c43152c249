"""The small map of a door list: each door by its place in the 班, what could come there."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from web.alertsheets.areamap import AreaMap
from web.frame import Frame, around
from web.mapsigns import Mark, Scale, north_of, scale_of
from web.sheets.drawing import background

WIDTH: Final = 344
"""Units."""
_SHAPE: Final = 0.72
_LEAST_M: Final = 120.0
_MARGIN: Final = 0.14
_TOGETHER: Final = 17.0
"""Units within which signs would cover one another: they become one."""
_LETTER: Final = 7.0
_SIGN: Final = 'fill="#14171a" stroke="#fff" stroke-width="1.5"'
_TEXT: Final = 'font-family="sans-serif" font-weight="700" text-anchor="middle"'


@dataclass(frozen=True, slots=True)
class Door:
    """A door by its place in the 班, where it stands in metres."""

    place: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class DoorSign:
    """One sign for doors that stand together, in units."""

    x: int
    y: int
    text: str

    @property
    def width(self) -> float:
        """As wide as its letters, at least a circle."""
        return max(17.0, 8 + _LETTER * len(self.text))


@dataclass(frozen=True, slots=True, eq=False)
class DoorMap:
    """`ground`: what lies in the frame."""

    ground: AreaMap
    doors: Sequence[Door]

    def values(self) -> dict[str, Any]:
        """What typst draws: the letters apart."""
        frame, parts = self.ground.frame, self.ground.parts()
        signs = self.signs()
        scale, north = _furniture(frame, signs)
        return {
            "width": frame.width,
            "height": frame.height,
            "svg": background(frame, parts),
            "zones": [name for name in parts if name in self.ground.zones],
            "signs": [[one.x, one.y, one.width, one.text] for one in signs],
            "scale": [scale.x, scale.units, scale.metres],
            "north": [north.x, north.y],
        }

    def svg(self) -> str:
        """The same as one picture for a page."""
        frame = self.ground.frame
        drawn = background(frame, self.ground.parts()).removesuffix("</svg>")
        signs = self.signs()
        above = "".join(map(_drawn, signs))
        return f"{drawn}{_drawn_furniture(frame, signs)}{above}</svg>"

    def signs(self) -> list[DoorSign]:
        """Doors that are too near to one another for a sign each share one."""
        xy = np.array([(one.x, one.y) for one in self.doors]).reshape(-1, 2)
        groups: list[tuple[NDArray[np.int64], list[int]]] = []
        for one, at in zip(self.doors, self.ground.frame.units(xy), strict=True):
            near = (places for where, places in groups if _apart(where, at) < _TOGETHER)
            found = next(near, None)
            if found is None:
                groups.append((at, [one.place]))
            else:
                found.append(one.place)
        return [DoorSign(int(x), int(y), runs(places)) for (x, y), places in groups]


def frame_of_doors(xy: NDArray[np.float64]) -> Frame:
    """The frame of a map of doors (n, 2) in metres."""
    return around(xy, width=WIDTH, least_m=_LEAST_M, margin=_MARGIN, shape=(_SHAPE, _SHAPE))


def runs(places: Sequence[int]) -> str:
    """1-3, 7: places in few letters."""
    ordered = sorted(set(places))
    breaks = [0, *(n for n, (a, b) in enumerate(pairwise(ordered), 1) if b > a + 1), len(ordered)]
    parts = [ordered[begin:end] for begin, end in pairwise(breaks)]
    return ",".join(f"{one[0]}-{one[-1]}" if len(one) > 1 else str(one[0]) for one in parts)


def _apart(first: NDArray[np.int64], second: NDArray[np.int64]) -> float:
    return float(np.hypot(*(first - second)))


def _drawn(sign: DoorSign) -> str:
    left, top = sign.x - sign.width / 2, sign.y - 8.5
    return (
        f'<rect x="{left:g}" y="{top:g}" width="{sign.width:g}" height="17" rx="8.5" {_SIGN}/>'
        f'<text x="{sign.x}" y="{sign.y + 4}" font-size="11" fill="#fff" {_TEXT}>{sign.text}</text>'
    )


def _furniture(frame: Frame, signs: Sequence[DoorSign]) -> tuple[Scale, Mark]:
    marks = [Mark(one.x, one.y) for one in signs]
    return scale_of(frame, marks), north_of(frame, marks)


def _drawn_furniture(frame: Frame, signs: Sequence[DoorSign]) -> str:
    scale, north = _furniture(frame, signs)
    x, y, end = scale.x, frame.height - 10, scale.x + scale.units
    return (
        f'<path d="M{x - 6} {y - 18}H{end + 6}V{y + 6}H{x - 6}z" fill="#fff" fill-opacity=".9"/>'
        f'<path d="M{x} {y - 5}V{y}H{end}V{y - 5}" fill="none" stroke="#14171a" stroke-width="2"/>'
        f'<text x="{(x + end) / 2:g}" y="{y - 7}" font-size="10" {_TEXT}>{scale.metres} m</text>'
        f'<circle cx="{north.x}" cy="{north.y}" r="16" fill="#fff" fill-opacity=".9"/>'
        f'<path d="M{north.x} {north.y - 14}l5 12l-5 -3l-5 3z" fill="#14171a"/>'
        f'<text x="{north.x}" y="{north.y + 11}" font-size="10" {_TEXT}>北</text>'
    )
