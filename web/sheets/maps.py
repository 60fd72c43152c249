"""The maps of many slips: neighbours with the same two places share one."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np

from routing.version import PlanVersion
from web.frame import Frame
from web.sheets.backdrop import Backdrop, backdrop
from web.sheets.face import Face, Ways, face, frame_of
from web.sheets.home import Home

ROOM: Final = 550
"""Units that the map and the lines of words below it have together."""
LINE: Final = 18
TALLEST: Final = 450
MOST_LINES: Final = 21
"""With more of them the steps are on a second sheet, below which no map is."""
WHOLE: Final = 400
EDGE: Final = 30
"""Units beyond a frame that lines and patches may reach."""


def maps_of(
    version: PlanVersion, homes: Sequence[Home], lines: Sequence[int]
) -> tuple[list[Face], list[int]]:
    """The maps, and the number of each home's (-1: it has no way); `lines` of words of each."""
    number = [-1] * len(homes)
    shared: list[tuple[list[Ways], Frame]] = []
    for rows in _neighbours(homes, lines):
        ways = [found for row in rows if (found := homes[row].ways)]
        height = _height(max(lines[row] for row in rows))
        for row in rows:
            number[row] = len(shared)
        shared.append((ways, frame_of(version.ground.metres, ways, height)))
    if not shared:
        return [], number
    behind = _behind(version, [frame for _, frame in shared])
    return [face(behind, ways, frame) for ways, frame in shared], number


def _neighbours(homes: Sequence[Home], lines: Sequence[int]) -> list[list[int]]:
    """Rows of homes of one 班 with the same places, those apart that need a second sheet."""
    groups: dict[tuple[str, int, bool, str, str], list[int]] = defaultdict(list)
    for row, home in enumerate(homes):
        if home.ways:
            first, second = home.ways
            places = first.site.id, second.site.id if second else ""
            groups[home.area, home.han, lines[row] > MOST_LINES, *places].append(row)
    return list(groups.values())


def _height(lines: int) -> int:
    return min(TALLEST, ROOM - LINE * lines) if lines <= MOST_LINES else WHOLE


def _behind(version: PlanVersion, frames: Sequence[Frame]) -> Backdrop:
    """Around all frames: what a map leaves out would look safe."""
    boxes = np.array([frame.bounds for frame in frames])
    edge = max(EDGE / frame.scale for frame in frames)
    (west, south), (east, north) = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    return backdrop(version, (west - edge, south - edge, east + edge, north + edge))
