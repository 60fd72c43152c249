"""A night in plain values, as the report and its tables take them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

MOST_LOST: Final = 5
UNKNOWN: Final = "不明"
FEW: Final = "10未満"
NO_ORDER: Final = "発令なし"


@dataclass(frozen=True, slots=True)
class Row:
    """A moment: the frame that stood, its version, and what it showed; `inside` by the log of head
    counts, `households` those that orders are for, `open_sites` those that somebody opened,
    `unconfirmed` those that a plan opens. None is what nobody recorded or counted.
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
    unconfirmed: int | None = None
    few_unreached: bool = False


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
    is the night once more, if somebody asked for it; `more_events` are too many to be listed;
    `lost` are the numbers of frames that are damaged and left out.
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
    lost: Sequence[int] = ()

    @property
    def city(self) -> str:
        """Its name; a fictional city is always called fictional (`safety.md` 20)."""
        return f"{self.name}（架空）" if self.fictional and "架空" not in self.name else self.name

    def unreached_of(self, row: Row) -> int | str:
        """Households that nothing reached at a moment, or the word for why there is no number."""
        if row.unreached is not None:
            return row.unreached
        return FEW if row.few_unreached else NO_ORDER if self._has_no_order(row) else UNKNOWN

    def _has_no_order(self, row: Row) -> bool:
        return row.level == 0 and not self.drill

    @property
    def lost_words(self) -> str:
        """Which frames are damaged, "" where none is."""
        if not self.lost:
            return ""
        most = "・".join(map(str, self.lost[:MOST_LOST]))
        more = f"ほか{len(self.lost) - MOST_LOST}" if len(self.lost) > MOST_LOST else ""
        return f"壊れて読めない記録が{len(self.lost)}回あり、除いた（記録{most}{more}）"
