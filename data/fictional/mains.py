"""The main streets: a warped lattice of thoroughfares and collectors, a ring, banks, valleys."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.random import Generator
from shapely import LineString, Point, Polygon
from shapely.affinity import rotate, scale
from shapely.geometry.base import BaseGeometry

from data.fictional import courses
from data.fictional.drawing import Drawing, Kind, Kinds, drawing
from data.fictional.field import Mesh
from data.fictional.land import BRANCH_WIDTH_M, GROUND, MAIN_WIDTH_M, Land
from data.fictional.names import Namebook
from data.town.curves import Ripple, curve, plain, ripple
from data.town.frame import Array

CENTRE: Final = (8150.0, 6850.0)
TURN_RAD: Final = -0.16
WARP_M: Final = 150.0
LATTICE_M: Final = (-9400.0, 9400.0)
STEP_M: Final = 40.0
BANK_M: Final = 17.0
BESIDE_RAILWAY_M: Final = 24.0
HILLS_FROM_M: Final = 46.0
SHORTEST_M: Final = 800.0
COLLECTOR_KEPT: Final = 0.84
RING_M: Final = (3050.0, 2450.0)
LOWLAND: Final = Mesh(50.0)


@dataclass(frozen=True, slots=True)
class Lattice:
    """A family of parallel lines: where they are across, and which of them are thoroughfares."""

    across_m: Array
    highways: tuple[str, ...]

    @property
    def thoroughfares_m(self) -> Array:
        """Return where the thoroughfares are."""
        wanted = np.array([h in ("primary", "secondary") for h in self.highways])
        found: Array = self.across_m[wanted]
        return found


def lowland(land: Land) -> Polygon:
    """Return the land below the hills, where streets form a net."""
    x_m, y_m = LOWLAND.middles()
    hills = GROUND.sample(land.hills_m, x_m, y_m)
    shapes, _ = LOWLAND.polygons((hills < HILLS_FROM_M).astype(np.uint8), 60.0)
    low = max(shapes, key=lambda part: float(part.area))
    solid = Polygon(shapely.get_coordinates(low.exterior))
    inside = solid.buffer(-60.0).buffer(60.0).intersection(land.outline)
    return Polygon(max(shapely.get_parts(inside), key=shapely.area).exterior)


def lay_mains(land: Land, low: Polygon, kinds: Kinds, book: Namebook, rng: Generator) -> Drawing:
    """Lay all main streets, not yet carried across rivers and railways."""
    names = book.endless("通り", "どおり", "Street", 0)
    warp = ripple(rng, 2600.0, 8), ripple(rng, 2600.0, 8)
    along, across = _family(rng), _family(rng)
    lattice = [
        *_lines(along, across, False, warp, names, rng),
        *_lines(across, along, True, warp, names, rng),
    ]
    inside = drawing((line, kinds.number(kind)) for line, kind in lattice).within(low, SHORTEST_M)
    ring = rotate(scale(Point(CENTRE).buffer(1.0, 64), *RING_M), -9.0).exterior
    rim = shapely.difference(low.exterior, land.outline.exterior.buffer(30.0)).simplify(4.0)
    others = [
        (
            LineString(_warped(shapely.get_coordinates(ring), warp)),
            Kind("primary", next(names), main=True),
        ),
        *((line, Kind("unclassified", main=True)) for line in (rim, *land.valleys)),
        *_bank_roads(land),
        *_railway_roads(land),
        *_hill_roads(book),
    ]
    rest = drawing((line, kinds.number(kind)) for line, kind in others)
    return inside.plus(rest.within(land.outline.buffer(-4.0), 30.0))


def _family(rng: Generator) -> Lattice:
    count = 50
    steps = rng.uniform(330.0, 590.0, count)
    across = np.cumsum(steps) + LATTICE_M[0]
    across = across[across < LATTICE_M[1]]
    ranks = ("primary", "tertiary", "unclassified", "secondary", "tertiary", "unclassified")
    return Lattice(across, tuple(ranks[i % len(ranks)] for i in range(len(across))))


def _lines(
    family: Lattice,
    other: Lattice,
    upright: bool,
    warp: tuple[Ripple, Ripple],
    names: Iterator[str],
    rng: Generator,
) -> Iterator[tuple[LineString, Kind]]:
    stops = np.concatenate([[LATTICE_M[0]], other.thoroughfares_m, [LATTICE_M[1]]])
    for at_m, highway in zip(family.across_m, family.highways, strict=True):
        name = next(names) if highway != "unclassified" else None
        kind = Kind(highway, name, main=True)
        if highway in ("primary", "secondary"):
            yield _placed(at_m, *LATTICE_M, upright, warp), kind
            continue
        kept = rng.random(len(stops) - 1) < COLLECTOR_KEPT
        edges = np.diff(np.concatenate([[0], kept.astype(int), [0]]))
        starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
        for first, last in zip(starts, ends, strict=True):
            yield _placed(at_m, stops[first] - 4.0, stops[last] + 4.0, upright, warp), kind


def _placed(
    at_m: float, from_m: float, to_m: float, upright: bool, warp: tuple[Ripple, Ripple]
) -> LineString:
    along = np.linspace(from_m, to_m, max(2, int((to_m - from_m) / STEP_M)))
    beside = np.full_like(along, at_m)
    uv = np.column_stack([beside, along] if upright else [along, beside])
    turn = np.array([[np.cos(TURN_RAD), np.sin(TURN_RAD)], [-np.sin(TURN_RAD), np.cos(TURN_RAD)]])
    return plain(LineString(_warped(uv @ turn + np.array(CENTRE), warp)), 1.2)


def _warped(xy_m: Array, warp: tuple[Ripple, Ripple]) -> Array:
    shift = [field.at(xy_m[:, 0], xy_m[:, 1]) for field in warp]
    warped: Array = xy_m + WARP_M * np.column_stack(shift)
    return warped


def _bank_roads(land: Land) -> Iterator[tuple[BaseGeometry, Kind]]:
    kind = Kind("unclassified", main=True)
    beyond = land.main_channel.buffer(BANK_M, cap_style="flat")
    for side in (1.0, -1.0):
        yield plain(land.main_river.offset_curve(side * (MAIN_WIDTH_M / 2.0 + BANK_M)), 2.0), kind
        along = land.branch.offset_curve(side * (BRANCH_WIDTH_M / 2.0 + BANK_M))
        yield plain(max(shapely.get_parts(along.difference(beyond)), key=shapely.length), 2.0), kind


def _railway_roads(land: Land) -> Iterator[tuple[BaseGeometry, Kind]]:
    kind = Kind("residential", main=True)
    for railway in land.railways:
        for side in (1.0, -1.0):
            yield plain(railway.offset_curve(side * BESIDE_RAILWAY_M), 2.0), kind


def _hill_roads(book: Namebook) -> Iterator[tuple[BaseGeometry, Kind]]:
    tunnels = book.endless("トンネル", "とんねる", "Tunnel", 100)
    open_road = Kind("tertiary", main=True)
    for west, portal, other_portal, east in courses.TUNNELS:
        yield LineString([west, portal]), open_road
        name = next(tunnels)
        inside = Kind("tertiary", name, tunnel="yes", layer=-1, main=True)
        yield LineString([portal, other_portal]), inside
        yield LineString([other_portal, east]), open_road
    for points in courses.HILL_PATHS:
        yield curve(points), Kind("path", main=True)
