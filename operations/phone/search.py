"""Finding where a caller is: a 町丁目, a place, a street, or degrees, as they say it."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

import shapely

from city.area import folded
from city.errors import BadPosition
from city.position import Position
from routing.ground import Ground
from routing.snapping import is_near

MOST: Final = 12
_DEGREES: Final = re.compile(r"([-+]?\d{1,3}(?:\.\d+)?)[,、\s]+([-+]?\d{1,3}(?:\.\d+)?)")
_BLOCK: Final = re.compile(r"(\D+)(\d+)[-‐-―−ーの]\d.*")
"""下浅瀬1-5-3, which is 下浅瀬1丁目5番3号."""


class FoundKind(StrEnum):
    """What was found; a pin in the middle of an area or street is not the caller's door."""

    POINT = "point"
    AREA = "area"
    SITE = "site"
    SHELTER = "shelter"
    STREET = "street"


@dataclass(frozen=True, slots=True)
class Found:
    """A name and its point in degrees; `exact` where the point is what was named."""

    name: str
    kind: FoundKind
    about: str
    lat: float
    lon: float
    exact: bool


@dataclass(frozen=True, slots=True)
class _Named:
    folded: str
    kind: FoundKind
    row: int


_ORDER: Final = (FoundKind.AREA, FoundKind.SITE, FoundKind.SHELTER, FoundKind.STREET)


def find_places(ground: Ground, text: str, limit: int = MOST) -> list[Found]:
    """The likeliest first: the whole name, its beginning, a part of it, all of several words, and
    last a 町丁目 that a whole address begins with. No text finds nothing.
    """
    point = _point(ground, text)
    if point is not None:
        return [point]
    words = [folded(word) for word in _bare(ground, text).split()]
    whole = "".join(words)
    if not whole:
        return []
    ranked = sorted(
        (rank, -len(one.folded) if rank == 4 else 0, _ORDER.index(one.kind), one.folded, one.row)
        for one in _names(ground)
        if (rank := _rank(one.folded, whole, words)) is not None
    )
    return [_found(ground, _ORDER[kind], row) for _, _, kind, _, row in ranked[:limit]]


def _point(ground: Ground, text: str) -> Found | None:
    """Degrees, also where latitude and longitude were swapped."""
    match = _DEGREES.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        return None
    numbers = float(match[1]), float(match[2])
    for lat, lon in (numbers, numbers[::-1]):
        try:
            at = Position(lat, lon)
        except BadPosition:
            continue
        if is_near(ground, *ground.metres.of(at)):
            name = f"{lat:.5f}, {lon:.5f}"
            return Found(name, FoundKind.POINT, "緯度・経度", lat, lon, exact=True)
    return None


def _bare(ground: Ground, text: str) -> str:
    """Without the city's own name before it."""
    text = unicodedata.normalize("NFKC", text).strip()
    city = re.sub("[（(].*", "", unicodedata.normalize("NFKC", ground.card.name))
    return text.removeprefix(city)


def _rank(name: str, whole: str, words: list[str]) -> int | None:
    if name == whole:
        return 0
    if name.startswith(whole):
        return 1
    if whole in name:
        return 2
    if len(words) > 1 and all(word in name for word in words):
        return 3
    block = _BLOCK.fullmatch(whole)
    if whole.startswith(name) or (block and name == f"{block[1]}{block[2]}丁目"):
        return 4
    return None


@lru_cache(maxsize=2)
def _names(ground: Ground) -> tuple[_Named, ...]:
    """Every name of the ground, folded once; a street of many pieces is its longest one."""
    named = [_Named(folded(one.name), FoundKind.AREA, n) for n, one in enumerate(ground.areas)]
    named += [_Named(folded(one.name), FoundKind.SITE, n) for n, one in enumerate(ground.sites)]
    known = {one.folded for one in named}
    shelters = [(folded(one.name), row) for row, one in enumerate(ground.shelters)]
    named += [_Named(name, FoundKind.SHELTER, n) for name, n in shelters if name not in known]
    longest: dict[str, int] = {}
    lengths = ground.roads.length_m
    for row in range(len(ground.lines)):
        name = ground.roads.street_name(row)
        if name and (name not in longest or lengths[row] > lengths[longest[name]]):
            longest[name] = row
    named += [_Named(folded(name), FoundKind.STREET, row) for name, row in longest.items()]
    return tuple(one for one in named if one.folded)


def _found(ground: Ground, kind: FoundKind, row: int) -> Found:
    if kind is FoundKind.SITE or kind is FoundKind.SHELTER:
        place = (ground.sites if kind is FoundKind.SITE else ground.shelters)[row]
        about = "指定緊急避難場所" if kind is FoundKind.SITE else "指定避難所"
        at = place.position
        return Found(place.name, kind, f"{about}（目印）", at.lat, at.lon, exact=True)
    if kind is FoundKind.AREA:
        point = ground.area_polygons[row].representative_point()
        return _middle(ground, ground.areas[row].name, kind, "町（まん中）", point)
    point = shapely.line_interpolate_point(ground.lines[row], 0.5, normalized=True)
    area = ground.area_at(point.x, point.y)
    about = f"通り（まん中、{area.name}）" if area else "通り（まん中）"
    return _middle(ground, ground.roads.street_name(row), kind, about, point)


def _middle(ground: Ground, name: str, kind: FoundKind, about: str, point: shapely.Point) -> Found:
    at = ground.metres.position(point.x, point.y)
    return Found(name, kind, about, round(at.lat, 6), round(at.lon, 6), exact=False)
