"""要配慮者利用施設 as CSV or GeoJSON points: name, kind, address, place, telephone, persons."""

import hashlib
import math
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from city.facility import Facility
from city.position import Position
from data.errors import BrokenSource
from data.readers.geojson import checked, refuse_other_kinds
from data.readers.places import placed, position_of
from data.readers.sieve import Sieve
from data.readers.tabular import read_table
from data.readers.vector import VectorRow, vector_rows
from data.report import SourceReport

SPELLINGS: Final = {
    "施設名": ("名称", "施設の名称", "施設名称", "name"),
    "種別": ("施設種別", "種類", "施設の種類", "サービス種別", "kind"),
    "住所": ("所在地", "施設所在地", "所在地_連結表記", "address"),
    "緯度": ("lat", "latitude"),
    "経度": ("lon", "lng", "longitude"),
    "電話番号": ("電話", "TEL", "phone"),
    "人数": ("利用者数", "定員", "入所者数", "persons"),
}
"""The columns, and other names under which cities publish them."""
NO_PHONE: Final = "facilities without a telephone number: nobody can call them"
_MEND: Final = "mend the row, or take it out"
_MOST: Final = 100_000
_LONGEST: Final = 200


def read_facilities_csv(path: Path, report: SourceReport) -> list[Facility]:
    """Facilities of a CSV. Raises `BrokenSource`."""
    table = read_table(path, report, required=("施設名", "緯度", "経度"), spellings=SPELLINGS)
    found: dict[str, Facility] = {}
    for row, cells in table:
        with table.sieve.row(row):
            at = position_of(path, row, cells["緯度"], cells["経度"])
            _add(path, row, found, facility_of(path, row, cells, at))
    return _told(found, report)


def read_facilities_geojson(path: Path, report: SourceReport) -> list[Facility]:
    """Facilities of GeoJSON points, with the CSV's names as properties. Raises `BrokenSource`."""
    sieve = Sieve(path, report)
    found: dict[str, Facility] = {}
    for row in vector_rows(path, report=report):
        with sieve.row(row.number, at=row.geometry):
            cells = {key: _text(value) for key, value in row.properties.items()}
            named = {
                name: next((cells[one] for one in (name, *others) if cells.get(one)), "")
                for name, others in SPELLINGS.items()
            }
            _add(path, row.number, found, facility_of(path, row.number, named, _point(path, row)))
    sieve.close()
    return _told(found, report)


def facility_of(path: Path, row: int, cells: Mapping[str, str], at: Position) -> Facility:
    """A facility out of its cells; raises `BrokenSource` for a row without a name."""
    name, address = (_line(cells.get(key, "")) for key in ("施設名", "住所"))
    if not name:
        raise BrokenSource(path, "column '施設名' is empty", row=row, remedy=_MEND)
    return Facility(
        id=_id_of(name, address, at),
        name=name,
        kind=_line(cells.get("種別", "")),
        address=address,
        position=at,
        phone=_line(unicodedata.normalize("NFKC", cells.get("電話番号", ""))),
        persons=_persons(path, row, cells.get("人数", "")),
    )


def _add(path: Path, row: int, found: dict[str, Facility], one: Facility) -> None:
    if found.setdefault(one.id, one) is not one:
        what = f"{one.name} is there twice, at one address"
        raise BrokenSource(path, what, row=row, remedy=_MEND)


def _told(found: Mapping[str, Facility], report: SourceReport) -> list[Facility]:
    silent = sum(not one.phone for one in found.values())
    if silent:
        report.note(NO_PHONE, count=silent)
    report.kept = len(found)
    return list(found.values())


def _id_of(name: str, address: str, at: Position) -> str:
    """The same in the next list as long as name and address (without one: the place) are."""
    where = address or f"{at.lat:.4f},{at.lon:.4f}"
    said = unicodedata.normalize("NFKC", f"{name}|{where}").replace(" ", "")
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _persons(path: Path, row: int, cell: str) -> int | None:
    said = unicodedata.normalize("NFKC", cell).strip().removesuffix("人").removesuffix("名")
    said = said.replace(",", "")
    if not said:
        return None
    if not said.isascii() or not said.isdigit() or int(said) > _MOST:
        what = f"column '人数' is {cell[:20]!r}, no number of persons"
        raise BrokenSource(path, what, row=row, remedy=_MEND)
    return int(said)


def _point(path: Path, row: VectorRow) -> Position:
    if row.geometry is None:
        raise BrokenSource(path, row.fault, row=row.number, remedy=_MEND)
    refuse_other_kinds(path, row.number, row.geometry, ("Point",), remedy=_MEND)
    west, south, _, _ = checked(path, row.number, row.geometry).bounds
    return placed(path, row.number, south, west, columns="coordinates")


def _text(value: Any) -> str:
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:g}"
    return "" if value is None else str(value)


def _line(text: str) -> str:
    """One printable line without spaces around it."""
    return "".join(one if one.isprintable() else " " for one in text).strip()[:_LONGEST]
