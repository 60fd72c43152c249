"""The streets that the ways on a map take, each named once."""

from collections.abc import Iterable, Sequence
from itertools import groupby

import numpy as np

from routing.advice import Advice
from routing.ground import Ground
from routing.way import Stretch
from web.frame import Frame
from web.labels import Labels

Run = list[Stretch]


def named_streets(labels: Labels, homes: Sequence[tuple[Advice, Advice | None]]) -> None:
    """Name every street at the middle of the longest run along it, the longest first."""
    ground = homes[0][0].ground
    ways = [advice.way.stretches for ways in homes for advice in ways if advice]
    runs = _longest(ground, ways)
    for name, (metres, run) in sorted(runs.items(), key=lambda one: -one[1][0]):
        x, y = _middle(labels.frame, ground, run, metres / 2)
        if labels.frame.holds(x, y):
            labels.add(name, x, y)


def _longest(ground: Ground, ways: Iterable[Sequence[Stretch]]) -> dict[str, tuple[float, Run]]:
    """The longest run of each name, and its metres."""
    longest: dict[str, tuple[float, Run]] = {}
    for stretches in ways:
        for name, run in groupby(stretches, key=lambda one: ground.roads.street_name(one.street)):
            members = list(run)
            metres = sum(one.length_m for one in members)
            if name and metres > longest.get(name, (0.0, []))[0]:
                longest[name] = metres, members
    return longest


def _middle(frame: Frame, ground: Ground, run: Run, metre: float) -> tuple[int, int]:
    for stretch in run:
        if metre <= stretch.length_m:
            break
        metre -= stretch.length_m
    sign = 1 if stretch.to_m >= stretch.from_m else -1
    point = ground.lines[stretch.street].interpolate(stretch.from_m + sign * metre)
    x, y = frame.units(np.array([[point.x, point.y]]))[0].tolist()
    return x, y
