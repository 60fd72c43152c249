"""A household's own ways on the map that it shares with its neighbours."""

from typing import Any, Final

import numpy as np
import shapely
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from routing.advice import Advice
from web.labels import text_width
from web.mapsigns import mark_at
from web.paths import line_path
from web.sheets.drawing import trail
from web.sheets.face import LETTER, Face, in_units

HOME: Final = "わが家"


def trail_of(face: Face, first: Advice, second: Advice | None) -> dict[str, Any]:
    """The drawing of both ways and the home, and where the word beside the home stands."""
    metres, frame = first.ground.metres, face.frame
    lines = [LineString(metres.xy(one.line)) for one in (first, second) if one]
    door = mark_at(frame, *lines[0].coords[0])
    paths = [line_path(frame, [line]) for line in lines]
    return {
        "svg": trail(frame, paths[0], "".join(paths[1:]), (door.x, door.y)),
        "home": _beside(face, door.x, door.y, in_units(frame, lines[0])),
    }


def _beside(face: Face, x: int, y: int, way: BaseGeometry) -> tuple[float, float]:
    """The middle of the word: the first spot that covers neither a name nor the way."""
    half, apart = text_width(HOME, LETTER) / 2, LETTER * 1.3
    spots = [(x + half + 14, y), (x - half - 14, y), (x, y + apart + 4), (x, y - apart - 4)]
    boxes = shapely.box(*np.array([_corners(*spot, half) for spot in spots]).T)
    inside = shapely.contains(shapely.box(0, 0, face.frame.width, face.frame.height), boxes)
    free = inside & ~shapely.intersects(boxes[:, None], face.taken).any(axis=1)
    clear = free & ~shapely.intersects(boxes, way)
    chosen = next((mask for mask in (clear, free, inside) if mask.any()), np.ones(1, bool))
    return spots[int(chosen.argmax())]


def _corners(x: float, y: float, half: float) -> tuple[float, float, float, float]:
    return x - half, y - LETTER * 0.65, x + half, y + LETTER * 0.65
