"""The thoroughfares, and the bridges and tunnels that carry them (metres).

Where a thoroughfare meets the river, the stream or the railway, `STRUCTURES` says what carries it
across; over the stream every street has a small bridge.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from data.town.courses import (
    COURSES,
    CULVERT_PATH,
    HAMLET_RING,
    HILL_TUNNEL,
    LONE_ROADS,
    NORTH_BANK_EAST,
    UNDERPASS,
)
from data.town.curves import curve, plain
from data.town.land import Land
from data.town.street import Street

BANK_M: Final = 55.0
REACH_M: Final = 14.0
BRIDGE_RUN_M: Final = 14.0
BROOK_RUN_M: Final = 7.0
STREAM_BRIDGE: Final = "小瀬橋"


@dataclass(frozen=True)
class Structure:
    """What carries a thoroughfare across a barrier; a level crossing needs none."""

    barrier: str
    name: str
    run_m: float
    tunnel: str | None = None


STRUCTURES: Final = {
    "西浅瀬通り": (Structure("river", "上浅瀬橋", BRIDGE_RUN_M),),
    "本町通り": (
        Structure("river", "本町大橋", BRIDGE_RUN_M),
        Structure("railway", "本町陸橋", 68.0),
    ),
    "つばめ通り": (Structure("river", "つばめ歩道橋", BRIDGE_RUN_M),),
    "中央通り": (
        Structure("river", "浅瀬中央橋", BRIDGE_RUN_M),
        Structure("railway", UNDERPASS, 36.0, tunnel="yes"),
    ),
    CULVERT_PATH: (Structure("railway", CULVERT_PATH, 20.0, tunnel="culvert"),),
    "東浅瀬通り": (Structure("river", "下浅瀬大橋", BRIDGE_RUN_M),),
}


def lay_thoroughfares(land: Land) -> list[Street]:
    """Lay all thoroughfares, with their bridges and tunnels as pieces of their own."""
    whole = [Street(curve(points), highway, name, main=True) for name, highway, points in COURSES]
    whole += [*_bank_roads(land), *_railway_roads(land)]
    whole.append(Street(curve(HAMLET_RING, closed=True), "residential", main=True))
    inside = [_within(street, land.outline) for street in whole]
    return [piece for street in inside for piece in _carry(street, land)]


def lay_lone_roads() -> list[Street]:
    """Lay the few roads in the hills that no other road reaches, as every real map has them."""
    return [Street(curve(points), "track", main=True) for points in LONE_ROADS]


def lengthened(line: LineString) -> LineString:
    """Lengthen a line a little straight on at both ends, so that it surely meets its ends."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = (line.coords[i] for i in (1, 0, -1, -2))
    first, last = REACH_M / np.hypot(x1 - x0, y1 - y0), REACH_M / np.hypot(x2 - x3, y2 - y3)
    start = x1 + first * (x1 - x0), y1 + first * (y1 - y0)
    end = x2 + last * (x2 - x3), y2 + last * (y2 - y3)
    return LineString([start, *line.coords, end])


def _within(street: Street, outline: Polygon) -> Street:
    free = street.name == HILL_TUNNEL or street.line.is_ring
    line = street.line if free else lengthened(street.line)
    clipped = shapely.intersection(line, outline.buffer(1.0))
    longest = max(shapely.get_parts(clipped), key=lambda part: float(part.length))
    return replace(street, line=longest)


def _bank_roads(land: Land) -> list[Street]:
    north = plain(land.river.offset_curve(BANK_M), 2.0)
    before_loop = shapely.intersection(north, shapely.box(-200.0, 0.0, 3640.0, 4000.0))
    points = [(float(x), float(y)) for x, y in before_loop.coords[::4]]
    lines = [curve([*points, *NORTH_BANK_EAST]), plain(land.river.offset_curve(-BANK_M), 2.0)]
    return [Street(line, "unclassified", main=True) for line in lines]


def _railway_roads(land: Land) -> list[Street]:
    beside = [plain(land.railway.offset_curve(side_m), 1.0) for side_m in (46.0, -46.0)]
    towpath = plain(land.stream.offset_curve(-26.0), 1.0)
    streets = [Street(line, "residential", main=True) for line in beside]
    upper = shapely.intersection(towpath, shapely.box(0.0, 1300.0, 5000.0, 2970.0))
    return [*streets, *_towpath(upper, land)]


def _towpath(line: BaseGeometry, land: Land) -> Iterator[Street]:
    clear = shapely.difference(line, land.railway.buffer(48.0).union(land.channel.buffer(28.0)))
    for part in shapely.get_parts(clear):
        yield Street(part, "footway", "小瀬川緑道", main=True)


def _carry(street: Street, land: Land) -> list[Street]:
    pieces = [street]
    for structure in STRUCTURES.get(street.name or "", ()):
        barrier = land.channel if structure.barrier == "river" else land.railway
        zone = barrier.buffer(structure.run_m)
        pieces = [part for piece in pieces for part in _split(piece, zone, structure)]
    brook = land.brook.buffer(BROOK_RUN_M)
    small = Structure("stream", STREAM_BRIDGE, BROOK_RUN_M)
    pieces = [part for piece in pieces for part in _split(piece, brook, small)]
    return [replace(p, tunnel="yes", layer=-1) if p.name == HILL_TUNNEL else p for p in pieces]


def _split(street: Street, zone: Polygon, structure: Structure) -> list[Street]:
    inside = shapely.intersection(street.line, zone)
    if inside.is_empty or street.is_apart:
        return [street]
    ends = [street.line.project(shapely.Point(xy)) for xy in (inside.coords[0], inside.coords[-1])]
    start_m, end_m = min(ends), max(ends)
    middle = replace(street.piece(start_m, end_m), name=structure.name)
    if structure.tunnel:
        middle = replace(middle, tunnel=structure.tunnel, layer=-1)
    else:
        middle = replace(middle, bridge="yes", layer=1)
    around = [street.piece(0.0, start_m), middle, street.piece(end_m, street.line.length)]
    return [piece for piece in around if piece.line.length > 1.0]
