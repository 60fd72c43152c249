"""Where the slip holds the steps: beside the map, below it in columns, or on a second sheet."""

import math
from enum import StrEnum
from typing import Final

from web.labels import text_width
from web.placeview import PlaceView, StepLine


class Layout(StrEnum):
    """The class of the page that the style sheet for paper lays out; no step is left out."""

    BESIDE = "beside"
    BELOW = "many"
    NEXT_SHEET = "long"


BESIDE_LETTERS: Final = 19
BELOW_LETTERS: Final = 18
"""Japanese letters of a line, less what is lost where no phrase may be broken."""
BESIDE_LINES: Final = 22
BELOW_LINES: Final = 18
"""Lines that leave room on one sheet for everything else."""
COLUMNS: Final = 3
HEAD_LETTERS: Final = 36
HEAD_LINES: Final = 2
"""Letters of a line of the table's last row, and how many lines it has room for by itself."""


def layout(first: PlaceView, second: PlaceView | None, level_5: tuple[str, ...] = ()) -> Layout:
    """The first that has room for every step below what the table says of level 5."""
    places = [first, second] if second else [first]
    head = math.ceil(text_width(" ".join(level_5), 1) / HEAD_LETTERS) - HEAD_LINES
    taken = max(head, 0)
    if sum(_lines(place, BESIDE_LETTERS) for place in places) <= BESIDE_LINES - taken:
        return Layout.BESIDE
    rows = sum(math.ceil(_lines(place, BELOW_LETTERS) / COLUMNS) for place in places)
    return Layout.BELOW if rows <= BELOW_LINES - taken else Layout.NEXT_SHEET


def _lines(place: PlaceView, letters: int) -> int:
    return sum(math.ceil(text_width(_text(step), 1) / letters) for step in place.steps)


def _text(step: StepLine) -> str:
    return f"{step.before}{step.name}{step.after} {step.street} {step.metres}"
