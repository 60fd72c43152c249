"""A night in plain values, as the report and its tables take them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """A moment: the frame that stood, its version, and what it showed; `inside` by the log of head
    counts, `households` those that orders are for. None is what nobody recorded or counted.
    """

    at: datetime
    frame: int
    version: int
    level: int | None
    households: int | None
    unreached: int | None
    open_sites: int | None
    closures: int | None
    inside: int | None


@dataclass(frozen=True, slots=True)
class PlaceTold:
    """A place in that night: `peak` persons since `peak_at`, and who was inside at the end, by so
    many `counts`; `opened_at`, where it was opened.
    """

    id: str
    name: str
    lat: float
    lon: float
    capacity: int | None
    peak: int | None
    peak_at: datetime | None
    last: int | None
    counts: int
    opened_at: datetime | None


@dataclass(frozen=True, slots=True, eq=False)
class NightTold:
    """A night as it is reported: of the city `name`, from `first` to `last`, in so many `frames`,
    whose numbers end with `last_frame`; `versions` from and to, `closed` streets all night; `run`
    is the night once more, if somebody asked for it; `more_events` are too many to be listed.
    """

    name: str
    fictional: bool
    zone: str
    first: datetime
    last: datetime
    frames: int
    last_frame: int
    agrees: bool
    drill: bool
    rows: Sequence[Row]
    places: Sequence[PlaceTold]
    events: Sequence[Mapping[str, Any]]
    versions: tuple[int, int]
    moved: int | None
    run: Mapping[str, Any] | None = None
    more_events: int = 0
