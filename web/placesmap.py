"""The map of places: streets and waters as an image to keep, the symbols of today above it.

The image names a box on a coarse grid and no position, so that neighbours share it and it may be
kept by anybody; only the symbols come with the page.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import urlencode

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from hazards.zone import DEPTH_LAYERS, ZoneLayer
from routing.ground import Ground
from routing.version import PlanVersion
from web.frame import Frame
from web.labels import Label, Labels
from web.mapsigns import Mark, Scale, mark_at
from web.paths import area_path, line_path, near, waters
from web.tapmap import whole
from web.templating import ENGINE

IMAGE: Final = "/places.svg"
WIDTH, HEIGHT = 600, 400
SIGN: Final = 20
SMALL: Final = 12
CROWD: Final = 20
"""Places beyond which symbols are small, and numbers stand only where there is room."""
LETTER: Final = 20
BADGE: Final = 13
STEPS_M: Final = (100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)
MOST_STREETS: Final = 1200
MOST_ZONES: Final = 60
MOST_NAMES: Final = 10
FRAMED: Final = 7
"""Places that a map around a door holds in any case."""
SIDES_M: Final = tuple(round(800 * 1.2**step) for step in range(24))
"""Widths of a map: few of them, so that many people share an image."""


Placed = tuple[int, str, float, float]
"""A place's number, its symbol, and where it is in metres."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A place's symbol, in units; its number stands at (`beside_x`, `beside_y`) from it, unless
    there is no room.
    """

    number: int
    sign: str
    x: int
    y: int
    beside_x: int
    beside_y: int
    numbered: bool = True


@dataclass(frozen=True, slots=True)
class PlacesMap:
    """The image below, and the symbols; `door` is where one asked from. `labels` are areas."""

    url: str
    width: int
    height: int
    pins: tuple[Pin, ...]
    door: Mark | None
    reach: int
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """A piece of the city to draw: its middle and width in metres."""

    x: int
    y: int
    side: int

    @property
    def frame(self) -> Frame:
        """The piece as a drawing."""
        half = self.side / 2
        scale = WIDTH / self.side
        return Frame(self.x - half, self.y + half * HEIGHT / WIDTH, scale, WIDTH, HEIGHT)

    @property
    def text(self) -> str:
        """The piece as it travels in a link."""
        return f"{self.x},{self.y},{self.side}"


def places_map(
    version: PlanVersion,
    placed: Sequence[Placed],
    door: tuple[float, float] | None,
    area: str = "",
) -> PlacesMap:
    """The map of places in metres, nearest first: around a door, or of all of them."""
    framed = placed[:FRAMED] if door else placed
    tile = _around(version.ground, [one[2:] for one in framed], door)
    frame = tile.frame
    query = urlencode({"box": tile.text, "v": version.number}, safe=",")
    mark = mark_at(frame, *door) if door else None
    labels = _kept_free(frame, mark)
    pins = _pins(frame, placed, labels)
    if mark is not None and area:
        labels.add(area, mark.x, mark.y, strong=True)
    _name_areas(version.ground, frame, labels, area)
    return PlacesMap(
        url=f"{IMAGE}?{query}",
        width=WIDTH,
        height=HEIGHT,
        pins=pins,
        door=mark,
        reach=SIGN if len(placed) <= CROWD else SMALL,
        labels=tuple(labels.placed),
    )


def places_image(version: PlanVersion, query: Mapping[str, str]) -> str:
    """The image of `box`, or of the whole city where it names none that can be drawn."""
    return _drawn(version, _tile_of(query.get("box", ""), version.ground))


def _around(
    ground: Ground, points: Sequence[tuple[float, float]], door: tuple[float, float] | None
) -> Tile:
    """The smallest shared piece that holds them: a door lies near its middle."""
    held = np.array([*points, *([door] if door else [])])
    if len(held) == 0:
        return _whole(ground)
    low, high = held.min(axis=0), held.max(axis=0)
    reach = (high - low) / 2
    middle = (low + high) / 2
    needed = 2 * max(reach[0], reach[1] * WIDTH / HEIGHT)
    # A fifth is left for the symbols at the edge, and for rounding the middle.
    side = next((side for side in SIDES_M if side * 0.8 >= needed), _whole(ground).side)
    step = side / 40
    return Tile(round(round(middle[0] / step) * step), round(round(middle[1] / step) * step), side)


def _whole(ground: Ground) -> Tile:
    city = whole(ground)
    return Tile(round(city.x), round(city.y), math.ceil(city.side * WIDTH / HEIGHT))


def _tile_of(text: str, ground: Ground) -> Tile:
    """The piece that a link names; the whole city where it names none near by."""
    city = _whole(ground)
    try:
        x, y, side = (round(float(part)) for part in text.split(","))
    except (ValueError, OverflowError):
        return city
    near_by = math.hypot(x - city.x, y - city.y) <= 2 * city.side
    return Tile(x, y, side) if near_by and SIDES_M[0] <= side <= 2 * city.side else city


def _kept_free(frame: Frame, door: Mark | None) -> Labels:
    """An empty map: the scale, the arrow to the north and the door are kept free."""
    labels = Labels(frame, LETTER, shapely.Point())
    scale = _scale(frame)
    labels.taken.append(shapely.box(0, frame.height - 58, scale.units + 60, frame.height))
    labels.taken.append(shapely.box(WIDTH - 70, HEIGHT - 78, WIDTH, HEIGHT))
    if door is not None:
        labels.keep_free(door.x, door.y, SIGN - 4)
    return labels


def _pins(frame: Frame, placed: Sequence[Placed], labels: Labels) -> tuple[Pin, ...]:
    """The symbols inside the frame, the nearest last so that it lies above the others."""
    pins: list[Pin] = []
    few = len(placed) <= CROWD
    reach = SIGN if few else SMALL
    marks = [(number, sign, mark_at(frame, x, y)) for number, sign, x, y in placed]
    inside = [one for one in marks if frame.holds(one[2].x, one[2].y, reach)]
    for _, _, mark in inside:
        labels.keep_free(mark.x, mark.y, reach - 4)
    for number, sign, mark in inside:
        near_by = _corners(frame, mark, reach)
        free = [at for at in near_by if labels.is_free(mark.x + at[0], mark.y + at[1], BADGE)]
        dx, dy = (free or near_by)[0]
        if free or few:
            labels.keep_free(mark.x + dx, mark.y + dy, BADGE)
        pins.append(Pin(number, sign, mark.x, mark.y, dx, dy, bool(free or few)))
    return tuple(reversed(pins))


def _corners(frame: Frame, mark: Mark, reach: int) -> list[tuple[int, int]]:
    """Where a number can stand beside a symbol inside the frame."""
    aside, away = round(reach * 0.7) + 12, reach + 15
    spots = [(aside, -aside), (-aside, -aside), (aside, aside), (-aside, aside)]
    spots += [(0, -away), (0, away), (away, 0), (-away, 0)]
    return [at for at in spots if frame.holds(mark.x + at[0], mark.y + at[1], BADGE)]


@dataclass(frozen=True, slots=True)
class _Layers:
    """What a piece of the ground looks like every night: path data in units."""

    streets: str
    rivers: str
    streams: str
    assumed: str
    slide: str


@lru_cache(maxsize=128)
def _layers(ground: Ground, tile: Tile) -> _Layers:
    frame = tile.frame
    rivers, streams = waters(ground, frame)
    return _Layers(
        streets=line_path(frame, _streets(ground, frame)),
        rivers=area_path(frame, rivers),
        streams=line_path(frame, streams),
        assumed=area_path(frame, _zones(ground, DEPTH_LAYERS, frame)),
        slide=area_path(frame, _zones(ground, (ZoneLayer.LANDSLIDE,), frame)),
    )


def _drawn(version: PlanVersion, tile: Tile) -> str:
    frame = tile.frame
    middles = [c.line.interpolate(0.5, normalized=True) for c in version.picture.closures]
    crosses = [mark_at(frame, point.x, point.y) for point in middles]
    return ENGINE.get_template("placesmap.html").render(
        y=_layers(version.ground, tile),
        width=WIDTH,
        height=HEIGHT,
        observed=area_path(frame, near(version.water.polygons, frame)),
        closures=[mark for mark in crosses if frame.holds(mark.x, mark.y)],
        scale=_scale(frame),
        far=_far_words(_scale(frame).metres),
        wide=2 if tile.side > 9000 else 4 if tile.side > 2500 else 7,
    )


def _zones(ground: Ground, layers: Sequence[ZoneLayer], frame: Frame) -> list[BaseGeometry]:
    """The largest assumed zones of these layers in the frame: small ones are no more than dots."""
    polygons = [
        polygon for layer in layers for polygon in near(ground.zones[layer].polygons, frame)
    ]
    least = (6 / frame.scale) ** 2
    large = [one for one in polygons if one.area >= least]
    return sorted(large, key=lambda one: -one.area)[:MOST_ZONES]


def _streets(ground: Ground, frame: Frame) -> list[BaseGeometry]:
    """The streets of the frame; where they are too many, whole ones by their names, the longest
    first: pieces of many would look like ruins.
    """
    roads = ground.roads
    rows = ground.tree.query(frame.box, predicate="intersects")
    if len(rows) > MOST_STREETS:
        metres = roads.length_m[rows]
        names = np.where(roads.name[rows] < 0, len(roads.names) + rows, roads.name[rows])
        _, which = np.unique(names, return_inverse=True)
        order = np.argsort(-np.bincount(which, metres)[which], kind="stable")
        rows = rows[order[:MOST_STREETS]]
    return list(ground.lines[np.sort(rows)])


def _scale(frame: Frame) -> Scale:
    """The bar of the scale, in the lower left corner."""
    room = frame.width / 3 / frame.scale
    metres = max((step for step in STEPS_M if step <= room), default=STEPS_M[0])
    return Scale(14, round(metres * frame.scale), metres)


def _far_words(metres: int) -> str:
    return f"{metres} m" if metres < 2000 else f"{metres // 1000} km"


def _name_areas(ground: Ground, frame: Frame, labels: Labels, named: str) -> None:
    """The names of areas that there is room for, the larger area first."""
    rows = ground.area_tree.query(frame.box, predicate="intersects").tolist()
    areas = [(_middle(frame, ground.area_polygons[row]), ground.areas[row].name) for row in rows]
    seen = sorted(
        ((size, name, at) for (size, at), name in areas), key=lambda one: (-one[0], one[1])
    )
    for _, name, at in seen:
        if name != named and at is not None and len(labels.placed) < MOST_NAMES:
            labels.add_at(name, *at)


def _middle(frame: Frame, polygon: BaseGeometry) -> tuple[float, tuple[float, float] | None]:
    """How large the part of a polygon in the frame is, and a point in it, in units."""
    part = shapely.clip_by_rect(polygon, *frame.bounds)
    if part.is_empty or not part.area:
        return 0.0, None
    point = part.representative_point()
    x, y = frame.units(np.array([[point.x, point.y]]))[0].tolist()
    return float(part.area), (x, y)
