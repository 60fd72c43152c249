"""The map of a slip but for the household's own way: shared by neighbours with the same places."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiLineString
from shapely.geometry.base import BaseGeometry

from city.position import Metres
from routing.advice import Advice
from web.frame import Frame, around
from web.labels import Labels
from web.mapsigns import Mark, furniture, mark_at, north_of, scale_of
from web.sheets.backdrop import Backdrop
from web.sheets.drawing import background
from web.sheets.streetnames import named_streets

WIDTH: Final = 718
LEAST_M: Final = 260.0
LARGER: Final = 1.5
"""How much larger a map may become so that the second place is on it."""
LETTER: Final = 16
SIGN: Final = 17
EDGE: Final = 24
BARE: Final = frozenset({"street", "river", "stream"})
"""Drawn without a place in the legend."""

Ways = tuple[Advice, Advice | None]


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """`frame` of units of 3/4 pt; `taken` by names and signs, the homes' apart; `drawn` goes to
    typst.
    """

    frame: Frame
    taken: NDArray[np.object_]
    drawn: dict[str, Any]


def frame_of(metres: Metres, homes: Sequence[Ways], height: int) -> Frame:
    """Around the first ways of these homes, or both where that keeps the first large."""
    firsts = [metres.xy(first.line) for first, _ in homes]
    seconds = [metres.xy(second.line) for _, second in homes if second]
    shape = height / WIDTH

    def frame(lines: list[NDArray[np.float64]]) -> Frame:
        points = np.concatenate(lines)
        return around(points, width=WIDTH, least_m=LEAST_M, margin=0.12, shape=(shape, shape))

    first, both = frame(firsts), frame([*firsts, *seconds])
    return both if first.scale <= both.scale * LARGER else first


def face(behind: Backdrop, homes: Sequence[Ways], frame: Frame) -> Face:
    """Draw the surroundings of ways from neighbouring doors to one place, and to one second."""
    metres = behind.ground.metres
    lines = [metres.xy(one.line) for ways in homes for one in ways if one]
    doors = [mark_at(frame, *metres.xy(first.line[:1])[0]) for first, _ in homes]
    ends = [mark_at(frame, *metres.xy(one.line[-1:])[0]) for one in homes[0] if one]
    sites = {n: at for n, at in enumerate(ends, start=1) if frame.holds(at.x, at.y, EDGE)}
    crosses = [mark_at(frame, x, y) for x, y in behind.underpasses(frame)]
    signs = [*doors[:1], *sites.values()]
    scale, north = scale_of(frame, signs), north_of(frame, signs)
    ways = MultiLineString(lines)
    parts = behind.svg_parts(frame)
    marks = [*doors, *sites.values(), *crosses]
    fixed = furniture(frame, scale, north)
    labels = _labels(frame, ways, marks, fixed)
    for number, at in sites.items():
        advice = homes[0][number - 1]
        labels.add(advice.site.name if advice else "", at.x, at.y, strong=True)
    named_streets(labels, homes)
    drawn = {
        "height": frame.height,
        "svg": background(frame, parts),
        "zones": [name for name in parts if name not in BARE],
        "sites": [[at.x, at.y, number] for number, at in sites.items()],
        "crosses": [[at.x, at.y] for at in crosses],
        "labels": [[one.x, one.y, one.text, one.strong] for one in labels.placed],
        "scale": [scale.x, scale.units, scale.metres],
        "north": [north.x, north.y],
        "second": homes[0][1] is not None,
    }
    taken = [*fixed, *labels.taken[len(fixed) + len(doors) :]]
    return Face(frame, np.array(taken, dtype=object), drawn)


def in_units(frame: Frame, shape: BaseGeometry) -> BaseGeometry:
    """A shape in metres as units of the frame."""

    def units(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return frame.units(xy).astype(np.float64)

    return shapely.transform(shape, units)


def _labels(
    frame: Frame, ways: BaseGeometry, marks: Sequence[Mark], furniture: Sequence[BaseGeometry]
) -> Labels:
    """An empty map to put names on: the ways, the signs, the scale and the arrow are kept free."""
    # Neighbours walk the same streets: joined first, for lines that lie on one another are slow.
    walked = shapely.union_all(shapely.get_parts(in_units(frame, ways)))
    shapely.prepare(walked)
    labels = Labels(frame, LETTER, walked, list(furniture), signs=tuple(furniture))
    for mark in marks:
        labels.keep_free(mark.x, mark.y, SIGN)
    return labels
