"""Finding a 町丁目 or a known place by its name."""

from dataclasses import dataclass
from enum import StrEnum

from city.area import folded
from city.position import Position
from routing.ground import Ground


class HitKind(StrEnum):
    """What was found."""

    AREA = "area"
    LANDMARK = "landmark"


@dataclass(frozen=True, slots=True)
class Hit:
    """A name that was found, and the point that stands for it in degrees."""

    name: str
    kind: HitKind
    lat: float
    lon: float


def search(ground: Ground, text: str, limit: int = 20) -> list[Hit]:
    """Areas, then sites, whose name contains the text; those that begin with it come first.

    Spelling differences that `city.area.folded` knows do not count. No text finds nothing.
    """
    wanted = folded(text)
    if not wanted:
        return []
    named = [(folded(area.name), 0, row) for row, area in enumerate(ground.areas)]
    named += [(folded(site.name), 1, row) for row, site in enumerate(ground.sites)]
    found = sorted(
        (not name.startswith(wanted), kind, name, row)
        for name, kind, row in named
        if wanted in name
    )
    return [_hit(ground, kind, row) for _, kind, _, row in found[:limit]]


def _hit(ground: Ground, kind: int, row: int) -> Hit:
    if kind:
        site = ground.sites[row]
        return Hit(site.name, HitKind.LANDMARK, site.position.lat, site.position.lon)
    area = ground.areas[row]
    at = _inside(ground, row)
    return Hit(area.name, HitKind.AREA, at.lat, at.lon)


def _inside(ground: Ground, row: int) -> Position:
    point = ground.area_polygons[row].representative_point()
    at = ground.metres.position(point.x, point.y)
    return Position(round(at.lat, 6), round(at.lon, 6))
