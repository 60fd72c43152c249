"""What a file of 現地報告 says, row by row, before anybody has made a report of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from shapely.geometry.base import BaseGeometry

from hazards.observation import Draft, ObservationKind

MOST_BYTES: Final = 4_000_000
"""Of a file, and of what is packed in one."""
MOST_ROWS: Final = 500
"""More is no evening's reports; each is weighed against all others of its street."""
MOST_VERTICES: Final = 2_000
"""Of one line or area."""
MOST_IN_FILE: Final = 60_000
"""Vertices, as of what somebody draws (`drawn.py`)."""


class RowRefused(Exception):
    """A row makes no report: why, and what to do, for the person who brings the file."""

    def __init__(self, why: str, remedy: str) -> None:
        super().__init__(f"{why} — {remedy}")
        self.why, self.remedy = why, remedy


@dataclass(frozen=True, slots=True)
class Said:
    """One row as it stands: texts by the file's own names for them, and the place.

    `kind` and `error_m` are what the format itself says; `is_way`: a way that was gone or planned,
    which is a report only where words say of what.
    """

    number: int
    words: Mapping[str, str]
    place: BaseGeometry | RowRefused
    kind: ObservationKind | None = None
    error_m: float | None = None
    is_way: bool = False


@dataclass(frozen=True, slots=True)
class ObservedRow:
    """A row that makes a report, or `refused` with what to do (`remedy`).

    `label` is its number in the file, with that of the part where it holds several shapes;
    `remarks` tell what was understood otherwise than it was written.
    """

    label: str
    draft: Draft | None
    refused: str = ""
    remedy: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ObservedFile:
    """All rows of a file; `shape` is the word for its format."""

    shape: str
    rows: tuple[ObservedRow, ...]


def place_or_refusal(make: Callable[..., BaseGeometry], *given: Any) -> BaseGeometry | RowRefused:
    """A shape, or why there is none: one bad row stops no other."""
    try:
        return make(*given)
    except RowRefused as refusal:
        return refusal
