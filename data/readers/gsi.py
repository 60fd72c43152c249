"""指定緊急避難場所 and 指定避難所 in the property names of the GSI's GeoJSON."""

from pathlib import Path
from typing import Any, Final, TypeAlias

from shapely.geometry.base import BaseGeometry

from city.position import Position
from data.errors import BrokenSource
from data.readers.geojson import features, required
from data.report import SourceReport
from hazards.kinds import HazardKind
from shelters.place import EvacuationSite, Shelter

COLUMNS: Final = {
    "洪水": HazardKind.FLOOD,
    "崖崩れ、土石流及び地滑り": HazardKind.LANDSLIDE,
    "高潮": HazardKind.STORM_SURGE,
    "地震": HazardKind.EARTHQUAKE,
    "津波": HazardKind.TSUNAMI,
    "大規模な火事": HazardKind.LARGE_FIRE,
    "内水氾濫": HazardKind.INLAND_FLOOD,
    "火山現象": HazardKind.VOLCANO,
}
_PUBLISHED: Final = "take the file as the GSI publishes it, or ask the municipality to mend it"
_OWN_ID: Final = "give every place its own 共通ID, or take out the row that is wrong"
_ALSO_SITE: Final = "指定緊急避難場所との住所同一"

Place: TypeAlias = EvacuationSite | Shelter


def read_sites(path: Path, report: SourceReport) -> list[EvacuationSite]:
    """Evacuation sites. A row that is there twice is dropped and reported."""
    found: dict[str, EvacuationSite] = {}
    for row, properties, point in features(path, ("Point",)):
        report.read += 1
        hazards = frozenset(
            hazard for column, hazard in COLUMNS.items() if _flag(path, row, properties, column)
        )
        place_id, name, address, note = _place(path, row, properties)
        site = EvacuationSite(place_id, name, _position(point), address, hazards, note)
        if place_id in found:
            _refuse_another(path, row, found[place_id], site)
            report.dropped[f"the same row twice: 共通ID {place_id}"] += 1
            continue
        if not hazards:
            report.noted["designated for no hazard: never a destination"] += 1
        found[place_id] = site
    if not found:
        raise BrokenSource(
            path, "no site in it: nobody would have a destination", remedy=_PUBLISHED
        )
    report.kept = len(found)
    return list(found.values())


def read_shelters(path: Path, report: SourceReport) -> list[Shelter]:
    """Shelters (指定避難所): shown, never a destination by themselves (`safety.md` 2)."""
    found: dict[str, Shelter] = {}
    for row, properties, point in features(path, ("Point",)):
        report.read += 1
        also = _flag(path, row, properties, _ALSO_SITE)
        place_id, name, address, note = _place(path, row, properties)
        shelter = Shelter(place_id, name, _position(point), address, also, note)
        if place_id in found:
            _refuse_another(path, row, found[place_id], shelter)
            report.dropped[f"the same row twice: 共通ID {place_id}"] += 1
            continue
        found[place_id] = shelter
    report.kept = len(found)
    return list(found.values())


def _refuse_another(path: Path, row: int, first: Place, second: Place) -> None:
    """Raise `BrokenSource` where two rows of one 共通ID are not of one place in every word."""
    for (field, one), (_, two) in zip(_fields(first), _fields(second), strict=True):
        if one != two:
            what = (
                f"column '共通ID' is {first.id!r} as in a row before, where {field} is another"
                f" ({one or 'nothing'}; here {two or 'nothing'})"
            )
            raise BrokenSource(path, what, row=row, remedy=_OWN_ID)


def _fields(place: Place) -> list[tuple[str, str]]:
    """What a place's row says, by column."""
    at = place.position
    fields = [("施設・場所名", place.name), ("geometry", f"{at.lon}, {at.lat}")]
    fields += [("住所", place.address), ("備考", place.note)]
    if isinstance(place, Shelter):
        return [*fields, (_ALSO_SITE, "1" if place.also_evacuation_site else "")]
    return fields + [
        (c, "1" if kind in place.designated_for else "") for c, kind in COLUMNS.items()
    ]


def _flag(path: Path, row: int, properties: dict[str, Any], column: str) -> bool:
    value = required(path, row, properties, column)
    if value in ("1", "", None):
        return bool(value == "1")
    what = f"column {column!r} is {value!r}, not '1' or ''"
    raise BrokenSource(path, what, row=row, remedy=_PUBLISHED)


def _place(path: Path, row: int, properties: dict[str, Any]) -> tuple[str, str, str, str]:
    columns = ("共通ID", "施設・場所名", "住所")
    place_id, name, address = (str(required(path, row, properties, c) or "") for c in columns)
    if not place_id or not name:
        what = "column '共通ID' or '施設・場所名' is empty"
        raise BrokenSource(path, what, row=row, remedy=_PUBLISHED)
    return place_id, name, address, str(properties.get("備考") or "")


def _position(point: BaseGeometry) -> Position:
    west, south, _, _ = point.bounds
    return Position(lat=south, lon=west)
