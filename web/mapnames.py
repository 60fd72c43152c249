"""The names on the map of a way: door, places, the streets that it takes."""

from collections.abc import Sequence
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from routing.guidance import Guidance
from routing.way import Stretch
from web.frame import Frame
from web.labels import Label, Labels
from web.language import Translate
from web.mapsigns import Mark

LETTER: Final = 26
SIGN: Final = 22


def labels_around(
    frame: Frame,
    line: NDArray[np.float64],
    marks: Sequence[Mark],
    furniture: Sequence[BaseGeometry],
) -> Labels:
    """An empty map to put names on: the way, the signs, the scale and the arrow are kept free."""
    labels = Labels(frame, LETTER, LineString(frame.units(line)).buffer(8), list(furniture))
    labels.signs = tuple(furniture)
    for mark in marks:
        labels.keep_free(mark.x, mark.y, SIGN)
    return labels


def map_labels(
    guidance: Guidance,
    labels: Labels,
    t: Translate,
    *,
    door: Mark,
    site: Mark,
    second: Mark | None,
) -> tuple[Label, ...]:
    """Place the names that there is room for; the door's and the places' always."""
    labels.add(t("いまいる所"), door.x, door.y, strong=True)
    if guidance.first is not None:
        labels.add(guidance.first.site.name, site.x, site.y, strong=True)
    if second and guidance.second is not None:
        labels.add(guidance.second.site.name, second.x, second.y, strong=True)
    if guidance.first is not None:
        _streets(labels, guidance, guidance.first.way.stretches)
    return tuple(labels.placed)


def _streets(labels: Labels, guidance: Guidance, stretches: Sequence[Stretch]) -> None:
    """Name each street of the way once, at the middle of its longest run."""
    roads = guidance.version.ground.roads
    longest: dict[str, tuple[float, list[Stretch]]] = {}
    for name, run in groupby(stretches, key=lambda one: roads.street_name(one.street)):
        members = list(run)
        metres = sum(one.length_m for one in members)
        if name and metres > longest.get(name, (0.0, []))[0]:
            longest[name] = (metres, members)
    for name, (metres, members) in longest.items():
        x, y = _middle(labels.frame, guidance, members, metres / 2)
        labels.add(name, x, y)


def _middle(
    frame: Frame, guidance: Guidance, run: Sequence[Stretch], metre: float
) -> tuple[int, int]:
    for stretch in run:
        if metre <= stretch.length_m:
            break
        metre -= stretch.length_m
    sign = 1 if stretch.to_m >= stretch.from_m else -1
    point = guidance.version.ground.lines[stretch.street].interpolate(stretch.from_m + sign * metre)
    x, y = frame.units(np.array([[point.x, point.y]]))[0].tolist()
    return x, y
