"""What the lists of sites and shelters share: hazards, ids, positions, and rows there twice."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Generic, TypeAlias, TypeVar

import shapely

from city.position import Position
from data.errors import BrokenSource
from data.readers.tabular import Cells, Table
from data.report import SourceReport
from hazards.kinds import HazardKind
from shelters.place import EvacuationSite, Shelter, WelfareShelter

HAZARDS: Final = {
    "洪水": HazardKind.FLOOD,
    "崖崩れ、土石流及び地滑り": HazardKind.LANDSLIDE,
    "高潮": HazardKind.STORM_SURGE,
    "地震": HazardKind.EARTHQUAKE,
    "津波": HazardKind.TSUNAMI,
    "大規模な火事": HazardKind.LARGE_FIRE,
    "内水氾濫": HazardKind.INLAND_FLOOD,
    "火山現象": HazardKind.VOLCANO,
}
PUBLISHED: Final = "take the file as it is published, or ask the municipality to mend it"
ALSO_SITE: Final = "指定緊急避難場所との住所同一"
NO_HAZARD: Final = "designated for no hazard: never a destination"
_OWN_ID: Final = "give every place its own {}, or take out the row that is wrong"
_LONGITUDES, _LATITUDES = (122.0, 154.0), (20.0, 46.0)
"""All of Japan, in degrees."""

Place: TypeAlias = EvacuationSite | Shelter | WelfareShelter
_P = TypeVar("_P", EvacuationSite, Shelter, WelfareShelter)


@dataclass(frozen=True, slots=True)
class _Row(Generic[_P]):
    number: int
    place: _P


class Gathering(Generic[_P]):
    """A list's places in its order, each id once.

    A row that is there twice in every word is dropped. Two rows of one id that differ are
    broken: where they are of other places or for other hazards neither is taken, since either
    could send people to a place that is not safe; else the first is.
    """

    def __init__(self, path: Path, report: SourceReport, id_column: str) -> None:
        self._path, self._report, self._id_column = path, report, id_column
        self._rows: dict[str, _Row[_P]] = {}
        self._doubtful: dict[str, None] = {}

    def add(self, number: int, place: _P) -> None:
        """Take a row's place; raises `BrokenSource` where its id is another place's."""
        first = self._rows.setdefault(place.id, _Row(number, place))
        if first.number == number:
            return
        differs = _difference(first.place, place)
        if differs is None:
            why = f"the same row twice: {self._id_column} {place.id}"
            self._report.drop(why, row=number, at=point_of(place))
            return
        if _decides(first.place) != _decides(place):
            self._doubtful[place.id] = None
        field, one, two = differs
        what = (
            f"column {self._id_column!r} is {place.id!r} as in a row before, where {field} is"
            f" another ({one or 'nothing'}; here {two or 'nothing'})"
        )
        raise BrokenSource(self._path, what, row=number, remedy=_OWN_ID.format(self._id_column))

    def places(self) -> list[_P]:
        """All that were taken; says in the report how many, and which were not."""
        for place_id in self._doubtful:
            row = self._rows[place_id]
            why = "the same id in a later row, which is of another place or for other hazards"
            self._report.drop(why, row=row.number, at=point_of(row.place))
        found = [r.place for key, r in self._rows.items() if key not in self._doubtful]
        self._report.kept = len(found)
        return found


def some_site(
    path: Path, report: SourceReport, sites: Sequence[EvacuationSite]
) -> list[EvacuationSite]:
    """The sites; raises `BrokenSource` where there is none."""
    if not sites:
        what = "no site in it: nobody would have a destination"
        raise BrokenSource(path, what, remedy=PUBLISHED)
    without = sum(not site.designated_for for site in sites)
    if without:
        report.note(NO_HAZARD, count=without)
    return list(sites)


def position_of(path: Path, row: int, lat: str, lon: str) -> Position:
    """A position from the cells 緯度 and 経度; raises `BrokenSource`."""
    if not lat or not lon:
        raise _nowhere(path, row, f"column {'経度' if lat else '緯度'!r} is empty")
    try:
        north, east = float(lat), float(lon)
    except ValueError:
        what = f"columns '緯度' and '経度' are no numbers of degrees ({lat[:20]!r}, {lon[:20]!r})"
        raise _nowhere(path, row, what) from None
    return placed(path, row, north, east, columns="columns '緯度' and '経度'")


def go_through(table: Table, take: Callable[[int, Cells, Position], None]) -> None:
    """Hand every row of a table over with its position; `take` raises for a row to keep out."""
    for row, cells in table:
        lat, lon = cells["緯度"], cells["経度"]
        with table.sieve.row(row, at=_where(lat, lon)):
            take(row, cells, position_of(table.path, row, lat, lon))


def placed(path: Path, row: int, lat: float, lon: float, *, columns: str) -> Position:
    """A position that can be a city's; raises `BrokenSource`, naming the columns.

    Outside Japan is somewhere, too: whoever tries another city's roads brings sites there.
    """
    if _within(lat, _LONGITUDES) and _within(lon, _LATITUDES):
        what = f"{columns} are swapped: latitude {lat}, longitude {lon}"
        raise BrokenSource(path, what, row=row, remedy="exchange the two")
    near_zero = lat == 0 or lon == 0 or max(abs(lat), abs(lon)) < 1
    if near_zero or not (abs(lat) <= 90 and abs(lon) <= 180):
        raise _nowhere(path, row, f"{columns} are of no city: latitude {lat}, longitude {lon}")
    return Position(lat=lat, lon=lon)


def refuse_empty(path: Path, row: int, cells: Mapping[str, str]) -> None:
    """Raise `BrokenSource` where one of these cells by column is empty."""
    if not all(cells.values()):
        what = f"column {' or '.join(map(repr, cells))} is empty"
        raise BrokenSource(path, what, row=row, remedy=PUBLISHED)


def _where(lat: str, lon: str) -> shapely.Point | None:
    """Where a row says that it is, for a report; None where it says nothing."""
    try:
        return shapely.Point(float(lon), float(lat))
    except ValueError:
        return None


def point_of(place: Place) -> shapely.Point:
    """Where a place is, in degrees, for a report."""
    return shapely.Point(place.position.lon, place.position.lat)


def _within(degrees: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= degrees <= bounds[1]


def _nowhere(path: Path, row: int, what: str) -> BrokenSource:
    remedy = "look the place up on the GSI's map and write degrees such as 35.66 and 139.33"
    return BrokenSource(path, what, row=row, remedy=remedy)


def _difference(first: Place, second: Place) -> tuple[str, str, str] | None:
    """(column, one, other) of the first thing in which two rows differ."""
    for (field, one), (_, two) in zip(_fields(first), _fields(second), strict=True):
        if one != two:
            return field, one, two
    return None


def _decides(place: Place) -> list[tuple[str, str]]:
    """What a wrong row could send people wrong by."""
    at = place.position
    fields = [("施設・場所名", place.name), ("geometry", f"{at.lon}, {at.lat}")]
    if isinstance(place, EvacuationSite):
        suits = dict.fromkeys(place.designated_for, "1")
        return fields + [(column, suits.get(kind, "")) for column, kind in HAZARDS.items()]
    if isinstance(place, Shelter):
        fields.append((ALSO_SITE, "1" if place.also_evacuation_site else ""))
    return fields


def _fields(place: Place) -> list[tuple[str, str]]:
    """What a place's row says, by column."""
    words = [("住所", place.address), ("備考", place.note), ("想定収容人数", str(place.capacity))]
    return _decides(place) + words
