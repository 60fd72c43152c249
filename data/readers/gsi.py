"""指定緊急避難場所 and 指定避難所 in the column names of the GSI, here as GeoJSON."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeAlias

from shapely.geometry.base import BaseGeometry

from city.position import Position
from data.errors import BrokenSource
from data.readers.capacity_text import capacity_of
from data.readers.geojson import (
    checked,
    collection,
    geometry_of,
    refuse_other_kinds,
    required,
)
from data.readers.places import (
    ALSO_SITE,
    HAZARDS,
    PUBLISHED,
    Gathering,
    placed,
    refuse_empty,
    some_site,
)
from data.readers.sieve import Sieve
from data.report import SourceReport
from shelters.place import EvacuationSite, Shelter, WelfareShelter

COLUMNS: Final = HAZARDS
ID: Final = "共通ID"
NAMED: Final = (ID, "施設・場所名", "住所")
RECEIVES: Final = "受入対象者"
FOR_SOME: Final = f"a 福祉避難所, only for those whom {RECEIVES!r} names: not shown to everybody"
FOR_ALL: Final = f"for everybody, not for particular people ({RECEIVES!r} is empty): no 福祉避難所"

Cells: TypeAlias = dict[str, Any]
Take: TypeAlias = Callable[[int, Cells, Position], None]
Each: TypeAlias = Callable[[Path, SourceReport, Take], None]


def read_sites(path: Path, report: SourceReport) -> list[EvacuationSite]:
    """Evacuation sites. A row that is there twice is dropped and reported."""
    return sites_of(path, report, _each)


def read_shelters(path: Path, report: SourceReport) -> list[Shelter]:
    """Shelters (指定避難所): shown, never a destination by themselves (`safety.md` 2)."""
    return shelters_of(path, report, _each)


def read_welfare(path: Path, report: SourceReport) -> list[WelfareShelter]:
    """指定福祉避難所: the GSI's shelters that name whom they take (受入対象者)."""
    return welfare_of(path, report, _each)


def sites_of(path: Path, report: SourceReport, each: Each) -> list[EvacuationSite]:
    """Evacuation sites of the rows that `each` goes through; raises `BrokenSource`."""
    found: Gathering[EvacuationSite] = Gathering(path, report, ID)

    def take(row: int, cells: Cells, at: Position) -> None:
        hazards = frozenset(kind for c, kind in COLUMNS.items() if _flag(path, row, cells, c))
        place_id, name, address, note = _named(path, row, cells)
        capacity = capacity_of(note, report, row=row, alone=False)
        found.add(row, EvacuationSite(place_id, name, at, address, hazards, note, capacity))

    each(path, report, take)
    return some_site(path, report, found.places())


def shelters_of(path: Path, report: SourceReport, each: Each) -> list[Shelter]:
    """Shelters for everybody of the rows that `each` goes through; raises `BrokenSource`."""
    found: Gathering[Shelter] = Gathering(path, report, ID)

    def take(row: int, cells: Cells, at: Position) -> None:
        also = _flag(path, row, cells, ALSO_SITE)
        place_id, name, address, note = _named(path, row, cells)
        if cells.get(RECEIVES):
            report.drop(FOR_SOME, row=f"row {row}: {name}")
            return
        capacity = capacity_of(note, report, row=row, alone=False)
        found.add(row, Shelter(place_id, name, at, address, also, note, capacity))

    each(path, report, take)
    return found.places()


def welfare_of(path: Path, report: SourceReport, each: Each) -> list[WelfareShelter]:
    """Welfare shelters of the rows that `each` goes through; raises `BrokenSource`."""
    found: Gathering[WelfareShelter] = Gathering(path, report, ID)

    def take(row: int, cells: Cells, at: Position) -> None:
        place_id, name, address, note = _named(path, row, cells)
        receives = str(required(path, row, cells, RECEIVES) or "")
        if not receives:
            report.note(FOR_ALL)
            return
        capacity = capacity_of(note, report, row=row, alone=False)
        note = "。".join(filter(None, (f"{RECEIVES}：{receives}", note)))
        found.add(row, WelfareShelter(place_id, name, at, address, note, capacity))

    each(path, report, take)
    return found.places()


def _each(path: Path, report: SourceReport, take: Take) -> None:
    """Go through the features of a GeoJSON file."""
    sieve = Sieve(path, report)
    for row, feature in enumerate(collection(path), start=1):
        with sieve.row(row, at=_perhaps_point(path, row, feature)):
            cells = _properties(path, row, feature)
            take(row, cells, _position(path, row, feature))
    sieve.close()


def _properties(path: Path, row: int, feature: Any) -> Cells:
    cells = feature.get("properties", ()) if isinstance(feature, dict) else ()
    cells = {} if cells is None else cells
    if not isinstance(cells, dict):
        raise BrokenSource(path, "a feature without properties", row=row, remedy=PUBLISHED)
    if any(isinstance(cell, str) and "\0" in cell for cell in cells.values()):
        raise BrokenSource(path, "a property holds the character NUL", row=row, remedy=PUBLISHED)
    return cells


def _position(path: Path, row: int, feature: dict[str, Any]) -> Position:
    point = geometry_of(path, row, feature.get("geometry"))
    refuse_other_kinds(path, row, point, ("Point",), remedy=PUBLISHED)
    west, south, _, _ = checked(path, row, point).bounds
    return placed(path, row, south, west, columns="geometry: latitude and longitude")


def _perhaps_point(path: Path, row: int, feature: Any) -> BaseGeometry | None:
    try:
        return geometry_of(path, row, feature["geometry"])
    except (BrokenSource, TypeError, KeyError):
        return None


def _flag(path: Path, row: int, cells: Cells, column: str) -> bool:
    value = required(path, row, cells, column)
    if value in ("1", "", None):
        return bool(value == "1")
    what = f"column {column!r} is {repr(value)[:40]}, not '1' or ''"
    raise BrokenSource(path, what, row=row, remedy=PUBLISHED)


def _named(path: Path, row: int, cells: Cells) -> tuple[str, str, str, str]:
    place_id, name, address = (str(required(path, row, cells, c) or "") for c in NAMED)
    refuse_empty(path, row, {ID: place_id, NAMED[1]: name})
    return place_id, name, address, str(cells.get("備考") or "")
